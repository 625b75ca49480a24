"""Remember which UIDs were there when a mailbox was renumbered."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE mailboxes ADD COLUMN reread_below bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE mailboxes DROP COLUMN reread_below")
