"""The house's keys, made ready once: what seals personal data, and what finds a phone again."""

from functools import lru_cache

from shared.security.formtokens import FormTokens
from shared.security.links import RatingLinks
from shared.security.seal import PhoneIndex, Sealer
from shared.settings import Settings, settings


def sealer() -> Sealer:
    """What seals and opens personal data here."""
    return _sealer(settings())


def phone_index() -> PhoneIndex:
    """What finds a phone again without keeping it in the clear."""
    return _phone_index(settings())


@lru_cache(maxsize=4)
def _sealer(given: Settings) -> Sealer:
    return Sealer(given.secret("seal_keys"))


def rating_links() -> RatingLinks:
    """What makes and reads the one-time links by which petitioners rate."""
    return _rating_links(settings())


@lru_cache(maxsize=4)
def _rating_links(given: Settings) -> RatingLinks:
    return RatingLinks(given.secret("phone_index_key").encode())


def form_tokens() -> FormTokens:
    """What shows that a form came from this house."""
    return _form_tokens(settings())


@lru_cache(maxsize=4)
def _form_tokens(given: Settings) -> FormTokens:
    return FormTokens(given.secret("phone_index_key").encode())


@lru_cache(maxsize=4)
def _phone_index(given: Settings) -> PhoneIndex:
    return PhoneIndex(given.secret("phone_index_key"))
