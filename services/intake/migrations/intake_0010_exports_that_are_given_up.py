"""exports that are given up, and are of one instant; what was made of one is deleted with it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "intake_0010"
down_revision: str | None = "intake_0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MADE_OF_IT = ("export_parts", "export_files")


def upgrade() -> None:
    # Column by column: SQLite would remake the table, and delete what refers to it.
    op.add_column("exports", sa.Column("read_at", shared.db.Instant(timezone=True), nullable=True))
    op.add_column("exports", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("exports", sa.Column("taken_until", shared.db.Instant(timezone=True), nullable=True))
    for table in MADE_OF_IT:
        op.execute(sa.text(f"DELETE FROM {table} WHERE export_id NOT IN (SELECT id FROM exports)"))  # noqa: S608
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_foreign_key(_named(table), "exports", ["export_id"], ["id"], ondelete="CASCADE")


def downgrade() -> None:
    for table in MADE_OF_IT:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(_named(table), type_="foreignkey")
    for name in ("taken_until", "tries", "read_at"):
        op.drop_column("exports", name)


def _named(table: str) -> str:
    return f"{table}_export_id_fkey"
