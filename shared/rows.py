"""New rows of the stores' tables."""

from functools import cache
from typing import Any

from sqlalchemy.orm import Mapper, class_mapper


class Filled:
    """Mixed into a service's declarative base: a new row takes the values of its columns all at once.

    SQLAlchemy's own constructor sets one after the other, and remembers of each what it was before: nothing, here.
    """

    def __init__(self, **given: Any) -> None:
        """Of its columns and relationships; raises `TypeError` for a name that is neither."""
        others = given.keys() - _columns_of(class_mapper(type(self)))
        self.__dict__.update((name, value) for name, value in given.items() if name not in others)
        for name in others:
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, given[name])


@cache
def _columns_of(mapper: Mapper[Any]) -> frozenset[str]:
    return frozenset(mapper.column_attrs.keys())
