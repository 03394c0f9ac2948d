"""What the desks are found by: since when an order stands where it does, and what waits for somebody."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import shared.db

revision: str = "dispatch_0007"
down_revision: str | None = "dispatch_0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OPEN = sa.text("state <> 'closed'")
_RUNNING = sa.text("answered_at IS NULL AND lifted_at IS NULL")
_UNDECIDED = sa.text("decided_at IS NULL")
_TO_CONSENT_TO = sa.text("needs_consent AND consented IS NULL")
_OF_AN_ITEM = sa.text("service_item IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", shared.db.Instant(timezone=True), nullable=True))
        _index(batch_op, "orders_waiting", ["handling_center", "state", "since"], _OPEN)
    with op.batch_alter_table("legs", schema=None) as batch_op:
        _index(batch_op, "legs_running", ["due_at"], _RUNNING)
    with op.batch_alter_table("rungs", schema=None) as batch_op:
        batch_op.create_index("rungs_of_level", ["level", "at"])
    with op.batch_alter_table("hand_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_notices_at"), ["at"], unique=False)
    with op.batch_alter_table("replies", schema=None) as batch_op:
        _index(batch_op, "replies_waiting", ["complaint_id"], _TO_CONSENT_TO)
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        _index(batch_op, "complaints_of_item", ["center", "service_item", "complaint_id"], _OF_AN_ITEM)
    for table in ("declines", "extensions", "withdrawals"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            _index(batch_op, f"{table}_waiting", ["complaint_id"], _UNDECIDED)


def _index(batch_op: BatchOperations, name: str, columns: list[str], where: sa.TextClause) -> None:
    batch_op.create_index(name, columns, postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("complaints_of_item")
    for table in ("withdrawals", "extensions", "declines", "replies"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(f"{table}_waiting")
    with op.batch_alter_table("hand_notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_notices_at"))
    with op.batch_alter_table("rungs", schema=None) as batch_op:
        batch_op.drop_index("rungs_of_level")
    with op.batch_alter_table("legs", schema=None) as batch_op:
        batch_op.drop_index("legs_running")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("orders_waiting")
        batch_op.drop_column("since")
