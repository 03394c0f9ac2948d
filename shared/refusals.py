"""How the house says no: an exception with a sentence its user can act on (Chinese) and a code for machines."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldFault:
    """One thing wrong with what was given; `field` is its dotted path."""

    field: str
    message: str


class Refusal(Exception):
    """What was asked is not done, and nothing has changed."""

    status = 409

    def __init__(self, code: str, message: str, errors: Sequence[FieldFault] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = tuple(errors)


class NotPossible(Refusal):
    """Not in this state, or not again."""


class Invalid(Refusal):
    """Something given is wrong; `errors` names every fault."""

    status = 422


class NotFound(Refusal):
    """There is no such thing, or none this actor may know of."""

    status = 404


class Forbidden(Refusal):
    """Not for this actor."""

    status = 403


class Unauthenticated(Refusal):
    """Nobody has logged in here, or no longer."""

    status = 401


class NotAcceptable(Refusal):
    """Nothing of the kind asked for."""

    status = 406


class TooMany(Refusal):
    """Not so often; `seconds` says when again."""

    status = 429

    def __init__(self, code: str, message: str, seconds: int) -> None:
        super().__init__(code, message)
        self.seconds = seconds


class Unavailable(Refusal):
    """A part of the house is away; the same again later may succeed."""

    status = 503
