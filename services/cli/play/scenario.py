"""A scenario file: what was submitted, and what the parties will do about it. `expect` is never read.

The ordinary course of a `handling` is told by the sample data page; what else may happen, by `turns`.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from services.cli.play.turns import FollowUp, Turns, follow_ups, turns
from services.cli.play.turns import missing as missing_in
from shared.workdays import CHINA


@dataclass(frozen=True)
class Reply:
    """A department's answer, on its working day after dispatch."""

    kind: str
    after_working_days: int
    text: str
    legal_basis: str | None


@dataclass(frozen=True)
class Scene:
    """One complaint and its handling."""

    line: int
    submission: dict[str, Any]
    reported_at: datetime
    triage: str
    lead: str | None
    co_handlers: tuple[str, ...]
    transfer_to_center: str | None
    external_unit: str | None
    directed_to: str | None
    on_spot_result: str | None
    reply: Reply | None
    committed_working_days: int | None
    result: Reply | None
    returned_once: bool
    follow_ups: tuple[FollowUp, ...]
    turns: Turns
    """What comes in the way of the ordinary course."""

    @property
    def source_ref(self) -> str:
        """What the channel calls it."""
        return str(self.submission["source_ref"])

    @property
    def last_answer(self) -> Reply | None:
        """What is answered in the end, and again where it is to be done again; None where nobody is asked."""
        return self.result if self.reply is None or self.reply.kind == "plan" else self.reply


BOM = b"\xef\xbb\xbf"


class BadScenario(ValueError):
    """A line that cannot be played, with its number and what is wrong."""


def read(path: Path) -> list[Scene]:
    """The scenes of a file, in its order; raises `BadScenario`."""
    scenes = []
    for number, line in enumerate(path.read_bytes().removeprefix(BOM).splitlines(), 1):
        if not line.strip():
            continue
        try:
            scene = _scene(number, orjson.loads(line))
        except KeyError as error:
            raise BadScenario(f"{path} 第 {number} 行无法演练：缺少 {error}。") from error
        except (AttributeError, TypeError, ValueError) as error:
            raise BadScenario(f"{path} 第 {number} 行无法演练：{type(error).__name__} {error}") from error
        if missing := _missing(scene) or missing_in(scene.turns):
            raise BadScenario(f"{path} 第 {number} 行无法演练：{missing}")
        scenes.append(scene)
    return scenes


def _missing(scene: Scene) -> str | None:
    """Without what nobody could act this handling to its end."""
    if not scene.follow_ups:
        return "handling 没有 follow_up，诉求无法办结。"
    match scene.triage:
        case "general":
            return None if scene.on_spot_result else "general 须有 on_spot_result。"
        case "out_of_scope":
            referred = scene.external_unit and scene.result
            return (
                None
                if scene.directed_to or referred
                else "out_of_scope 须有 external_unit 和 result，或者 directed_to。"
            )
        case "cannot" | "hard" | "refused":
            return _missing_answer(scene)
    return f"不认识的研判分类“{scene.triage}”。"


def _missing_answer(scene: Scene) -> str | None:
    if not scene.lead or not scene.reply:
        return f"{scene.triage} 须有 lead 和 reply。"
    if scene.reply.kind == "plan" and (scene.committed_working_days is None or not scene.result):
        return "答复为 plan 的，须有 committed_working_days 和 result。"
    return None


def _scene(number: int, line: dict[str, Any]) -> Scene:
    submission, handling = line["submission"], line["handling"]
    return Scene(
        line=number,
        submission=submission,
        reported_at=datetime.fromisoformat(submission["reported_at"]).astimezone(CHINA),
        triage=handling["triage"],
        lead=handling.get("lead"),
        co_handlers=tuple(handling.get("co") or ()),
        transfer_to_center=handling.get("transfer_to_center"),
        external_unit=handling.get("external_unit"),
        directed_to=handling.get("directed_to"),
        on_spot_result=handling.get("on_spot_result"),
        reply=_reply(handling.get("reply")),
        committed_working_days=handling.get("committed_working_days"),
        result=_reply(handling.get("result")),
        returned_once=handling.get("qc") == "return_then_pass",
        follow_ups=follow_ups(handling.get("follow_up")),
        turns=turns(handling),
    )


def _reply(given: dict[str, Any] | None) -> Reply | None:
    if given is None:
        return None
    return Reply(given.get("kind", "result"), given["after_working_days"], given["text"], given.get("legal_basis"))
