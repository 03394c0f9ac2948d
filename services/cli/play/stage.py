"""The stage: every story of a file, on one clock, in the order of its instants."""

import heapq
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

from services.cli.play.doors import DoorClosed, Doors
from services.cli.play.scenario import Scene
from services.cli.play.story import Story

Progress = Callable[[int, int, datetime], None]
"""Told how many stories have ended, of how many, and what time it is."""


async def play(scenes: Sequence[Scene], doors: Doors, progress: Progress = lambda *_: None) -> list[dict[str, Any]]:
    """Play the scenes in a house whose drill clock stands before the first; a line of each complaint, in their order.

    A door that refuses ends the play: raises `DoorClosed` with the line of the file.
    """
    registered: dict[str, str] = {}
    stories = [Story(scene, doors, registered) for scene in scenes]
    waiting: list[tuple[datetime, int, AsyncIterator[datetime]]] = []
    for index, story in enumerate(stories):
        life = story.live()
        waiting.append((await anext(life), index, life))
    heapq.heapify(waiting)
    ended = 0
    while waiting:
        instant, index, life = heapq.heappop(waiting)
        await doors.move_clock(instant)
        try:
            heapq.heappush(waiting, (await anext(life), index, life))
        except StopAsyncIteration:
            ended += 1
        except DoorClosed as error:
            scene = scenes[index]
            raise DoorClosed(
                f"第 {scene.line} 行（{scene.source_ref}）演练到 {instant:%Y-%m-%d %H:%M} 停下：{error}"
            ) from error
        progress(ended, len(stories), instant)
    if stories:
        await doors.move_clock(max(story.now for story in stories))  # what was done last reaches everyone
    return [await story.read_back() for story in stories if not story.is_repeat]
