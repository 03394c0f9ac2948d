"""service places and meetings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "directory_0005"
down_revision: str | None = "directory_0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "service_places",
        sa.Column("center", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("staff", sa.JSON(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("merged_from", sa.Text(), nullable=True),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("center", "kind", "revision"),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("center", sa.String(length=80), nullable=False),
        sa.Column("liaisons", sa.JSON(), nullable=False),
        sa.Column("held_at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("attendees", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_meetings_center", "meetings", ["center"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_meetings_center", table_name="meetings")
    op.drop_table("meetings")
    op.drop_table("service_places")
