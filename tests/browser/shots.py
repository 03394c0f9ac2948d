"""python -m tests.browser.shots FOLDER [--only WORD] [--readme]: photographs of every page, on two screens.

A week's work stands on the desks, so that pages look as they do at work. With --readme only the README's pictures, as
WebP and no longer than the screen.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.async_api import Browser

from tests.browser.chromium import chromium
from tests.browser.conftest import OPENED
from tests.browser.every_page import EMPTY, looks
from tests.browser.person import DESK, PHONE, Person
from tests.support.pages import Look
from tests.support.scene import Scene
from tests.support.served import at_a_port
from tests.support.town import Town

SCREENS = {"desk": DESK, "phone": PHONE}
QUALITY = 82


def of_readme(scene: Scene) -> dict[str, tuple[Look, Sequence[int]]]:
    """The pictures of the README, by their files' names."""
    return {
        "register": (Look("/intake/register", "clerk-sq"), DESK),
        "desk": (Look("/dispatch/desk", "coordinator-sq"), DESK),
        "order": (Look(f"/dispatch/orders/{scene['owed']}", "officer-zrzy"), DESK),
        "ledger": (Look("/intake/ledger", "clerk-sq"), DESK),
        "file": (Look("/intake/file"), PHONE),
        "mine": (Look("/dispatch/mine", "officer-zrzy"), PHONE),
    }


class Photographer:
    """Looks at pages as everyone would, and takes their pictures."""

    def __init__(self, town: Town, address: str, browser: Browser) -> None:
        self._at = (town, address, browser)
        self._people: dict[tuple[str | None, Sequence[int]], Person] = {}

    async def take(self, look: Look, screen: Sequence[int], to: Path) -> None:
        """One picture; as WebP of what stands on the screen, as PNG of all of the page."""
        who = (look.username, screen)
        if who not in self._people:
            self._people[who] = await Person.come(*self._at, look.username, screen=screen)
        person = self._people[who]
        await person.open(look.path)
        if to.suffix == ".webp":
            devtools = await person.page.context.new_cdp_session(person.page)
            taken = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
            await asyncio.to_thread(to.write_bytes, base64.b64decode(taken["data"]))
        else:
            await person.page.screenshot(path=to, full_page=True)


def named(look: Look, scene: Scene) -> str:
    """A file's name for a page: its path, and who looks."""
    path = look.path
    for name, identity in scene.items():
        path = re.sub(rf"(?<=/){re.escape(identity)}(?=/|\?|$)", name, path)
    return re.sub(r"[^\w-]+", "-", f"{path.strip('/')} {look.username or 'anyone'}")


def _wanted(scene: Scene, *, for_readme: bool) -> Iterator[tuple[str, Look, Sequence[int]]]:
    if for_readme:
        for name, (look, screen) in of_readme(scene).items():
            yield f"{name}.webp", look, screen
        return
    for look in (*looks(scene), *EMPTY):
        for name, screen in SCREENS.items():
            yield f"{named(look, scene)}-{name}.png", look, screen


async def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="those whose file's name has this in it")
    parser.add_argument("--readme", action="store_true", help="the README's pictures")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="yousu-shots-") as var:
        async with Town.at_work(Path(var), opened=OPENED) as town, at_a_port(town) as address, chromium() as browser:
            await town.new_week()
            scene, photographer = await Scene.set(town), Photographer(town, address, browser)
            for file, look, screen in _wanted(scene, for_readme=given.readme):
                if given.only in file:
                    await photographer.take(look, screen, given.folder / file)
                    print(given.folder / file, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
