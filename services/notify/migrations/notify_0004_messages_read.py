"""by whom a message at the desk was opened, and when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "notify_0004"
down_revision: str | None = "notify_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_UNREAD = sa.text("means = 'console' AND read_at IS NULL")


def upgrade() -> None:
    # Column by column: SQLite would remake the table.
    op.add_column("messages", sa.Column("read_by", sa.String(80), nullable=True))
    op.add_column("messages", sa.Column("read_at", shared.db.Instant(timezone=True), nullable=True))
    op.execute("UPDATE messages SET read_at = at WHERE means = 'console'")  # by nobody: it was not kept then
    op.create_index(
        "messages_unread", "messages", ["recipient", "message_id"], postgresql_where=_UNREAD, sqlite_where=_UNREAD
    )
