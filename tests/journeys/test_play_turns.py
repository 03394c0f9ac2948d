"""`yousu play` acts what may come in the way of a handling: one line for each turn, read back through the doors."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from services.cli.play.scenario import read
from services.cli.play.stage import play
from tests.support.town import Town

PLAN = {"kind": "plan", "after_working_days": 1, "text": "分期补办登记。"}
RESULT = {"kind": "result", "after_working_days": 3, "text": "已补办登记，证书已领取。"}
REASONS = {"kind": "reasons", "after_working_days": 1, "text": "不符合条件。", "legal_basis": "《条例》第五条"}
CONTENT = [{"satisfaction": "satisfied"}]
CANNOT: dict[str, Any] = {"triage": "cannot", "lead": "zrzy", "reply": REASONS, "follow_up": CONTENT}
HARD: dict[str, Any] = {
    "triage": "hard",
    "lead": "zrzy",
    "reply": PLAN,
    "result": RESULT,
    "committed_working_days": 3,
    "follow_up": CONTENT,
}
GENERAL = {"triage": "general", "on_spot_result": "当场办好。", "follow_up": CONTENT}
NOT_HERE = {"after_working_days": 1, "reason": "不属于我局职责。", "reasons": "情况属实。"}
LATER = {"after_working_days": 2, "committed_working_days": 5, "reason": "外业受天气影响。", "approve": True}
WITHDRAWN = {"after_working_days": 1, "words": "自己解决了。", "confirm": True}
AGAIN = {"after_working_days": 5, "words": "又出现了。"}
STUDY = {"departments": ["zrzy", "zjj"], "attendees": "李明、王芳", "conclusion": "先测绘再登记。"}
UNREACHABLE = [{"satisfaction": "unreachable"}]

LINES: dict[str, dict[str, Any]] = {
    "declined": CANNOT | {"decline": NOT_HERE | {"uphold": True, "then_lead": "zjj"}},
    "declined to a co-handler": CANNOT | {"co": ["zjj"], "decline": NOT_HERE | {"uphold": True, "then_lead": "zjj"}},
    "declined twice": CANNOT
    | {"decline": [NOT_HERE | {"uphold": True, "then_lead": "zjj"}, NOT_HERE | {"uphold": True, "then_lead": "swj"}]},
    "sorted anew": CANNOT | {"sorted_first": {"triage": "general", "reason": "窗口办不了。"}},
    "corrected": CANNOT | {"correct": {"content": "补证时被要求重复提交证明。", "reason": "诉求人更正。"}},
    "urged by hand": CANNOT | {"urges": [0, 1], "reply": REASONS | {"after_working_days": 2}},
    "supervised by hand": CANNOT | {"supervises": [4], "reply": REASONS | {"after_working_days": 5}},
    "chased": {
        "triage": "out_of_scope",
        "external_unit": "沈丘县水利局",
        "chases": [1, 2],
        "result": RESULT,
        "follow_up": CONTENT,
    },
    "not declined": CANNOT | {"decline": NOT_HERE | {"uphold": False}, "reply": REASONS | {"after_working_days": 4}},
    "extended": HARD | {"extension": LATER, "result": RESULT | {"after_working_days": 5}},
    "not extended": HARD | {"extension": LATER | {"approve": False, "reasons": "请按期办结。"}},
    "consented to": HARD | {"committed_working_days": 25, "consent": True},
    "not consented to": HARD | {"committed_working_days": 25, "consent": False},
    "studied": HARD | {"study": STUDY},
    "overruled": HARD | {"co": ["zjj"], "overrule": "协办意见不影响结果。"},
    "nudged": CANNOT | {"nudges": [1, 2], "reply": REASONS | {"after_working_days": 2}},
    "withdrawn": CANNOT | {"withdraw": WITHDRAWN},
    "not withdrawn": CANNOT | {"withdraw": WITHDRAWN | {"confirm": False}},
    "reopened": CANNOT | {"reopen": AGAIN},
    "withdrawn and reopened": CANNOT | {"withdraw": WITHDRAWN, "reopen": AGAIN},
    "settled and reopened": GENERAL | {"reopen": AGAIN},
    "never reached": CANNOT | {"follow_up": UNREACHABLE},
    "reached later": CANNOT | {"follow_up": UNREACHABLE + CONTENT},
    "leading": HARD,
    "joined": HARD | {"join": "leading"},
}


class Played:
    """What became of the line of this name, and everything about its order."""

    def __init__(self, line: dict[str, Any], file: dict[str, Any], papers: list[dict[str, Any]]) -> None:
        self.outcome = (line["rungs"], line["redo"], line["overdue"], line["final"])
        self.file = file
        self.letters = [paper["kind"] for paper in papers]


@pytest.fixture(scope="module")
async def played(house_of_the_county: Town, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Played]:
    """All lines, played at once in one house."""
    town = house_of_the_county
    await town.new_week()
    scenario = tmp_path_factory.mktemp("turns") / "turns.jsonl"
    lines = [
        {"submission": _submission(town, n, name), "handling": handling}
        for n, (name, handling) in enumerate(LINES.items())
    ]
    scenario.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    told = await play(read(scenario), town.doors)
    page = await town.read("auditor-sq", "/dispatch/api/orders", limit=200)
    ids = {order["number"]: order["complaint_id"] for order in page["orders"]}
    found = {}
    for line in told:
        complaint_id = ids[line["number"]]
        papers = await town.read("coordinator-sq", f"/dispatch/api/orders/{complaint_id}/papers")
        found[line["source_ref"]] = Played(line, await town.file(complaint_id), papers)
    return found


def _submission(town: Town, n: int, name: str) -> dict[str, Any]:
    petitioner = {"kind": "individual", "name": "周春梅", "phone": f"199000071{n:02}", "address": "吉祥路14号"}
    content = f"{name}：办证难。"
    return town.submission(source="hotline-12345", source_ref=name, petitioner=petitioner, content=content)


def test_a_decline_that_is_upheld_hands_it_to_another_department(played: dict[str, Played]) -> None:
    assert played["declined"].outcome == ([], 0, False, "zeroed")
    assert played["declined"].file["lead"]["department"] == "zjj"


def test_a_co_handler_can_be_the_right_department(played: dict[str, Played]) -> None:
    file = played["declined to a co-handler"].file
    assert (file["final"], file["lead"]["department"], file["co_handlers"]) == ("zeroed", "zjj", [])


def test_what_is_declined_twice_is_dispatched_a_third_time_by_the_head(played: dict[str, Played]) -> None:
    assert played["declined twice"].outcome == ([], 0, False, "zeroed")
    assert played["declined twice"].file["lead"]["department"] == "swj"
    assert len(played["declined twice"].file["legs"]) == 3


def test_the_coordinator_sets_right_how_the_window_sorted_it(played: dict[str, Played]) -> None:
    assert played["sorted anew"].outcome == ([], 0, False, "zeroed")
    assert played["sorted anew"].file["triage"] == "cannot"


def test_what_was_registered_wrongly_is_corrected(played: dict[str, Played]) -> None:
    assert played["corrected"].outcome == ([], 0, False, "zeroed")
    assert played["corrected"].file["content"] == "补证时被要求重复提交证明。"


def test_urging_by_hand_stands_beside_the_ladder(played: dict[str, Played]) -> None:
    assert played["urged by hand"].outcome == ([], 0, False, "zeroed")
    assert [rung["by_hand"] for rung in played["urged by hand"].file["rungs"]] == [True, True]


def test_supervising_by_hand_stands_beside_the_ladder(played: dict[str, Played]) -> None:
    rungs, _, is_overdue, final = played["supervised by hand"].outcome
    assert (is_overdue, final) == (True, "zeroed")
    by_hand = [rung["rung"] for rung in played["supervised by hand"].file["rungs"] if rung["by_hand"]]
    assert by_hand == ["supervised"]
    assert rungs == ["urged", "supervised", "reported"]


def test_a_unit_that_was_referred_to_is_chased_until_it_has_told_the_outcome(played: dict[str, Played]) -> None:
    assert played["chased"].outcome == ([], 0, False, "referred_closed")
    assert played["chased"].letters == ["referral"] * 3


def test_a_decline_that_is_refused_leaves_it_where_it_is_and_its_clock_running(played: dict[str, Played]) -> None:
    assert played["not declined"].outcome == (["urged", "supervised"], 0, True, "zeroed")
    assert [each["granted"] for each in played["not declined"].file["declines"]] == [False]


def test_an_extension_that_is_granted_moves_the_committed_date(played: dict[str, Played]) -> None:
    assert played["extended"].outcome == (["urged"], 0, False, "zeroed")
    assert [each["granted"] for each in played["extended"].file["extensions"]] == [True]


def test_an_extension_that_is_refused_moves_nothing(played: dict[str, Played]) -> None:
    assert played["not extended"].outcome == (["urged"], 0, False, "zeroed")
    assert [each["granted"] for each in played["not extended"].file["extensions"]] == [False]


@pytest.mark.parametrize(("name", "consented"), [("consented to", True), ("not consented to", False)])
def test_the_coordinator_says_his_word_on_a_far_date(played: dict[str, Played], name: str, consented: bool) -> None:
    assert played[name].outcome == ([], 0, False, "zeroed")
    assert played[name].file["replies"][0]["consented"] is consented


def test_a_joint_study_leaves_its_minutes_on_the_order(played: dict[str, Played]) -> None:
    assert played["studied"].outcome == (["urged"], 0, False, "zeroed")
    assert [each["conclusion"] for each in played["studied"].file["studies"]] == [STUDY["conclusion"]]


def test_co_handlers_who_are_overruled_are_not_waited_for(played: dict[str, Played]) -> None:
    assert played["overruled"].outcome == (["urged"], 0, False, "zeroed")
    assert [each["department"] for each in played["overruled"].file["assignments"] if each["overruled_at"]] == ["zjj"]


def test_a_petitioner_nudges_on_two_days(played: dict[str, Played]) -> None:
    assert played["nudged"].outcome == ([], 0, False, "zeroed")
    assert [each["action"] for each in played["nudged"].file["steps"]] == ["nudge", "nudge"]


def test_a_withdrawal_that_is_confirmed_is_the_end(played: dict[str, Played]) -> None:
    assert played["withdrawn"].outcome == ([], 0, False, "withdrawn")


def test_a_withdrawal_that_is_not_confirmed_changes_nothing(played: dict[str, Played]) -> None:
    assert played["not withdrawn"].outcome == ([], 0, False, "zeroed")
    assert [each["granted"] for each in played["not withdrawn"].file["withdrawals"]] == [False]


@pytest.mark.parametrize("name", ["reopened", "settled and reopened"])
def test_what_is_reopened_is_done_again_and_followed_up_again(played: dict[str, Played], name: str) -> None:
    assert played[name].outcome == ([], 1, False, "zeroed")
    assert played[name].file["reopened_at"]
    assert len(played[name].file["follow_ups"]) == 2


def test_what_was_withdrawn_is_reopened_too(played: dict[str, Played]) -> None:
    assert played["withdrawn and reopened"].outcome == ([], 1, False, "zeroed")
    assert [each["granted"] for each in played["withdrawn and reopened"].file["withdrawals"]] == [True]


def test_a_petitioner_who_is_never_reached_is_tried_until_it_is_enough(played: dict[str, Played]) -> None:
    assert played["never reached"].outcome == ([], 0, False, "concluded_unreachable")
    assert len(played["never reached"].file["follow_ups"]) == 3


def test_a_petitioner_who_is_reached_later_is_heard_then(played: dict[str, Played]) -> None:
    assert played["reached later"].outcome == ([], 0, False, "zeroed")
    told = [each["satisfaction"] for each in played["reached later"].file["follow_ups"]]
    assert told == ["unreachable", "satisfied"]


def test_what_is_joined_is_answered_with_the_leading_one_and_followed_up_for_itself(played: dict[str, Played]) -> None:
    leading, joined = played["leading"], played["joined"]
    assert leading.outcome == joined.outcome == (["urged"], 0, False, "zeroed")
    assert joined.file["joined_to"] == leading.file["number"]
    assert len(joined.file["follow_ups"]) == 1
