"""What the pages of casebook have in common."""

from pathlib import Path as File
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.views import Line
from services.casebook.domain.cases import STATES, STEPS
from services.casebook.domain.shapes import CALLED
from services.casebook.domain.text import PARTS
from shared import replica
from shared.security.roles import Action, Actor
from shared.web.pages import Pages
from shared.web.permit import permit

pages = Pages(File(__file__).parents[1] / "templates")

Writing = Annotated[Actor, permit(Action.WRITE_CASE)]
Approving = Annotated[Actor, permit(Action.APPROVE_CASE)]
Signing = Annotated[Actor, permit(Action.COSIGN_CASE)]
Reading = Annotated[Actor, permit(Action.READ_CASES)]

SEPARATORS = str.maketrans("、，,；;\n\t", " " * 7)


def parted(given: Any) -> Any:
    """The words of a field in which several are typed, parted by whatever people part them by."""
    if not isinstance(given, list):
        return given
    return [word for text in given for word in str(text).translate(SEPARATORS).split()]


Several = Annotated[list[Line], Field(max_length=50), BeforeValidator(parted)]
"""Several words that were typed into one field."""

WORDS: dict[str, Any] = {"states": STATES, "steps": STEPS, "kinds": CALLED, "parts": PARTS}
"""What codes are called."""


async def shown(session: AsyncSession) -> dict[str, Any]:
    """What the templates of these pages read with."""
    departments = await replica.department_names(session)
    centers = await replica.names(session, "center")
    return {
        "words": WORDS,
        "department": lambda code: departments.get(code, code),
        "center": lambda code: centers.get(code, code),
    }
