"""what was reported, by an index of its own: whose papers await their signature is asked for often."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "dispatch_0012"
down_revision: str | None = "dispatch_0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_REPORTED = sa.text("rung = 'reported'")


def upgrade() -> None:
    op.create_index("rungs_reported", "rungs", ["complaint_id"], postgresql_where=_REPORTED, sqlite_where=_REPORTED)


def downgrade() -> None:
    op.drop_index("rungs_reported", table_name="rungs")
