"""names of any time: what is printed again as of a day calls everything what it was called that day."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

import shared.db
from shared.workdays import CHINA

revision: str = "intake_0008"
down_revision: str | None = "intake_0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ALWAYS = datetime(2000, 1, 1, tzinfo=CHINA)


def upgrade() -> None:
    names = op.create_table(
        "names",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", "revision"),
    )
    if sa.inspect(op.get_bind()).has_table("directory_facts"):  # the kernel's; a new store may not have it yet
        op.bulk_insert(names, _called_today())


def _called_today() -> list[dict[str, object]]:
    """What is known so far has had its present name always."""
    facts = sa.table(
        "directory_facts", sa.column("kind"), sa.column("code"), sa.column("revision"), sa.column("data", sa.JSON())
    )
    known = op.get_bind().execute(sa.select(facts).where(facts.c.kind.in_(("center", "department"))))
    return [
        {"kind": row.kind, "code": row.code, "revision": row.revision, "since": ALWAYS, "name": _called(row.data)}
        for row in known
    ]


def _called(fact: dict[str, str]) -> str:
    return fact.get("short_name") or fact["name"]


def downgrade() -> None:
    op.drop_table("names")
