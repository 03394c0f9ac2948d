"""The desks of those who write, approve and sign cases: what waits for each, and what may be done with a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain.cases import State, Step, open_to
from services.casebook.store import cases as store
from services.casebook.tables import Case
from services.casebook.usecases import desk
from shared import replica
from shared.security.roles import Action, Actor

AT_ONCE = 50
"""How many cases a page of a desk shows."""

TAKEN_BY: Mapping[Step, Action] = {
    Step.EDIT: Action.WRITE_CASE,
    Step.CONFIRM: Action.WRITE_CASE,
    Step.SUBMIT: Action.WRITE_CASE,
    Step.APPROVE: Action.APPROVE_CASE,
    Step.RETURN: Action.APPROVE_CASE,
    Step.COSIGN: Action.COSIGN_CASE,
    Step.PUBLISH: Action.APPROVE_CASE,
    Step.WITHDRAW: Action.APPROVE_CASE,
    Step.REVISE: Action.WRITE_CASE,
}
"""What whoever takes a step must be allowed to do; the others follow from one of these, or belong to a complaint."""


@dataclass(frozen=True)
class Lying:
    """A case on a desk, and the departments that have yet to sign it."""

    case: Case
    unsigned: Sequence[str] = ()


@dataclass(frozen=True)
class Shelf:
    """A part of a desk."""

    lying: Sequence[Lying] = ()
    has_more: bool = False


@dataclass(frozen=True)
class Offer:
    """What may be done with a case now, and what hinders the rest."""

    steps: Sequence[Step] = ()
    unsigned: Sequence[str] = ()
    """Departments that have yet to sign, by `<center>/<code>`."""
    newer: Case | None = None
    """The case that is being written to replace it."""
    writers: Collection[str] = field(default_factory=frozenset)


async def of_writer(session: AsyncSession, actor: Actor, states: Collection[State], page: int = 1) -> Shelf:
    """The cases of this editor's centers in these states, what changed last first."""
    return await _shelf(session, states, await _written_here(session, actor), page)


async def of_approver(session: AsyncSession, states: Collection[State], page: int = 1) -> Shelf:
    """The cases in these states, of the whole house; what is approved with whoever has yet to sign."""
    if set(states) == {State.APPROVED}:
        return Shelf([Lying(case, _unsigned(case, signed)) for case, signed in await store.approved(session)])
    return await _shelf(session, states, None, page)


async def of_signer(session: AsyncSession, actor: Actor) -> tuple[Shelf, Shelf]:
    """The approved cases this officer's department is named on: those it has yet to sign, and those it has signed."""
    department = f"{actor.center}/{actor.department}"
    named = [(case, signed) for case, signed in await store.approved(session) if department in case.departments]
    lying = [Lying(case, _unsigned(case, signed)) for case, signed in named]
    waiting = [each for each in lying if department in each.unsigned]
    return Shelf(waiting), Shelf([each for each in lying if each not in waiting])


async def how_many(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """How many cases are in each state, as far as this one writes or approves them; and how many candidates wait."""
    if actor.may(Action.APPROVE_CASE):
        return await store.how_many(session, None)
    centers = await _written_here(session, actor)
    counted = await store.how_many(session, centers)
    return {**counted, "candidates": await store.open_candidates(session, centers)}


async def waiting(session: AsyncSession, actor: Actor) -> int:
    """How many things wait for this one to write, approve, publish or sign."""
    if actor.may(Action.COSIGN_CASE):
        return len((await of_signer(session, actor))[0].lying)
    counted = await how_many(session, actor)
    if actor.may(Action.WRITE_CASE):
        return counted.get("candidates", 0) + counted.get(State.RETURNED, 0)
    ready = sum(not _unsigned(case, signed) for case, signed in await store.approved(session))
    return counted.get(State.SUBMITTED, 0) + ready


async def offer(session: AsyncSession, actor: Actor, case: Case) -> Offer:
    """What this one may do with a case that he may see. Submitting is offered though parts of it may be missing."""
    standing = await desk.standing(session, case)
    unsigned = await desk.unsigned(session, case)
    newer = await store.replacement_of(session, case.id) if case.state == State.PUBLISHED else None
    here = actor.reaches(case.center, await replica.parent_of(session, case.center))
    hindered = {
        Step.CONFIRM: standing.is_confirmed,
        Step.SUBMIT: not standing.is_confirmed,
        Step.COSIGN: f"{actor.center}/{actor.department}" not in unsigned,
        Step.PUBLISH: bool(unsigned),
        Step.REVISE: newer is not None,
    }
    steps = [
        step
        for step in open_to(standing, actor.id)
        if (action := TAKEN_BY.get(step))
        and actor.may(action)
        and (here or action is not Action.WRITE_CASE)
        and not hindered.get(step)
    ]
    return Offer(steps, unsigned, newer, standing.writers)


async def _shelf(session: AsyncSession, states: Collection[State], centers: Collection[str] | None, page: int) -> Shelf:
    found = await store.of_states(session, states, centers, limit=AT_ONCE + 1, offset=(page - 1) * AT_ONCE)
    return Shelf([Lying(case) for case in found[:AT_ONCE]], len(found) > AT_ONCE)


async def _written_here(session: AsyncSession, actor: Actor) -> list[str]:
    return desk.reach(actor, await replica.center_parents(session))


def _unsigned(case: Case, signed: Collection[str]) -> list[str]:
    return [department for department in case.departments if department not in signed]
