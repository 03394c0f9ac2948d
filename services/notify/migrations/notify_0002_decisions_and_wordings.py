"""what is decided of messages that have reached nobody; the messages' words in an office's own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "notify_0002"
down_revision: str | None = "notify_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Column by column: SQLite would remake the table.
    op.add_column("messages", sa.Column("decision", sa.Text(), nullable=True))
    op.add_column("messages", sa.Column("decided_by", sa.String(80), nullable=True))
    op.add_column("messages", sa.Column("decided_at", shared.db.Instant(timezone=True), nullable=True))
    for name, said in (
        ("messages_unreached", "state = 'recorded' AND next_try_at IS NULL"),
        ("messages_given_up", "state = 'given_up'"),
    ):
        op.create_index(name, "messages", ["message_id"], postgresql_where=sa.text(said), sqlite_where=sa.text(said))
    op.create_index("ix_complaints_number", "complaints", ["number"])
    op.create_table(
        "wordings",
        sa.Column("wording_id", sa.String(36), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("wording_id"),
    )
