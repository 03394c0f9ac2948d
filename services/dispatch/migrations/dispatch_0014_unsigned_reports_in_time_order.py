"""reports that await their signature, the oldest first: so they are listed, and the first thousand are counted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "dispatch_0014"
down_revision: str | None = "dispatch_0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_UNSIGNED = sa.text("rung = 'reported' AND signed_at IS NULL")


def upgrade() -> None:
    _index("at", "complaint_id")


def downgrade() -> None:
    _index("complaint_id")


def _index(*columns: str) -> None:
    op.drop_index("rungs_unsigned", table_name="rungs")
    op.create_index("rungs_unsigned", "rungs", [*columns], postgresql_where=_UNSIGNED, sqlite_where=_UNSIGNED)
