"""co-handlers in the ledger's rows: a department is found where it helps, too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "intake_0005"
down_revision: str | None = "intake_0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LED, HELPED = sa.text("lead IS NOT NULL"), sa.text("co_handlers IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("ledger_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("co_handlers", sa.Text(), nullable=True))
        batch_op.create_index("ledger_rows_of_lead", ["lead", "registered_at"], postgresql_where=LED, sqlite_where=LED)
        batch_op.create_index(
            "ledger_rows_with_co_handlers", ["complaint_id"], postgresql_where=HELPED, sqlite_where=HELPED
        )
    op.execute(sa.text("UPDATE ledger_rows SET stale = true WHERE lead IS NOT NULL"))


def downgrade() -> None:
    with op.batch_alter_table("ledger_rows", schema=None) as batch_op:
        batch_op.drop_index("ledger_rows_with_co_handlers", postgresql_where=HELPED, sqlite_where=HELPED)
        batch_op.drop_index("ledger_rows_of_lead", postgresql_where=LED, sqlite_where=LED)
        batch_op.drop_column("co_handlers")
