"""What is held too long is escalated, and what takes longer than anything may fails."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOVES = "('on_hold', 'escalated'), ('escalated', 'failed')"


def upgrade() -> None:
    # A database made by this version has them from the first migration.
    op.execute(f"INSERT INTO transaction_moves (from_state, to_state) VALUES {MOVES} ON CONFLICT DO NOTHING")
    # Sweeps ask for the due clocks of some kinds over all organizations.
    op.execute(
        "CREATE INDEX sla_clocks_kind ON sla_clocks (kind, due_at) WHERE fired_at IS NULL AND stopped_at IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX sla_clocks_kind")
    op.execute(f"DELETE FROM transaction_moves WHERE (from_state, to_state) IN ({MOVES})")
