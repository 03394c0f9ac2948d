"""A scenario file is read whole before anything is played; what nobody could act is refused by its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from services.cli.play.scenario import BadScenario, read
from services.cli.play.turns import UNSAID, Turns
from tests.support.playing import a_few

GENERAL, CANNOT, HARD, REFUSED, REFERRED = (
    {**sample["handling"]} for sample in a_few() if "reported" not in sample["handling"]["expect"]["rungs"]
)


def line(handling: dict[str, Any]) -> bytes:
    return orjson.dumps({"submission": a_few()[0]["submission"], "handling": handling})


def file(folder: Path, content: bytes) -> Path:
    path = folder / "scenario.jsonl"
    path.write_bytes(content)
    return path


def test_an_empty_file_has_no_scenes(tmp_path: Path) -> None:
    assert read(file(tmp_path, b"")) == []


def test_a_byte_order_mark_and_blank_lines_are_passed_over_and_still_counted(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf\r\n" + line(GENERAL) + b"\r\n\n  \n" + line(HARD) + b"\n"
    assert [(scene.line, scene.triage) for scene in read(file(tmp_path, content))] == [(2, "general"), (5, "hard")]


def test_what_a_handling_leaves_out_is_as_if_it_were_null(tmp_path: Path) -> None:
    bare = {name: did for name, did in CANNOT.items() if did and name not in ("qc", "expect")}
    assert read(file(tmp_path, line(bare))) == read(file(tmp_path, line(CANNOT | {"co": None})))


def test_a_petitioner_need_not_say_why(tmp_path: Path) -> None:
    (scene,) = read(file(tmp_path, line(CANNOT | {"follow_up": [{"satisfaction": "satisfied"}]})))
    assert scene.follow_ups[0].opinion == UNSAID


@pytest.mark.parametrize(
    ("handling", "sentence"),
    [
        (CANNOT | {"follow_up": []}, "没有 follow_up"),
        ({name: did for name, did in CANNOT.items() if name != "follow_up"}, "没有 follow_up"),
        ({name: did for name, did in CANNOT.items() if name != "triage"}, "缺少 'triage'"),
        (GENERAL | {"triage": "easy"}, "不认识的研判分类“easy”"),
        (GENERAL | {"on_spot_result": None}, "on_spot_result"),
        (REFERRED | {"external_unit": None}, "directed_to"),
        (REFERRED | {"result": None}, "external_unit 和 result"),
        (REFUSED | {"lead": None}, "须有 lead"),
        (CANNOT | {"reply": None}, "须有 lead 和 reply"),
        (CANNOT | {"reply": {"kind": "reasons", "text": "依法不能办理。"}}, "缺少 'after_working_days'"),
        (HARD | {"committed_working_days": None}, "committed_working_days"),
        (HARD | {"result": None}, "committed_working_days 和 result"),
        (HARD | {"reply": "soon"}, "AttributeError"),
    ],
)
def test_a_handling_that_cannot_be_acted_is_refused_by_its_line(
    handling: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(BadScenario, match="第 2 行") as refused:
        read(file(tmp_path, line(GENERAL) + b"\n" + line(handling)))
    assert sentence in str(refused.value)


def test_a_line_that_is_no_json_is_refused_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="第 3 行"):
        read(file(tmp_path, line(GENERAL) + b"\n\n{\n"))


def test_turns_are_left_out_where_they_do_not_happen(tmp_path: Path) -> None:
    (scene,) = read(file(tmp_path, line(CANNOT)))
    assert scene.turns == Turns()


@pytest.mark.parametrize(
    ("turn", "sentence"),
    [
        ({"decline": {"after_working_days": 1, "reason": "不归我局。"}}, "缺少 'uphold'"),
        (
            {"decline": {"after_working_days": 1, "reason": "不归我局。", "uphold": True, "reasons": "属实。"}},
            "then_lead",
        ),
        ({"sorted_first": {"triage": "general"}}, "缺少 'reason'"),
        ({"correct": {"content": "补证难。"}}, "缺少 'reason'"),
        ({"withdraw": {"words": "不办了。"}}, "缺少 'after_working_days'"),
        ({"reopen": {"after_working_days": 3}}, "缺少 'words'"),
        (
            {"extension": {"after_working_days": 1, "committed_working_days": 5, "reason": "雨。", "approve": False}},
            "reasons",
        ),
    ],
)
def test_a_turn_that_nobody_could_take_is_refused(tmp_path: Path, turn: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadScenario, match=sentence):
        read(file(tmp_path, line(CANNOT | turn)))
