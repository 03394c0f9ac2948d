"""dates once missed, first responses and the office's time are counted otherwise: facts are computed anew.

The facts of what was dispatched or transferred; nothing was counted otherwise of anything else.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "intake_0007"
down_revision: str | None = "intake_0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ANEW = "UPDATE ledger_rows SET stale = true WHERE lead IS NOT NULL OR handling_center <> center"


def upgrade() -> None:
    op.execute(sa.text(ANEW))


def downgrade() -> None:
    op.execute(sa.text(ANEW))
