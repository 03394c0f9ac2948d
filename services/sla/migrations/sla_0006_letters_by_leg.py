"""letters by leg."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "sla_0006"
down_revision: str | None = "sla_0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What was marked before says no leg: a report is of the one that was reported then, and the last one reported by then
# is the one whose letters were signed.
REPORTED = """
    UPDATE inner_limits SET leg = (
        SELECT min(clocks.leg) FROM clocks
        WHERE clocks.complaint_id = inner_limits.complaint_id AND clocks.reported_at = inner_limits.at
    ) WHERE mark = 'reported'
"""
SIGNED = """
    UPDATE inner_limits SET leg = (
        SELECT max(clocks.leg) FROM clocks
        WHERE clocks.complaint_id = inner_limits.complaint_id AND clocks.reported_at <= inner_limits.at
    ) WHERE mark = 'signed'
"""


def upgrade() -> None:
    with op.batch_alter_table("inner_limits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leg", sa.Integer(), nullable=True))
    for statement in (REPORTED, SIGNED):
        op.execute(sa.text(statement))


def downgrade() -> None:
    with op.batch_alter_table("inner_limits", schema=None) as batch_op:
        batch_op.drop_column("leg")
