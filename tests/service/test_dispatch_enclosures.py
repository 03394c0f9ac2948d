"""办理材料: a department adds files to its order; its office and it alone open them."""

from __future__ import annotations

import re

from sqlalchemy import select

from services.dispatch.tables import Enclosure
from services.dispatch.usecases import enclosing
from shared.events.intake import Triage
from tests.support.browser import Browser
from tests.support.dispatching import AUDITOR, CLERK, COORDINATOR, Desk, desk, officer
from tests.support.uploads import office, picture

__all__ = ["desk"]

ZRZY, ZJJ = officer("sq/zrzy"), officer("sq/zjj")
PHOTO = ("attachments", ("现场.png", picture()))


async def dispatched(desk: Desk) -> str:
    complaint_id = await desk.complaint(Triage.HARD)
    await desk.act(complaint_id, "dispatch", lead="zrzy", co_handlers=["zjj"])
    return complaint_id


async def test_a_department_adds_files_that_its_office_and_it_alone_open(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    order, files = f"/dispatch/orders/{complaint_id}", f"/dispatch/orders/{complaint_id}/enclosures"
    browser = await Browser(desk).logged_in(ZRZY)
    await browser.open(order)
    page = await browser.send(files, files=[PHOTO, ("attachments", ("依据.docx", office("word/document.xml")))])
    assert "已上传2件材料" in page.text
    found = re.findall(rf'href="({files}/[^"]+)">(.*?)</a>', page.text)
    assert [name for _, name in found] == ["现场.png", "依据.docx"]
    for actor, status in ((ZRZY, 200), (COORDINATOR, 200), (ZJJ, 404), (CLERK, 403), (AUDITOR, 403)):
        answer = await (await Browser(desk).logged_in(actor)).client.get(found[0][0])
        assert answer.status_code == status, actor
    answer = await browser.client.get(found[0][0])
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "现场.png" in (await (await Browser(desk).logged_in(COORDINATOR)).open(order)).text
    assert "现场.png" not in (await (await Browser(desk).logged_in(ZJJ)).open(order)).text
    async with desk.store.reading() as session:
        kept = (await session.scalars(select(Enclosure))).all()
    assert all("现场" not in row.name and "PNG" not in row.data for row in kept), "sealed"


async def test_what_is_wrong_with_a_file_is_said_there_and_nothing_is_kept(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    files = f"/dispatch/orders/{complaint_id}/enclosures"
    browser = await Browser(desk).logged_in(ZRZY)
    await browser.open(f"/dispatch/orders/{complaint_id}")
    page = await browser.send(files, files=[PHOTO, ("attachments", ("病毒.png", b"MZ" + bytes(50)))])
    assert page.status_code == 422
    assert "“病毒.png”不是可以接收的文件" in page.text
    assert (await browser.send(files)).status_code == 422
    async with desk.store.reading() as session:
        assert (await session.scalars(select(Enclosure))).all() == []


async def test_an_order_holds_only_so_many_and_only_while_it_is_to_be_answered(desk: Desk) -> None:
    complaint_id = await dispatched(desk)
    files = f"/dispatch/orders/{complaint_id}/enclosures"
    browser = await Browser(desk).logged_in(ZRZY)
    for n in range(enclosing.MOST // 5):
        await browser.open(f"/dispatch/orders/{complaint_id}")
        await browser.send(files, files=[PHOTO] * 4 + [("attachments", (f"现场{n}.png", picture()))])
    await browser.open(f"/dispatch/orders/{complaint_id}")
    page = await browser.send(files, files=[PHOTO])
    assert page.status_code == 409
    assert "最多20件" in page.text
    foreign = await Browser(desk).logged_in(officer("sq/swj"))
    await foreign.open("/dispatch/mine")
    for token, said in ((foreign.fields("/directory/logout")["token"], "没有分办给您的部门"), ("x", "页面已过期")):
        refused = await foreign.client.post(
            files, data={"token": token}, files=[PHOTO], headers={"origin": "http://yousu"}
        )
        assert refused.status_code == 403
        assert said in refused.text
