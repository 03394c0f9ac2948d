"""What the pages of directory have in common."""

from pathlib import Path

from shared.web.pages import Pages

pages = Pages(Path(__file__).parents[1] / "templates")
