"""What the REST API needs: keys, and the answers that a repeated request gets again."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    name text NOT NULL CHECK (name <> ''),
    prefix text NOT NULL,
    key_hash text NOT NULL UNIQUE,
    role text NOT NULL CHECK (role IN ('admin', 'clerk', 'approver', 'officer', 'viewer')),
    user_id uuid REFERENCES users,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by text,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX api_keys_name ON api_keys (organization_id, name) WHERE revoked_at IS NULL;

CREATE TABLE kept_answers (
    organization_id uuid NOT NULL REFERENCES organizations,
    caller uuid NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status integer,
    body jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, caller, key)
);
CREATE INDEX kept_answers_age ON kept_answers (organization_id, created_at);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("api_keys", "kept_answers"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"""CREATE POLICY own_rows ON {table} TO mailroom_app
            USING (organization_id = (SELECT mailroom_organization()))
            WITH CHECK (organization_id = (SELECT mailroom_organization()))"""
        )
    # A key is revoked, never deleted or changed into another: who did what with it stays on record.
    op.execute("GRANT SELECT, INSERT, UPDATE (last_used_at, revoked_at, revoked_by) ON api_keys TO mailroom_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON kept_answers TO mailroom_app")
    op.execute("CREATE POLICY dispatch ON api_keys FOR SELECT TO mailroom_dispatch USING (true)")
    op.execute("GRANT SELECT (id, organization_id, key_hash) ON api_keys TO mailroom_dispatch")
    # Pages of a list begin where the last one ended.
    op.execute("DROP INDEX transactions_created")
    op.execute("CREATE INDEX transactions_created ON transactions (organization_id, created_at, id)")
    op.execute("DROP INDEX messages_seen")
    op.execute("CREATE INDEX messages_seen ON messages (organization_id, seen_at, uid, id)")
    op.execute("CREATE INDEX approvals_asked ON approvals (organization_id, asked_at, id)")


def downgrade() -> None:
    op.execute("DROP INDEX approvals_asked")
    op.execute("DROP INDEX messages_seen")
    op.execute("CREATE INDEX messages_seen ON messages (organization_id, seen_at)")
    op.execute("DROP INDEX transactions_created")
    op.execute("CREATE INDEX transactions_created ON transactions (organization_id, created_at)")
    op.execute("DROP TABLE kept_answers")
    op.execute("DROP TABLE api_keys")
