"""python -m tests.browser.shots FOLDER [--only WORD] [--readme]: photographs of every page, on two screens.

The sample county's complaints are played first, and then a week's work stands on the desks, so that pages look as they
do at work. With --readme only the pictures that the README shows, as WebP and no longer than the screen.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser

from deploy.county import SAMPLE_COMPLAINTS
from services.cli.play.scenario import read
from services.cli.play.stage import play
from tests.browser.chromium import chromium
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
    }


@asynccontextmanager
async def county(folder: Path) -> AsyncIterator[tuple[Town, str, Scene]]:
    """The sample county's house, its address, and what stands there."""
    scenes = read(SAMPLE_COMPLAINTS)
    opened = min(scene.reported_at for scene in scenes)
    async with Town.at_work(folder, opened=opened) as town, at_a_port(town) as address:
        await play(scenes, town.doors)
        await town.new_week()
        yield town, address, await Scene.set(town)


async def photograph(town: Town, address: str, browser: Browser, look: Look, screen: Sequence[int], to: Path) -> None:
    """Take one picture; as WebP what stands on the screen, as PNG all of the page."""
    person = await Person.come(town, address, browser, look.username, screen=screen)
    try:
        await person.open(look.path)
        if to.suffix == ".webp":
            devtools = await person.page.context.new_cdp_session(person.page)
            taken = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
            await asyncio.to_thread(to.write_bytes, base64.b64decode(taken["data"]))
        else:
            await person.page.screenshot(path=to, full_page=True)
    finally:
        await person.leave()


def named(look: Look, scene: Scene) -> str:
    """A file's name for a page: its path, and who looks."""
    path = look.path
    for name, identity in scene.items():
        path = path.replace(identity, name)
    return re.sub(r"[^\w-]+", "-", f"{path.strip('/')} {look.username or 'anyone'}")


async def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="those whose file's name has this in it")
    parser.add_argument("--readme", action="store_true", help="the README's pictures")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="yousu-shots-") as var:
        async with county(Path(var)) as (town, address, scene), chromium() as browser:
            if given.readme:
                wanted = [(f"{name}.webp", *seen) for name, seen in of_readme(scene).items()]
            else:
                everything = [*looks(scene), *EMPTY]
                wanted = [
                    (f"{named(look, scene)}-{name}.png", look, screen)
                    for look in everything
                    for name, screen in SCREENS.items()
                ]
            for file, look, screen in wanted:
                if given.only in file:
                    await photograph(town, address, browser, look, screen, given.folder / file)
                    print(given.folder / file, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
