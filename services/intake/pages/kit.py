"""What the pages of intake have in common."""

from pathlib import Path
from typing import Any

from services.intake.domain.words import CATEGORIES, PETITIONERS, TRIAGES
from shared.web.pages import Pages

pages = Pages(Path(__file__).parents[1] / "templates")
"""Where its templates are."""

CHOICES: dict[str, Any] = {
    "categories": list(CATEGORIES.items()),
    "kinds": list(PETITIONERS.items()),
    "triages": [(triage.value, called) for triage, called in TRIAGES.items()],
}
"""What a complaint's form offers."""
