"""Who decides for whom, and when."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE delegations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    user_id uuid NOT NULL REFERENCES users,
    substitute_id uuid NOT NULL REFERENCES users,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    source text NOT NULL CHECK (source IN ('out_of_office', 'by_hand')),
    message_id uuid,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    CHECK (user_id <> substitute_id),
    CHECK (starts_at < ends_at)
);
CREATE INDEX delegations_running ON delegations (organization_id, ends_at) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX delegations_message ON delegations (organization_id, message_id);
CREATE INDEX approvals_approver ON approvals (approver_id) WHERE state = 'open';
"""


def upgrade() -> None:
    op.execute(TABLE)
    op.execute("ALTER TABLE delegations ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE delegations FORCE ROW LEVEL SECURITY")
    op.execute(
        """CREATE POLICY own_rows ON delegations TO mailroom_app
        USING (organization_id = (SELECT mailroom_organization()))
        WITH CHECK (organization_id = (SELECT mailroom_organization()))"""
    )
    # A delegation's days may change; it is never deleted or given to somebody else: who could decide stays on record.
    op.execute("GRANT SELECT, INSERT, UPDATE (starts_at, ends_at, ended_at) ON delegations TO mailroom_app")


def downgrade() -> None:
    op.execute("DROP INDEX approvals_approver")
    op.execute("DROP TABLE delegations")
