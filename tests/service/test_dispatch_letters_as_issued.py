"""An issued paper is printed as it was issued, whoever was corrected and whatever a later release ships (Art. 6, 8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from deploy.papers.parts import document, paragraph, run
from services.dispatch.usecases.papers import FORMS
from shared import clock
from shared.events.intake import PetitionerCorrected, PetitionerErased, Triage
from shared.papers.kinds import Kind
from shared.papers.layouts import whole
from shared.papers.tables import IssuedPaper
from tests.support.dispatching import COORDINATOR, Desk, desk, officer, sealed_petitioner
from tests.support.letters import county_by_name, issue, text_of
from tests.support.papers import word_cells

__all__ = ["desk"]

ZRZY = officer("sq/zrzy")


async def _reasons(desk: Desk) -> str:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="reasons", text="超出权限。", legal_basis="《条例》")
    return complaint_id


async def _extension(desk: Desk) -> str:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy")
    await desk.act(complaint_id, "reply", ZRZY, kind="plan", text="补办材料。", committed_on="2026-12-07")
    await desk.due_at(complaint_id, "12-07 17:30", leg=2)
    await desk.act(complaint_id, "extend", ZRZY, reason="待外省函复。", committed_on="2026-12-09")
    await desk.act(complaint_id, "extend", COORDINATOR, approve=True)
    return complaint_id


async def _referral(desk: Desk) -> str:
    complaint_id = await desk.complaint(Triage.OUT_OF_SCOPE)
    await desk.act(complaint_id, "refer", unit="沈丘县供电公司", reason="属供电服务。")
    return complaint_id


NAMING: dict[str, Callable[[Desk], Awaitable[str]]] = {
    "reasons": _reasons,
    "extension": _extension,
    "referral": _referral,
}
"""The papers that name the petitioner."""


async def _issued(desk: Desk, kind: str) -> tuple[str, str]:
    """The complaint's id, and where its paper is printed."""
    await county_by_name(desk)
    complaint_id = await NAMING[kind](desk)
    return complaint_id, f"papers/{(await issue(desk, complaint_id, kind, COORDINATOR))['paper_id']}"


async def _bytes(desk: Desk, path: str) -> bytes:
    answer = await desk.ask("GET", path, COORDINATOR)
    assert answer.status_code == 200, answer.text
    return answer.content


async def _corrected(desk: Desk, complaint_id: str) -> None:
    """His name was heard wrongly, and his phone."""
    given: dict[str, Any] = {"center": "sq", "subject": complaint_id, "by": "clerk-sq", "reason": "更正。"}
    person = sealed_petitioner(complaint_id, "张三峰", "19900009999")
    await desk.hear(PetitionerCorrected(at=clock.now(), revision=1, petitioner=person, **given))


@pytest.mark.parametrize("form", ["pdf", "docx"])
@pytest.mark.parametrize("kind", NAMING)
async def test_it_names_the_petitioner_as_on_its_day_although_he_was_corrected_since(
    desk: Desk, kind: str, form: str
) -> None:
    complaint_id, path = await _issued(desk, kind)
    first = await _bytes(desk, f"{path}.{form}")
    await _corrected(desk, complaint_id)
    work_order = word_cells(await _bytes(desk, f"orders/{complaint_id}/work-order.docx"))[0]
    assert (work_order[0][1], work_order[0][5]) == ("张三峰", "19900009999")
    assert await _bytes(desk, f"{path}.{form}") == first
    assert "张三丰" in await text_of(desk, f"{path}.{form}")


@pytest.mark.parametrize("kind", NAMING)
async def test_erased_he_is_named_on_no_paper_and_kept_with_none(desk: Desk, kind: str) -> None:
    complaint_id, path = await _issued(desk, kind)
    given = {"center": "sq", "subject": complaint_id, "by": "head-sq", "reason": "保存期满。"}
    await desk.hear(PetitionerErased(at=clock.now(), **given))
    text = await text_of(desk, f"{path}.docx")
    assert "（已删除）" in text
    assert not any(known in text for known in ("张三丰", "19900001234", "前街"))
    async with desk.store.reading() as session:
        assert (await session.scalars(select(IssuedPaper.petitioner))).all() == [None]


async def test_what_names_nobody_keeps_nobody(desk: Desk) -> None:
    complaint_id = await desk.complaint()
    await desk.act(complaint_id, "transfer", to_center="sq-zhidian", reason="属该镇事项。")
    await issue(desk, complaint_id, "referral", COORDINATOR)
    async with desk.store.reading() as session:
        assert (await session.scalars(select(IssuedPaper.petitioner))).all() == [None]


async def test_a_later_release_prints_it_with_the_layout_and_the_template_of_its_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    complaint_id, path = await _issued(desk, "referral")
    first = [await _bytes(desk, f"{path}.{form}") for form in ("pdf", "docx")]
    (tmp_path / "new.typ").write_text(
        '#import "official.typ": *\n#text(given.papers.first().title + "，新版")', "utf-8"
    )
    drawn = document("新版", paragraph(run("新版：{{ title }}")), footer=paragraph(run("页")))
    (tmp_path / "new.docx").write_bytes(drawn)
    form = replace(FORMS[Kind.REFERRAL], layout=tmp_path / "new.typ", shipped=tmp_path / "new.docx")
    monkeypatch.setitem(FORMS, Kind.REFERRAL, form)
    assert [await _bytes(desk, f"{path}.{form}") for form in ("pdf", "docx")] == first
    desk.now("11-24 09:00")
    await desk.act(complaint_id, "refer", unit="沈丘县供电公司", chase=True)
    later = await issue(desk, complaint_id, "referral", COORDINATOR)
    for form in ("pdf", "docx"):
        assert "新版" in await text_of(desk, f"papers/{later['paper_id']}.{form}")


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("shared.papers", "letter"),
        ("shared.papers", "report"),
        ("services.dispatch", "work-order"),
        ("services.intake", "ledger"),
    ],
)
def test_a_layout_is_kept_whole_and_needs_no_other_file(package: str, name: str) -> None:
    folder = resources.files(package) / "templates"
    layout = (folder if package == "shared.papers" else folder / "papers") / f"{name}.typ"
    assert b"#import" not in whole(layout)
    assert whole(whole(layout)) == whole(layout)
