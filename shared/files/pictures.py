"""Pictures are drawn anew: what a camera wrote beside them (where, when, by what) and what hides in them goes."""

import threading
from io import BytesIO

from PIL import Image, ImageOps

MOST_PIXELS = 60_000_000
"""Of the cameras of today's phones; drawn, it takes four bytes each."""
QUALITY = 88
_FORMATS = {"jpg": "JPEG", "png": "PNG"}
_MODES = {"JPEG": ("L", "RGB"), "PNG": ("L", "LA", "RGB", "RGBA", "1", "P")}
_ONE_BY_ONE = threading.Lock()
"""However many are handed over at once, one is drawn at a time: that bounds the memory."""


class TooManyPixels(ValueError):
    """It would burst when drawn."""


def drawn_anew(data: bytes, kind: str) -> bytes:
    """The same picture and nothing else, upright; raises `TooManyPixels`, or `OSError` for what is no picture."""
    form = _FORMATS[kind]
    with _ONE_BY_ONE:
        try:
            with Image.open(BytesIO(data), formats=[form]) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise TooManyPixels
                return _saved(ImageOps.exif_transpose(found), form)
        except Image.DecompressionBombError as error:
            raise TooManyPixels from error
        except (SyntaxError, ValueError, EOFError) as error:  # what Pillow says of bytes that are none
            if isinstance(error, TooManyPixels):
                raise
            raise OSError(str(error)) from error


def _saved(picture: Image.Image, form: str) -> bytes:
    picture.load()
    picture = picture if picture.mode in _MODES[form] else picture.convert("RGB")
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    if picture.mode == "P" and (palette := picture.getpalette()):
        bare.putpalette(palette)
    made = BytesIO()
    bare.save(made, form, **({"quality": QUALITY} if form == "JPEG" else {}))
    return made.getvalue()
