"""What all of these begin and end with: the case in hand, what is known of people, a step on record."""

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain import personal
from services.casebook.domain.cases import OF_A_WRITER, Standing, State, Step, after
from services.casebook.domain.personal import Known, Struck
from services.casebook.domain.text import Text
from services.casebook.store import cases as store
from services.casebook.tables import Case, CaseReview
from shared import clock, replica
from shared.ids import new_id
from shared.refusals import NotFound
from shared.security.roles import Actor, Role


async def take(
    session: AsyncSession, actor: Actor, case_id: str, step: Step, remark: str | None = None
) -> tuple[Case, State]:
    """The case, held, and the state this step leads to; refused as the rules say."""
    case = await store.case(session, case_id, to_change=True)
    if case is None:
        raise NotFound("no-such-case", "没有这个案例。")
    return case, after(await standing(session, case), step, actor.id, remark)


def record(
    session: AsyncSession, case: Case, state: State, step: Step, actor: Actor, remark: str | None = None
) -> None:
    """Take a step: the case is in this state now, and anyone can read who did it, and what they said."""
    now = clock.now()
    case.state, case.changed_at = state, now
    case.revision += 1
    session.add(CaseReview(id=new_id(), case_id=case.id, step=step, by=actor.id, at=now, remark=remark))


async def anonymous(
    session: AsyncSession, text: Text, also: Collection[str] = (), keep: Collection[str] = ()
) -> tuple[Text, tuple[Struck, ...]]:
    """A text without what is personal in it, the names of the staff too, and what was struck."""
    staff = (await replica.names(session, "member")).values()
    return personal.anonymous(text, Known(frozenset(staff), also, keep))


async def office_of(session: AsyncSession, center: str, role: Role) -> str:
    """The center whose people of this role look after a center's cases: its own, else the county's."""
    if await replica.members(session, role, center):
        return center
    return await replica.parent_of(session, center) or center


async def unsigned(session: AsyncSession, case: Case) -> list[str]:
    """The departments that have yet to sign it."""
    signed = {row.department for row in await store.cosignatures(session, case.id)}
    return [department for department in case.departments if department not in signed]


def reach(actor: Actor, parents: Mapping[str, str | None]) -> list[str]:
    """The centers whose cases this one writes: its own, and where that is the county's, the townships' too."""
    return [center for center, parent in parents.items() if actor.center in (center, parent)]


async def standing(session: AsyncSession, case: Case) -> Standing:
    """What must be known of a case to say what may be done with it."""
    wrote = {row.by for row in await store.reviews(session, case.id) if row.step in OF_A_WRITER}
    missing = await unsigned(session, case) if case.departments else []
    names = await replica.department_names(session) if missing else {}
    return Standing(
        State(case.state),
        case.text,
        {case.author, *wrote} - {""},
        is_confirmed=case.confirmed_by is not None,
        unsigned=tuple(names.get(department, department) for department in missing),
    )
