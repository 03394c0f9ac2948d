"""指导案例 on paper: a published case as the bureau hands it out, numbered under its approver's signature (Art. 11)."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain.cases import State
from services.casebook.domain.text import PARTS
from services.casebook.store import cases as store
from services.casebook.tables import Case
from services.casebook.usecases import reading
from shared import clock, replica
from shared.papers import keeping
from shared.papers.forms import LETTER
from shared.papers.kinds import Kind
from shared.papers.letter import Letter, Particular, Style
from shared.papers.offices import office
from shared.papers.printing import Form, Sheets
from shared.papers.tables import IssuedPaper
from shared.refusals import NotFound, NotPossible
from shared.security.roles import Actor

FORMS: dict[Kind, Form] = {Kind.CASE: LETTER}
"""The papers of casebook."""
_OCCASION = "published"


async def issue(session: AsyncSession, actor: Actor, case_id: str) -> IssuedPaper:
    """Give a published case its number, once."""
    case = await store.case(session, case_id, to_change=True)
    if case is None:
        raise NotFound("no-such-case", "没有这个案例。")
    if case.state != State.PUBLISHED:
        raise NotPossible("not-published", "案例发布之后才能编号印发。")
    if await issued(session, case):
        raise NotPossible("issued-already", "这个案例已经编号印发，请直接打印。")
    county = await _county(session, case)
    return await keeping.issue(
        session, actor, Kind.CASE, county, case.id, _OCCASION, await _letter(session, case, county), LETTER.layout,
        LETTER.shipped, clock.now(),
    )  # fmt: skip


async def sheets(session: AsyncSession, actor: Actor, case_id: str) -> Sheets:
    """A case to be printed by whoever may read it: as it was issued, or, before that, as it stands."""
    case = (await reading.read(session, actor, case_id)).case
    county = await _county(session, case)
    if paper := await issued(session, case):
        letter = Letter.of(paper.letter)
        layout, templates = await keeping.made_with(session, paper, LETTER.layout, LETTER.shipped)
        return Sheets(Kind.CASE, layout, (letter.values(),), paper.issued_at, templates, (case.id,), paper.number)
    letter, dated = await _letter(session, case, county), case.published_at or case.changed_at
    _, template = await keeping.template_in_force(session, Kind.CASE, county, LETTER.shipped)
    return Sheets(Kind.CASE, LETTER.layout, (letter.values(),), dated, (template,), (case.id,), case.title)


async def issued(session: AsyncSession, case: Case) -> IssuedPaper | None:
    """The paper of a case that has its number."""
    return next(iter(await keeping.issued_about(session, case.id)), None)


async def _county(session: AsyncSession, case: Case) -> str:
    return await replica.parent_of(session, case.center) or case.center


async def _letter(session: AsyncSession, case: Case, county: str) -> Letter:
    """Published by the bureau, with the departments that have signed it."""
    titles = await replica.department_titles(session)
    bureau = office(county, await replica.center_name(session, county)).bureau
    signed = [titles.get(each, each) for each in case.departments]
    return Letter(
        style=Style.NOTICE,
        office="\n".join((bureau, *signed)),
        title=f"政务服务指导案例\n{case.title}",
        paragraphs=(),
        particulars=tuple(
            Particular(label, words)
            for part, label in PARTS.items()
            if part != "title" and (words := getattr(case, part))
        ),
        closing="本案例作为处理同类问题的指导、借鉴和参考。",
    )
