"""whose a clock is that began before that was kept: not known, which is not the same as nobody's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "sla_0008"
down_revision: str | None = "sla_0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Every dispatch and every supervision has been kept with whose it is, since it is kept at all.
PARTIES = """
    UPDATE clocks SET parties = NULL WHERE NOT EXISTS (
        SELECT 1 FROM clocks AS kept WHERE kept.complaint_id = clocks.complaint_id AND kept.parties <> ''
    )
"""
LEVELS = """
    UPDATE clocks SET levels = NULL
    WHERE levels = '' AND (supervised_at IS NOT NULL OR reported_at IS NOT NULL)
"""


def upgrade() -> None:
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        for column in ("parties", "levels"):
            batch_op.alter_column(column, existing_type=sa.Text(), nullable=True, server_default=None)
    for statement in (PARTIES, LEVELS):
        op.execute(sa.text(statement))


def downgrade() -> None:
    op.execute(sa.text("UPDATE clocks SET parties = coalesce(parties, ''), levels = coalesce(levels, '')"))
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        for column in ("parties", "levels"):
            batch_op.alter_column(column, existing_type=sa.Text(), nullable=False, server_default="")
