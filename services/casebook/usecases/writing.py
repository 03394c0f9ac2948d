"""Writing a case: begun, said otherwise, what was struck confirmed; and a newer one begun instead of a public one."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.domain import personal
from services.casebook.domain.cases import State, Step
from services.casebook.domain.personal import Struck
from services.casebook.domain.text import Text
from services.casebook.store import cases as store
from services.casebook.tables import Case, as_struck, kept
from services.casebook.usecases import candidates, desk
from shared import clock, replica
from shared.ids import new_id
from shared.refusals import FieldFault, Invalid, NotPossible
from shared.security.roles import Actor, must_reach


@dataclass(frozen=True)
class Written:
    """What an editor writes. `also` names what is to be struck besides, `keep` what is nobody's and stays."""

    text: Text | None
    """None: as the complaint's closing tells it."""
    departments: tuple[str, ...] = ()
    also: Collection[str] = ()
    keep: Collection[str] = ()


async def preview(session: AsyncSession, written: Written) -> tuple[Text, tuple[Struck, ...]]:
    """What would be struck from a text, shown whole to who wrote it; nothing is kept."""
    assert written.text
    return await desk.anonymous(session, written.text, written.also, written.keep)


async def write(
    session: AsyncSession, actor: Actor, written: Written, complaint_id: str | None, mechanism: str | None
) -> Case:
    """Begin a case, from a typical complaint or from another response mechanism, named (Art. 11, task 5)."""
    if (complaint_id is None) == (mechanism is None):
        sentence = "请写明案例来源：一件典型诉求，或其他诉求响应机制的名称（只填一项）。"
        raise Invalid("no-source", sentence, [FieldFault("mechanism", sentence)])
    center, text, struck = actor.center or "", written.text, []
    case = Case(id=new_id(), complaint_id=complaint_id, mechanism=mechanism, state=State.DRAFT, author=actor.id)
    if complaint_id:
        candidate = await candidates.to_draft(session, actor, complaint_id)
        center, struck = candidate.center, candidate.struck
        text = text or candidate.text
        candidate.case_id, candidate.remind_at = case.id, None
    if text is None:
        sentence = "请填写标题和问题详情。"
        raise Invalid("no-text", sentence, [FieldFault("title", sentence)])
    case.center, case.departments = center, await _known(session, written.departments)
    case.revision, case.changed_at, case.citations, case.length, case.indexed = 1, clock.now(), 0, 0, 0
    await _say(session, case, text, written, struck)
    session.add(case)
    return case


async def edit(session: AsyncSession, actor: Actor, case_id: str, written: Written, revision: int | None) -> Case:
    """Say it otherwise; `revision`, when given, is the one the editor had before him. It is to be confirmed anew."""
    assert written.text
    case, state = await desk.take(session, actor, case_id, Step.EDIT)
    await _must_reach(session, actor, case)
    _must_be_newest(case, revision)
    case.departments = await _known(session, written.departments)
    await _say(session, case, written.text, written, case.struck)
    desk.record(session, case, state, Step.EDIT, actor)
    return case


async def confirm(session: AsyncSession, actor: Actor, case_id: str, revision: int) -> Case:
    """Say that what was struck is right and nothing personal is left, in the revision that was shown (mechanism §8)."""
    case, state = await desk.take(session, actor, case_id, Step.CONFIRM)
    await _must_reach(session, actor, case)
    _must_be_newest(case, revision)
    case.confirmed_by = actor.id
    desk.record(session, case, state, Step.CONFIRM, actor)
    return case


async def submit(session: AsyncSession, actor: Actor, case_id: str, remark: str | None) -> tuple[Case, State]:
    """The case, held, when this editor may hand it to the bureau."""
    case, state = await desk.take(session, actor, case_id, Step.SUBMIT, remark)
    await _must_reach(session, actor, case)
    return case, state


async def revise(session: AsyncSession, actor: Actor, case_id: str) -> Case:
    """Begin a newer case that says what this one says; published, it replaces it. There is one at a time."""
    old, state = await desk.take(session, actor, case_id, Step.REVISE)
    await _must_reach(session, actor, old)
    if newer := await store.replacement_of(session, old.id):
        raise NotPossible("revised-already", f"这个案例正在修订（{newer.title}），请在修订稿上修改。")
    case = Case(
        id=new_id(),
        center=old.center,
        complaint_id=old.complaint_id,
        mechanism=old.mechanism,
        state=State.DRAFT,
        author=actor.id,
        replaces=old.id,
        departments=list(old.departments),
        revision=1,
        changed_at=clock.now(),
        citations=0,
        length=0,
        indexed=0,
    )
    case.say(old.text, old.struck)
    session.add(case)
    desk.record(session, old, state, Step.REVISE, actor)
    return case


async def _must_reach(session: AsyncSession, actor: Actor, case: Case) -> None:
    must_reach(actor, case.center, await replica.parent_of(session, case.center))


def _must_be_newest(case: Case, revision: int | None) -> None:
    if revision not in (None, case.revision):
        raise NotPossible("changed-meanwhile", "案例已被他人修改，请刷新后在最新内容上办理。")


async def _known(session: AsyncSession, departments: Collection[str]) -> list[str]:
    """These departments, each once; refused where the directory knows none of that code."""
    names = await replica.department_names(session)
    if unknown := [code for code in departments if code not in names]:
        sentence = f"没有“{unknown[0]}”这个部门，请核对联合发布的部门。"
        raise Invalid("no-such-department", sentence, [FieldFault("departments", sentence)])
    return list(dict.fromkeys(departments))


async def _say(
    session: AsyncSession, case: Case, text: Text, written: Written, before: list[dict[str, object]]
) -> None:
    """Keep the text without what is personal in it; what was struck before and still is stays shown."""
    said, struck = await desk.anonymous(session, text, written.also, written.keep)
    earlier = personal.still_there([as_struck(row) for row in before], said)
    new = [kept(each) for each in struck]
    places = {(row["field"], row["at"]) for row in new}
    shown = [row for row in map(_row, earlier) if (row["field"], row["at"]) not in places]
    case.say(said, sorted([*new, *shown], key=_place))


def _row(struck: Struck) -> dict[str, object]:
    """What was masked when it was kept is not masked again."""
    return vars(struck) | {"kind": struck.kind}


def _place(row: dict[str, object]) -> tuple[int, int]:
    fields = list(Text("", "").parts())
    return fields.index(str(row["field"])), int(str(row["at"]))
