"""exports whose file is kept in pieces, so that nobody holds all of it; those made before are to be asked for anew."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "intake_0011"
down_revision: str | None = "intake_0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ANEW = "系统升级后，以前做好的导出不再提供。请重新导出。"


def upgrade() -> None:
    op.add_column("exports", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("exports", sa.Column("size", sa.BigInteger(), nullable=True))
    op.drop_table("export_files")
    _ask_anew()
    op.create_table(
        "export_files",
        sa.Column("export_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name="export_files_export_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("export_id", "n"),
    )


def downgrade() -> None:
    op.drop_table("export_files")
    _ask_anew()
    op.create_table(
        "export_files",
        sa.Column("export_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name="export_files_export_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("export_id"),
    )
    for name in ("size", "name"):
        op.drop_column("exports", name)


def _ask_anew() -> None:
    anew = sa.text("UPDATE exports SET state = 'failed', why = :why WHERE state = 'ready'")
    op.execute(anew.bindparams(why=ANEW))
