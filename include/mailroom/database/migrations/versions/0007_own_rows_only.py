"""What belongs to a transaction belongs to its organization: a foreign key looks past row-level security."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHILDREN = (
    "documents",
    "extractions",
    "invoices",
    "findings",
    "corrections",
    "approvals",
    "posting_intents",
    "sla_clocks",
)


def upgrade() -> None:
    op.execute("ALTER TABLE transactions ADD CONSTRAINT transactions_own UNIQUE (organization_id, id)")
    for child in CHILDREN:
        op.execute(f"ALTER TABLE {child} DROP CONSTRAINT {child}_transaction_id_fkey")
        op.execute(
            f"ALTER TABLE {child} ADD CONSTRAINT {child}_transaction_own FOREIGN KEY (organization_id, transaction_id)"
            " REFERENCES transactions (organization_id, id)"
        )


def downgrade() -> None:
    for child in CHILDREN:
        op.execute(f"ALTER TABLE {child} DROP CONSTRAINT {child}_transaction_own")
        op.execute(
            f"ALTER TABLE {child} ADD CONSTRAINT {child}_transaction_id_fkey FOREIGN KEY (transaction_id)"
            " REFERENCES transactions"
        )
    op.execute("ALTER TABLE transactions DROP CONSTRAINT transactions_own")
