"""The monthly report under its number: given once to a center and a month that is over; printed the same ever after."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.monthly import months
from services.intake.store import directory
from services.intake.usecases.reading import scope
from shared import clock
from shared.papers import keeping
from shared.papers.forms import REPORT
from shared.papers.kinds import Kind
from shared.papers.printing import Sheets
from shared.papers.report import Report
from shared.papers.tables import IssuedPaper
from shared.refusals import Forbidden, NotPossible
from shared.security.roles import Actor


def is_over(first: date) -> bool:
    """Whether the month that begins on this day has ended."""
    return months(first, 1)[1] < clock.now().date()


async def issue(session: AsyncSession, actor: Actor, center: str | None, first: date, drawn: Report) -> IssuedPaper:
    """Give the report of this actor's own center its number and date, under this person's signature.

    It is the report of the center with its townships, as `whose` says. Raises `Forbidden` for another one's,
    `NotPossible` while the month lasts, and when it has its number.
    """
    if (own := await whose(session, actor, center)) is None or own != actor.center:
        raise Forbidden(
            "other-center", "月度分析报告由本中心编号，所属乡镇的一并统计；请选“全部可查看的中心”后再编号。"
        )
    if not is_over(first):
        raise NotPossible("month-not-over", "本月尚未结束，月度分析报告还不能编号，可以先打印预览。")
    if await keeping.issued_for(session, own, Kind.MONTHLY, _occasion(first)):
        raise NotPossible("issued-already", "这个月的分析报告已经编号，请直接打印。")
    return await keeping.issue(
        session, actor, Kind.MONTHLY, own, own, _occasion(first), drawn, REPORT, None, clock.now()
    )


async def issued(session: AsyncSession, actor: Actor, center: str | None, first: date) -> IssuedPaper | None:
    """The report of a month that has its number, if what is asked for is such a one and not a part of it."""
    own = await whose(session, actor, center)
    return await keeping.issued_for(session, own, Kind.MONTHLY, _occasion(first)) if own else None


async def sheets(session: AsyncSession, paper: IssuedPaper) -> Sheets:
    """The report as it was issued, whatever the figures say since."""
    layout, _ = await keeping.made_with(session, paper, REPORT, None)
    return Sheets(Kind.MONTHLY, layout, (paper.letter,), paper.issued_at, name=paper.number)


async def whose(session: AsyncSession, actor: Actor, center: str | None) -> str | None:
    """The center of which this is the whole report, its townships included; None where it is another selection."""
    known = await directory.centers(session)
    reach = await scope(session, actor, center)
    own = center or actor.center or known.county
    return own if own in known.parents and reach == known.under(own) else None


def _occasion(first: date) -> str:
    return f"{first:%Y-%m}"
