"""life cycle, candidates, signatures, citations; the search's own counts and the synonym table."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import shared.db
from services.casebook.domain.synonyms import SHIPPED

revision: str = "casebook_0002"
down_revision: str | None = "casebook_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_INSTANT = shared.db.Instant(timezone=True)


def upgrade() -> None:
    # Column by column: SQLite would remake the table, and let go what refers to it.
    op.add_column("cases", sa.Column("departments", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("cases", sa.Column("struck", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("cases", sa.Column("confirmed_by", sa.String(80), nullable=True))
    op.add_column("cases", sa.Column("replaces", sa.String(36), nullable=True))
    op.add_column("cases", sa.Column("replaced_by", sa.String(36), nullable=True))
    op.add_column("cases", sa.Column("citations", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("indexed", sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name != "sqlite":  # which keeps a fraction, and a long title, in any column
        op.alter_column("cases", "length", type_=sa.Float(), existing_type=sa.Integer(), existing_nullable=False)
        op.alter_column("cases", "title", type_=sa.Text(), existing_type=sa.String(200), existing_nullable=False)
    op.drop_index("ix_cases_state", "cases")
    op.create_index("ix_cases_state_indexed", "cases", ["state", "indexed"])
    op.create_index("ix_cases_complaint_id", "cases", ["complaint_id"])
    op.create_index("ix_cases_replaces", "cases", ["replaces"])
    op.create_index("ix_cases_citations", "cases", ["citations"])

    # Its rows are written anew, with their lengths, by the job that indexes what `indexed` says was never.
    op.drop_table("case_terms")
    op.create_table(
        "case_terms",
        sa.Column("term", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("count", sa.Float(), nullable=False),
        sa.Column("length", sa.Float(), nullable=False),
    )
    op.create_index("ix_case_terms_case_id", "case_terms", ["case_id"])
    op.create_table(
        "term_counts",
        sa.Column("term", sa.String(40), primary_key=True),
        sa.Column("cases", sa.Integer(), nullable=False),
    )
    collection = op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("length", sa.Float(), nullable=False),
    )
    op.bulk_insert(collection, [{"id": 1, "cases": 0, "length": 0}])
    synonyms = op.create_table(
        "synonyms",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", _INSTANT, nullable=True),
    )
    op.bulk_insert(synonyms, [{"words": line.lower(), "by": "", "at": None} for line in SHIPPED.strip().splitlines()])

    op.create_table(
        "candidates",
        sa.Column("complaint_id", sa.String(36), primary_key=True),
        sa.Column("center", sa.String(36), nullable=False, index=True),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("struck", sa.JSON(), nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("remind_at", _INSTANT, nullable=True, index=True),
        sa.Column("case_id", sa.String(36), nullable=True),
        sa.Column("dismissed_by", sa.String(80), nullable=True),
        sa.Column("dismissed_because", sa.Text(), nullable=True),
    )
    op.create_table(
        "case_cosignatures",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("department", sa.String(80), primary_key=True),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )
    op.create_table(
        "case_citations",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("complaint_id", sa.String(36), primary_key=True),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
    )


def downgrade() -> None:
    for table in ("case_citations", "case_cosignatures", "candidates", "synonyms", "collection", "term_counts"):
        op.drop_table(table)
    op.drop_table("case_terms")
    op.create_table(
        "case_terms",
        sa.Column("term", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(36), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_index("ix_case_terms_case_id", "case_terms", ["case_id"])
    for index in ("ix_cases_state_indexed", "ix_cases_complaint_id", "ix_cases_replaces", "ix_cases_citations"):
        op.drop_index(index, "cases")
    op.create_index("ix_cases_state", "cases", ["state"])
    for name in ("departments", "struck", "confirmed_by", "replaces", "replaced_by", "citations", "indexed"):
        op.drop_column("cases", name)
