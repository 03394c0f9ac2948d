"""A layout as one text that needs no other: so it is kept with what was issued, and a later release lays it out."""

import re
from importlib import resources
from importlib.resources.abc import Traversable

Layout = Traversable | bytes
"""A layout as it is shipped, or as it was kept."""
_TEMPLATES = resources.files("shared.papers") / "templates"
_SHARED = re.compile(r'^#import "(?:/shared/papers/templates/)?official\.typ": \*$', re.MULTILINE)


def whole(layout: Layout) -> bytes:
    """The text of a layout, with what all of them share in the place where it is imported."""
    if isinstance(layout, bytes):
        return layout
    shared = (_TEMPLATES / "official.typ").read_text("utf-8")
    return _SHARED.sub(lambda _: shared, layout.read_text("utf-8")).encode()
