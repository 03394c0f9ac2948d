"""Figures on screen, by month and quarter: rates, ranking, whose court, equality, topics, what plays with clocks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.figures import number_month
from services.intake.domain.gaming import Thresholds
from services.intake.domain.monthly import before, months
from services.intake.domain.period import Period
from services.intake.domain.words import COURTS, FINALS, TRIAGES, told_until
from services.intake.pages.kit import pages
from services.intake.store import directory
from services.intake.usecases import monthly, reports
from services.intake.usecases.figures import Asked, report
from services.intake.usecases.reading import scope
from shared import clock
from shared.dates import month_typed
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted, narrowing
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/figures", include_in_schema=False)

Looking = Annotated[Actor, permit(Action.READ_FIGURES)]
RATES = (("response", "响应率"), ("on_time", "按时率"), ("solution", "解决率"), ("satisfaction", "满意率"))
PICTURED = 8
"""Departments in a picture at most; the table beside it has all."""
ACROSS = {
    "petitioner": "诉求人类型",
    "channel": "渠道",
    "center": "受理中心",
    "size": "单位规模",
    "ownership": "所有制",
    "capital": "资本来源",
    "stage": "投资阶段",
}
PRACTICES = (
    ("just_before", "压线答复后又重办"),
    ("late_declines", "临期退单"),
    ("extended", "承诺后延期"),
    ("serial_extensions", "多次延期"),
    ("serial_plans", "多次承诺"),
)
_HERE = "/intake/figures"


@dataclass(frozen=True)
class Wanted:
    """Whose figures, and of which month."""

    center: str | None
    first: date
    typed: str = ""
    """What was typed for the month, where it is none."""

    @property
    def asked(self) -> Asked:
        """The same as a period."""
        return Asked(self.center, Period(*months(self.first, 1)))

    @property
    def query(self) -> str:
        """The same in an address."""
        return f"?{urlencode({'month': f'{self.first:%Y-%m}'} | ({'center': self.center} if self.center else {}))}"


def wanted(
    request: Request,
    month: Annotated[str, Query(max_length=20)] = "",
    center: Annotated[str, Query(max_length=80)] = "",
) -> Wanted:
    """What the address asks for: without a month, this one. Of one that is none, the page says so and shows nothing."""
    now = Wanted(center or None, clock.now().date().replace(day=1), month)
    actor: Actor = request.state.actor
    narrowing(request, lambda session, form: _show(request, session, actor, now, "figures_refused.html", form=form))
    return Wanted(now.center, month_typed(month)) if month else now


Given = Annotated[Wanted, Depends(wanted)]


@router.get("")
async def show_month(request: Request, actor: Looking, session: Reader, given: Given) -> HTMLResponse:
    """三率 and what else happened in the month, beside the month before; departments ranked."""
    return await _month(request, session, actor, given)


@router.post("/paper")
async def issue_month(
    request: Request, actor: Annotated[Actor, permit(Action.ISSUE)], form: Posted, session: Session
) -> Response:
    """Give the month's report its number and date."""
    given = Wanted(form.text("center") or None, month_typed(form.text("month")))

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await _month(request, session, actor, given, form)

    form.again = again
    paper = await number_month(session, actor, given.center, given.first)
    return done(f"{_HERE}{given.query}", f"月度分析报告已编号：{paper.number}，请打印。")


async def _month(
    request: Request, session: AsyncSession, actor: Actor, given: Wanted, form: Form = EMPTY
) -> HTMLResponse:
    found = await report(session, actor, given.center, given.first, 1, None)
    ranked = sorted((line for line in found.departments if line.rank), key=lambda line: (line.rank or 0, line.code))
    others = [line for line in found.departments if not line.rank]
    courts = found.now.handling.courts
    most = max((time.working for time in courts.values()), default=0) or 1
    paper = await monthly.issued(session, actor, given.center, given.first)
    is_own = actor.center and await monthly.whose(session, actor, given.center) == actor.center
    return await _show(
        request, session, actor, given, "figures.html",
        found=found,
        until=told_until(found.until),
        departments=[*ranked, *others],
        pictured=[
            {"name": label, "values": [getattr(line.now.rates, name).percent for line in [*ranked, *others][:PICTURED]]}
            for name, label in RATES
        ],
        rates=RATES,
        courts=[(COURTS[court], time.working, 100 * time.working / most) for court, time in courts.items()],
        triages=TRIAGES,
        finals=FINALS,
        reads_ledger=actor.may(Action.READ_LEDGER),
        form=form,
        here=_HERE,
        paper=paper,
        may_number=actor.may(Action.ISSUE) and is_own and not paper and monthly.is_over(given.first),
    )  # fmt: skip


@router.get("/months")
async def show_months(request: Request, actor: Looking, session: Reader, given: Given) -> HTMLResponse:
    """How much came in and was closed, month by month up to the one asked for."""
    found = await reports.months(session, actor, given.center, given.first)
    return await _show(request, session, actor, given, "months.html", found=found)


@router.get("/quarterly")
async def show_quarter(request: Request, actor: Looking, session: Reader, given: Given) -> HTMLResponse:
    """The draft of the summary of the quarter the month lies in, for an editor to finish (总结推广)."""
    place = (given.first.month + 2) // 3
    found = await reports.summary(session, actor, given.center, given.first.year, place, None)
    return await _show(
        request, session, actor, given, "quarterly.html",
        found=found, place=place, rates=RATES, reads_ledger=actor.may(Action.READ_LEDGER),
    )  # fmt: skip


@router.get("/equality")
async def show_equality(request: Request, actor: Looking, session: Reader, given: Given) -> HTMLResponse:
    """Whether anybody is treated better than others (Art. 2)."""
    found = await reports.equality(session, actor, given.asked)
    return await _show(request, session, actor, given, "equality.html", found=found, across=ACROSS)


@router.get("/topics")
async def show_topics(request: Request, actor: Looking, session: Reader, given: Given) -> HTMLResponse:
    """What many people complain of."""
    found = await reports.topics(session, actor, given.asked)
    return await _show(
        request, session, actor, given, "topics.html", found=found, reads_ledger=actor.may(Action.READ_LEDGER)
    )


@router.get("/gaming")
async def show_gaming(request: Request, actor: Looking, session: Reader, given: Given) -> HTMLResponse:
    """What makes clocks look good and helps nobody."""
    found = await reports.gaming(session, actor, given.asked, Thresholds())
    return await _show(
        request, session, actor, given, "gaming.html",
        found=found, practices=PRACTICES, reads_ledger=actor.may(Action.READ_LEDGER),
    )  # fmt: skip


async def _show(
    request: Request, session: AsyncSession, actor: Actor, given: Wanted, template: str, **shown: Any
) -> HTMLResponse:
    names = await directory.names(session)
    hours: Callable[[float], str] = lambda seconds: f"{seconds / 3600:.1f}"  # noqa: E731
    return await pages.show(
        request,
        template,
        tab="figures",
        given=given,
        earlier=Wanted(given.center, before(given.first, 1)),
        centers=[(code, names.center(code)) for code in sorted(await scope(session, actor))],
        hours=hours,
        **{"here": request.url.path} | shown,
    )
