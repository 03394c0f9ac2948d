"""Art. 2, 平等对待: nobody has precedence, and what an organisation says of itself is for the report alone (§11)."""

from __future__ import annotations

from tests.support.town import AUDITOR, CLERK, COORDINATOR, HEAD, Town

STATED = ("微型企业甲", "民营独资乙", "内资丙", "建成投产丁")
FIRM = {
    "kind": "organisation",
    "name": "沈丘县同心家电维修部",
    "contact_person": "王建国",
    "phone": "0394-5000904",
    "address": "沈丘县槐店镇建设路9号",
    "profile": dict(zip(("size", "ownership", "capital", "stage"), STATED, strict=True)),
}


async def test_what_an_organisation_states_of_itself_is_never_shown_to_whoever_handles_it(town: Town) -> None:
    complaint_id = await town.complaint("cannot", petitioner=FIRM)
    await town.order(complaint_id, "dispatch", lead="zrzy")
    await town.replied(complaint_id, "reasons")
    shown = [
        await town.read(CLERK, f"/intake/api/complaints/{complaint_id}"),
        await town.read(CLERK, f"/intake/api/complaints/{complaint_id}/history"),
        await town.read(COORDINATOR, "/intake/api/ledger", center="sq"),
        await town.file(complaint_id, COORDINATOR),
        await town.file(complaint_id, "officer-zrzy"),
        await town.messages(complaint_id),
    ]
    assert [stated for stated in STATED if stated in str(shown)] == []


async def test_an_individual_and_an_organisation_have_the_same_limit_and_the_same_ladder(town: Town) -> None:
    firm = await town.complaint("cannot", petitioner=FIRM)
    somebody = await town.complaint("cannot")
    for each in (firm, somebody):
        await town.order(each, "dispatch", lead="zrzy")
    await town.until("Fri 18:00")
    ladders = [await town.rungs(each) for each in (firm, somebody)]
    assert ladders[0] == ladders[1] == [("urged", "Wed 17:30"), ("supervised", "Thu 17:30"), ("reported", "Fri 17:30")]


async def test_the_equality_report_compares_groups_with_their_samples_and_names_nobody(town: Town) -> None:
    firm = await town.complaint("general", petitioner=FIRM)
    await town.do(CLERK, f"/intake/api/complaints/{firm}/settle", result="已当场协调办理。")
    await town.followed_up(firm, "satisfied")
    days = {"from": town.day("Mon"), "to": town.day("Fri")}
    await town.until("Fri 18:00")
    told = await town.read(AUDITOR, "/intake/api/figures/equality", **days)
    assert {"petitioner", "channel", "center", "size"} <= told["across"].keys()
    assert "王建国" not in str(told)
    measures = [
        group[measure]
        for groups in told["across"].values()
        for group in groups
        for measure in ("handling", "overdue", "satisfaction")
    ]
    assert any(measure["sample"] for measure in measures)
    for measure in measures:
        value = measure["seconds"] if "seconds" in measure else measure["percent"]
        assert (value is not None) is (measure["sample"] >= told["small"]), measure
    assert (await town.ask(HEAD, "GET", "/intake/api/figures/equality", params=days)).status_code == 200
    assert (await town.ask("officer-zrzy", "GET", "/intake/api/figures/equality", params=days)).status_code == 403
