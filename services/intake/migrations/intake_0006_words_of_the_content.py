"""words of the content are looked up, however rare.

An index of every pair of neighbouring characters. One of trigrams would not do: most Chinese words have two characters,
and a pattern of two holds no trigram.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "intake_0006"
down_revision: str | None = "intake_0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

PAIRS = """
CREATE FUNCTION pairs_of(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters text[] := string_to_array(lower(said), NULL);
    pairs text[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(letters) - 1 LOOP
        pairs[place] := letters[place] || letters[place + 1];
    END LOOP;
    RETURN pairs;
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text(PAIRS))
        op.execute(sa.text("CREATE INDEX complaints_by_words ON complaints USING gin (pairs_of(content))"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP INDEX complaints_by_words"))
        op.execute(sa.text("DROP FUNCTION pairs_of(text)"))
