"""The synonym table as it is shipped: what people say, and what the forms say (mechanism §8)."""

from services.casebook.domain.synonyms.matters import MATTERS
from services.casebook.domain.synonyms.particulars import PARTICULARS
from services.casebook.domain.synonyms.service import SERVICE

SHIPPED = (MATTERS + SERVICE + PARTICULARS).replace("\n\n", "\n")
"""A line is a concept; a word may belong to several."""
