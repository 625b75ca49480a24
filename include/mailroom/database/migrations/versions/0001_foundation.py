"""Foundation: organizations, mail ledger, transactions, approvals, posting, clocks, outbox, events."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from mailroom.domain.transaction import MOVES

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = [
    "heartbeats",
    "configurations",
    "data_checks",
    "reports",
    "events",
    "chain_heads",
    "outbox",
    "sla_clocks",
    "posting_intents",
    "approvals",
    "corrections",
    "findings",
    "invoices",
    "extractions",
    "documents",
    "step_runs",
    "transaction_moves",
    "transactions",
    "messages",
    "mailboxes",
    "supplier_bank_accounts",
    "suppliers",
    "users",
    "organizations",
]
FUNCTIONS = [
    "assign_message",
    "mailroom_organization",
    "refuse_illegal_move",
    "refuse_odd_start",
    "notify_due",
    "notify_outbox",
    "refuse_change",
]


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # Without parameters psycopg takes several statements at once and leaves `%` alone.
    op.get_bind().connection.cursor().execute(statements)
    moves = ", ".join(f"('{old}', '{new}')" for old, new in sorted(MOVES))
    op.execute(f"INSERT INTO transaction_moves (from_state, to_state) VALUES {moves}")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TABLE {table} CASCADE")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
