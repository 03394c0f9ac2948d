"""What the pages of notify have in common."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.means import Means, Standing
from services.notify.domain.recipients import Kind
from shared import replica
from shared.security.roles import Action, Actor
from shared.web.pages import Pages
from shared.web.permit import permit

pages = Pages(Path(__file__).parents[1] / "templates")

Reading = Annotated[Actor, permit(Action.READ_MESSAGES)]
Code = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,36}$")]

MEANS = {Means.CONSOLE: "平台", Means.SMS: "短信", Means.SMTP: "邮件", Means.BUS: "对接系统"}
STANDINGS = {
    Standing.WAITING: ("正在发送", "soon"),
    Standing.UNREACHED: ("未接通", "soon"),
    Standing.SENT: ("已送达", "good"),
    Standing.FAILED: ("发送失败", "late"),
    Standing.GIVEN_UP: ("不再发送", ""),
}
KINDS = {
    Kind.PETITIONER: "诉求人",
    Kind.DEPARTMENT: "部门",
    Kind.COORDINATOR: "综合协调",
    Kind.HEAD: "中心负责人",
    Kind.GOVERNMENT: "政府督查",
    Kind.INSPECTION: "纪检监察",
    Kind.CASE_EDITOR: "案例编辑",
    Kind.CASE_APPROVER: "案例审核",
    Kind.CHANNEL: "渠道",
}
WORDS: dict[str, Any] = {"means": MEANS, "standings": STANDINGS, "kinds": KINDS}


async def shown(session: AsyncSession) -> dict[str, Any]:
    """What the templates of these pages read with."""
    return {
        "words": WORDS,
        "recipient": await recipients(session),
    }


async def recipients(session: AsyncSession) -> Callable[[str, str], str]:
    """What a recipient of some kind is called, by code."""
    names = {
        Kind.DEPARTMENT: await replica.department_names(session),
        Kind.CHANNEL: await replica.names(session, "channel"),
    }
    centers = await replica.names(session, "center")

    def called(kind: str, code: str) -> str:
        if kind in names:
            return names[Kind(kind)].get(code, code)
        center = code.partition("@")[2]
        return f"{centers.get(center, center)}{KINDS[Kind(kind)]}"

    return called
