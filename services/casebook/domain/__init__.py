"""The rules of casebook: a case's way to the public, what it must not tell, and which cases are alike (Art. 11)."""

from services.casebook.domain.cases import ALLOWED, State, Step, Text, after, drafted_from
from services.casebook.domain.personal import stripped
from services.casebook.domain.ranking import Posting, rank, worth
from services.casebook.domain.words import terms

__all__ = [
    "ALLOWED",
    "Posting",
    "State",
    "Step",
    "Text",
    "after",
    "drafted_from",
    "rank",
    "stripped",
    "terms",
    "worth",
]
