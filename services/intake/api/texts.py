"""Text as staff type it: cleaned like a submission's, so that nothing unprintable gets past the doors."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from shared.cleaning import clean


def _cleaned(least: int, *, lines: bool) -> Callable[[str], str]:
    def cleaned(text: str) -> str:
        text = clean(text, lines=lines)
        if len(text) < least:
            raise PydanticCustomError("string_too_short", "too short")
        return text

    return cleaned


Text = Annotated[str, Field(min_length=2, max_length=5_000), AfterValidator(_cleaned(2, lines=True))]
"""Several lines, which must say something."""

Line = Annotated[str, Field(max_length=500), AfterValidator(_cleaned(0, lines=False))]
"""One line; may be empty."""

Reason = Annotated[str, Field(min_length=2, max_length=500), AfterValidator(_cleaned(2, lines=True))]
"""Why something was done."""

Said = Annotated[str, Field(max_length=500), AfterValidator(_cleaned(1, lines=True))]
"""What a petitioner says in passing: a single character, `好`, says something."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,80}$")]
"""A code of the directory."""
