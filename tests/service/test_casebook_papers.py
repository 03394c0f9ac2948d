"""A published case on paper: numbered once by the bureau, the same for everyone who may read it (Art. 11)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.casebook.app import service
from tests.support.alone import Alone
from tests.support.casebook import APPROVER, EDITOR, ZRZY, approved, published, staffed, step
from tests.support.papers import pdf_text, word_text


@pytest.fixture
async def casebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Alone]:
    async with Alone.at_work(service, tmp_path, monkeypatch) as alone:
        await staffed(alone)
        yield alone


async def test_a_published_case_is_numbered_once_and_printed_by_anyone(casebook: Alone) -> None:
    case_id = await published(casebook)
    issued = await casebook.ask("POST", f"cases/{case_id}/paper", APPROVER)
    assert (issued.status_code, issued.json()["number"].partition("例")[2]) == (201, "〔2026〕1号")
    assert (await casebook.ask("POST", f"cases/{case_id}/paper", APPROVER)).json()["code"] == "issued-already"
    first = (await casebook.ask("GET", f"cases/{case_id}/paper.pdf")).content
    (text,) = pdf_text(first)
    for words in ("政务服务指导案例", issued.json()["number"], "问题详情：", "结论意见：", "政务服务和大数据管理局"):
        assert words in text
    assert (await casebook.ask("GET", f"cases/{case_id}/paper.pdf", EDITOR)).content == first


async def test_a_joint_case_names_the_departments_that_signed_it(casebook: Alone) -> None:
    case_id = await approved(casebook, departments=["sq/zrzy"])
    await step(casebook, ZRZY, case_id, "cosign")
    await step(casebook, APPROVER, case_id, "publish")
    text = word_text((await casebook.ask("GET", f"cases/{case_id}/paper.docx")).content)
    assert "自然资源局" in text


async def test_what_is_not_public_is_neither_numbered_nor_printed_for_the_public(casebook: Alone) -> None:
    case_id = await approved(casebook)
    assert (await casebook.ask("POST", f"cases/{case_id}/paper", APPROVER)).json()["code"] == "not-published"
    assert (await casebook.ask("GET", f"cases/{case_id}/paper.docx")).status_code == 404
    assert (await casebook.ask("GET", f"cases/{case_id}/paper.docx", EDITOR)).status_code == 200
