"""facts summed by day; what changes of a day that was summed is written down by triggers, whoever changes it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db

revision: str = "intake_0012"
down_revision: str | None = "intake_0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ENDED = sa.text("until IS NOT NULL")
_NUMBERED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TOLD = (
    "complaint_id", "counted", "at", "center", "department", "detail", "done_at", "yes", "also", "working", "elapsed",
    "source", "category", "petitioner",
)  # fmt: skip
_SAID = ", ".join(_TOLD)
_SUMMED = "(SELECT until FROM figures_summed)"
_FUNCTION = f"""
CREATE FUNCTION keep_figure_changes() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    summed timestamptz := {_SUMMED};
BEGIN
    IF summed IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO figure_changes ({_SAID}, known_at, n)
        SELECT {_SAID}, known_at, n FROM came, LATERAL (VALUES (since, 1), (until, -1)) AS turn (known_at, n)
        WHERE known_at < summed;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO figure_changes ({_SAID}, known_at, n)
        SELECT {_SAID}, known_at, n FROM went, LATERAL (VALUES (since, -1), (until, 1)) AS turn (known_at, n)
        WHERE known_at < summed;
    ELSIF EXISTS (SELECT FROM went WHERE since < summed) THEN
        INSERT INTO figure_changes ({_SAID}, known_at, n)
        SELECT {_SAID}, known_at, sum(turn.n)
        FROM (SELECT *, 1 AS side FROM came UNION ALL SELECT *, -1 FROM went) AS both_sides,
            LATERAL (VALUES (since, side), (until, -side)) AS turn (known_at, n)
        WHERE known_at < summed GROUP BY {_SAID}, known_at HAVING sum(turn.n) <> 0;
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608
_SIDES = {"INSERT": "NEW TABLE AS came", "UPDATE": "OLD TABLE AS went NEW TABLE AS came", "DELETE": "OLD TABLE AS went"}


def upgrade() -> None:
    op.create_table(
        "figures_summed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", shared.db.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "figure_sums",
        sa.Column("id", _NUMBERED, nullable=False),
        sa.Column("split", sa.String(length=20), nullable=False),
        sa.Column("counts_on", sa.Date(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("center", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=True),
        sa.Column("counted", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=40), nullable=True),
        sa.Column("yes", sa.Boolean(), nullable=True),
        sa.Column("also", sa.Boolean(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("working", sa.BigInteger(), nullable=False),
        sa.Column("elapsed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("figure_sums_by_day", "figure_sums", ["split", "counts_on"])
    op.create_table(
        "figure_changes",
        sa.Column("id", _NUMBERED, nullable=False),
        sa.Column("complaint_id", sa.String(length=36), nullable=False),
        sa.Column("counted", sa.String(length=20), nullable=False),
        sa.Column("known_at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", shared.db.Instant(timezone=True), nullable=False),
        sa.Column("center", sa.String(length=80), nullable=False),
        sa.Column("department", sa.String(length=160), nullable=True),
        sa.Column("detail", sa.String(length=40), nullable=True),
        sa.Column("done_at", shared.db.Instant(timezone=True), nullable=True),
        sa.Column("yes", sa.Boolean(), nullable=True),
        sa.Column("also", sa.Boolean(), nullable=False),
        sa.Column("working", sa.Integer(), nullable=True),
        sa.Column("elapsed", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("petitioner", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.drop_index("figure_facts_by_time", table_name="figure_facts")
    op.create_index("figure_facts_by_kind", "figure_facts", ["counted", "at"])
    op.create_index("figure_facts_by_beginning", "figure_facts", ["since", "at"])
    op.create_index(
        "figure_facts_by_end", "figure_facts", ["until", "at"], postgresql_where=_ENDED, sqlite_where=_ENDED
    )
    _keep_changes()


def _keep_changes() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for what, turns in _turns_in_sqlite().items():
            op.execute(sa.text(_trigger_in_sqlite(what, turns)))
        return
    op.execute(sa.text(_FUNCTION))
    for what, sides in _SIDES.items():
        op.execute(
            sa.text(
                f"CREATE TRIGGER figure_facts_{what.lower()} AFTER {what} ON figure_facts REFERENCING {sides} "
                "FOR EACH STATEMENT EXECUTE FUNCTION keep_figure_changes()"
            )
        )


def _turns_in_sqlite() -> dict[str, list[tuple[str, str, int]]]:
    """By event: of which side of a row, which instant, and whether it then began to hold or ceased."""
    came, went = [("new", "since", 1), ("new", "until", -1)], [("old", "since", -1), ("old", "until", 1)]
    return {"INSERT": came, "UPDATE": [*went, *came], "DELETE": went}


def _trigger_in_sqlite(what: str, turns: list[tuple[str, str, int]]) -> str:
    """Of a row that says the same as before, but for its end, nothing is written of its beginning."""
    kept = []
    for side, instant, n in turns:
        same = " AND ".join(f"old.{column} IS new.{column}" for column in _TOLD)
        unless = f" AND NOT ({same})" if (what, instant) == ("UPDATE", "since") else ""
        told = ", ".join(f"{side}.{column}" for column in _TOLD)
        kept.append(
            f"INSERT INTO figure_changes ({_SAID}, known_at, n) "
            f"SELECT {told}, {side}.{instant}, {n} WHERE {side}.{instant} < {_SUMMED}{unless};"
        )
    return f"CREATE TRIGGER figure_facts_{what.lower()} AFTER {what} ON figure_facts BEGIN {' '.join(kept)} END"


def downgrade() -> None:
    for what in _SIDES:
        on = " ON figure_facts" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(sa.text(f"DROP TRIGGER figure_facts_{what.lower()}{on}"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION keep_figure_changes()"))
    for name in ("figure_facts_by_end", "figure_facts_by_beginning", "figure_facts_by_kind"):
        op.drop_index(name, table_name="figure_facts")
    op.create_index("figure_facts_by_time", "figure_facts", ["at", "center"])
    for name in ("figure_changes", "figure_sums", "figures_summed"):
        op.drop_table(name)
