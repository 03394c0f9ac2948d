"""Text as people and systems hand it in: cleaned, of some length, and nothing that a store or a partner cannot hold."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from shared.cleaning import clean
from shared.web.messages import SAID


def _cleaned(text: Any) -> Any:
    return clean(text) if isinstance(text, str) else text


def _cleaned_lines(text: Any) -> Any:
    return clean(text, lines=True) if isinstance(text, str) else text


# Cleaned first, measured then: what cannot be seen is no text.
CLEANED = BeforeValidator(_cleaned)
"""One line."""
CLEANED_LINES = BeforeValidator(_cleaned_lines)
"""Newlines and tabs stay."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000), CLEANED_LINES]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), CLEANED]


def written_like(pattern: str, sentence: str) -> BeforeValidator:
    """What is not written like this is refused with this sentence, which says how."""

    def checked(text: Any) -> Any:
        if isinstance(text, str) and not re.fullmatch(pattern, text, re.ASCII):
            raise PydanticCustomError(SAID, "{sentence}", {"sentence": sentence})
        return text

    return BeforeValidator(checked)
