"""running clocks, certain or not, are found by calendar."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "sla_0002"
down_revision: str | None = "sla_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PROVISIONAL = sa.text("provisional AND state = 'running'")
_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.drop_index("clocks_provisional", "clocks")
    columns = ["calendar", "calendar_revision"]
    op.create_index("clocks_running", "clocks", columns, postgresql_where=_RUNNING, sqlite_where=_RUNNING)


def downgrade() -> None:
    op.drop_index("clocks_running", "clocks")
    columns = ["calendar", "calendar_revision"]
    op.create_index("clocks_provisional", "clocks", columns, postgresql_where=_PROVISIONAL, sqlite_where=_PROVISIONAL)
