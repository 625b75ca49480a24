"""The function that runs as the owner finds the owner's tables only, never a temporary one of its caller."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Unless it is named, pg_temp comes first, and a trigger on the caller's table would run as the owner.
    op.execute("ALTER FUNCTION assign_message(uuid, uuid) SET search_path = pg_catalog, public, pg_temp")


def downgrade() -> None:
    op.execute("ALTER FUNCTION assign_message(uuid, uuid) SET search_path = public")
