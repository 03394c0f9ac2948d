"""What can be printed of an order, and what is issued about it under somebody's signature (mechanism §6, §10)."""

from collections.abc import Sequence
from datetime import datetime
from importlib import resources

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import papers
from services.dispatch.domain.answers import named
from services.dispatch.domain.papers import Contact
from services.dispatch.tables import Order
from services.dispatch.usecases import desk, drafting, oversight, petitioners, reading
from services.dispatch.usecases.drafting import Draft
from shared import clock, replica
from shared.events.dispatch import LetterIssued
from shared.events.sla import Rung
from shared.papers import keeping
from shared.papers.forms import LETTER
from shared.papers.kinds import KINDS, Kind
from shared.papers.letter import Letter, Person
from shared.papers.printing import Form, Sheets
from shared.papers.tables import IssuedPaper
from shared.refusals import FieldFault, Forbidden, Invalid, NotFound, NotPossible
from shared.security.roles import Actor, Role, must_reach

MOST_ORDERS = 200
"""In one printing."""
_FOLDER = resources.files("services.dispatch") / "templates" / "papers"
_SAMPLE = papers.work_order(
    "SQ-2026-0231", Person("李秀英", "", "19900001001", "沈丘县槐店回族镇东关社区"),
    datetime.fromisoformat("2026-11-23T09:12:00+08:00"), "difficulty", "办理不动产登记时被告知缺少材料。",
    ("沈丘县自然资源局", "沈丘县住房和城乡建设局"), datetime.fromisoformat("2026-11-30T17:30:00+08:00"),
    Contact("张敏", "0394-5000001"), "", provisional=False,
)  # fmt: skip
_MEANINGS = {
    "number": "编号",
    "name": "姓名或单位名称",
    "contact_person": "单位联系人",
    "phone": "联系电话",
    "reported": "诉求反映时间",
    "category": "诉求反映类别",
    "address": "联系地址",
    "content": "诉求主要内容",
    "departments": "政务服务责任部门及牵头部门",
    "due": "完成时限",
    "contact": "工作单联系人",
    "contact_phone": "工作单联系人的电话",
    "remarks": "备注",
}
_REQUIRED = ("number", "name", "content", "departments", "due")
WORK_ORDER = Form(_FOLDER / "work-order.typ", _FOLDER / "work-order.docx", _SAMPLE, _MEANINGS, _REQUIRED)
FORMS: dict[Kind, Form] = {Kind.WORK_ORDER: WORK_ORDER} | dict.fromkeys(
    (Kind.SUPERVISION, Kind.CIRCULAR, Kind.REPORT, Kind.COPY, Kind.REFERRAL, Kind.REASONS, Kind.EXTENSION), LETTER
)
"""The papers of dispatch; each kind's Word template can be replaced."""


async def work_orders(session: AsyncSession, actor: Actor, complaint_ids: Sequence[str]) -> Sheets:
    """The work orders (annex 2) of these complaints, in this order.

    Raises `Invalid` when there are none or too many, and what reading one of them raises.
    """
    if not 0 < len(complaint_ids) <= MOST_ORDERS:
        sentence = f"一次最多打印{MOST_ORDERS}件工作单，至少一件，请分批打印。"
        raise Invalid("too-many-orders", sentence, [FieldFault("complaint_ids", sentence)])
    found = await store.order_files(session, complaint_ids)
    names = await replica.department_titles(session)
    cells, dates = [], []
    templates: dict[str, bytes] = {}
    for complaint_id in complaint_ids:
        order = found.get(complaint_id)
        await reading.must_read_order(session, actor, order)
        assert order
        cells.append(await _cells(session, actor, order, names))
        dates.append(order.dispatched_at or order.complaint.registered_at)
        if order.handling_center not in templates:
            templates[order.handling_center] = await _template(session, Kind.WORK_ORDER, order.handling_center)
    first = found[complaint_ids[0]]
    each = tuple(templates[found[complaint_id].handling_center] for complaint_id in complaint_ids)
    name = first.complaint.number if len(cells) == 1 else f"{first.complaint.number}等{len(cells)}件"
    return Sheets(Kind.WORK_ORDER, WORK_ORDER.layout, tuple(cells), max(dates), each, tuple(complaint_ids), name)


async def _template(session: AsyncSession, kind: Kind, center: str) -> bytes:
    """The Word template in force at a center."""
    _, content = await keeping.template_in_force(session, kind, center, FORMS[kind].shipped)
    return content


async def _cells(session: AsyncSession, actor: Actor, order: Order, names: dict[str, str]) -> dict[str, str]:
    complaint, leg = order.complaint, order.current_leg if order.leg else None
    shown = await reading.is_shown_the_petitioner(session, actor, order)
    return papers.work_order(
        complaint.number,
        drafting.person(order) if shown else drafting.hidden(order),
        complaint.reported_at,
        complaint.category,
        complaint.content if shown else petitioners.out_of(complaint.petitioner, complaint.content),
        [named(party.party, names) for party in order.parties],
        leg.due_at if leg else None,
        await drafting.contact(session, order.handling_center),
        (complaint.remarks or "") if shown else petitioners.out_of(complaint.petitioner, complaint.remarks or ""),
        provisional=bool(leg and leg.provisional),
    )


async def drafts(session: AsyncSession, actor: Actor, complaint_id: str) -> list[Draft]:
    """The papers an order calls for, oldest first, each with what was issued for it.

    Inspection and government are shown those that were issued to them.
    """
    return await drafts_of(session, actor, await reading.opened(session, actor, complaint_id))


async def drafts_of(session: AsyncSession, actor: Actor, order: Order) -> list[Draft]:
    """The same of an order that this actor may read."""
    found = await drafting.drafts(session, order)
    if actor.role not in reading.ABOVE:
        return found
    return [each for each in found if each.issued and oversight.is_addressed(actor, order, each.kind, each.occasion)]


async def issue(
    session: AsyncSession, actor: Actor, complaint_id: str, kind: Kind, occasion: str | None
) -> IssuedPaper:
    """Issue a draft under this person's signature: it gets its number and date, once for each occasion.

    Without an occasion, the oldest of this kind that is not issued yet. Circular, report and copy are the head's.
    """
    if kind in papers.HEADS_ONLY and actor.role is not Role.HEAD:
        raise Forbidden("heads-only", f"{KINDS[kind].name}须由中心负责人签发。")
    locked = await store.order_for_change(session, complaint_id)
    order = locked and await store.order_file(session, complaint_id)
    if order is None:
        raise NotFound("no-such-order", "没有这件诉求的工作单；刚登记的请先研判分类，稍后再试。")
    must_reach(actor, *order.centers)
    drafts = await drafting.drafts(session, order)
    draft = _chosen([each for each in drafts if actor.reaches(each.center)], kind, occasion)
    now, form = clock.now(), FORMS[kind]
    issued = await keeping.issue(
        session, actor, kind, draft.center, complaint_id, draft.occasion, draft.letter, form.layout, form.shipped, now,
        petitioners.kept(order.complaint.petitioner) if draft.letter.petitioner else None,
    )  # fmt: skip
    left = [each for each in drafts if _belongs_with(each, draft) and each.issued is None and each is not draft]
    if kind in papers.HEADS_ONLY and not left:
        _note_signed(order, draft, now)
    told = {"kind": kind, "name": KINDS[kind].name, "number": issued.number, "by": actor.id, "left": len(left)}
    desk.tell(session, order, LetterIssued, now, leg=draft.leg, **told)
    return issued


def _note_signed(order: Order, draft: Draft, now: datetime) -> None:
    """Nothing about this report awaits a signature any more."""
    for leg in order.legs:
        for fired in leg.rungs:
            if (leg.number, fired.rung) == (draft.leg, Rung.REPORTED):
                fired.signed_at = now


def _belongs_with(other: Draft, draft: Draft) -> bool:
    """Circular, report and copy of one leg are issued together."""
    return other.occasion == draft.occasion and {other.kind, draft.kind} <= papers.HEADS_ONLY


def _chosen(found: Sequence[Draft], kind: Kind, occasion: str | None) -> Draft:
    fitting = [draft for draft in found if draft.kind is kind and occasion in (None, draft.occasion)]
    if not fitting:
        raise NotPossible("nothing-to-issue", f"本件目前没有需要出具的{KINDS[kind].name}。")
    for draft in fitting:
        if draft.issued is None:
            return draft
    raise NotPossible("issued-already", f"本件的{KINDS[kind].name}已经签发，请直接打印。")


async def draft_sheets(
    session: AsyncSession, actor: Actor, complaint_id: str, kind: Kind, occasion: str | None
) -> Sheets:
    """A draft as it stands, without number, date and signature, to be read or edited before it is signed."""
    order = await store.order_file(session, complaint_id)
    await reading.must_read_order(session, actor, order)
    assert order
    draft = _chosen(await drafting.drafts(session, order), kind, occasion)
    shown = await reading.is_shown_the_petitioner(session, actor, order)
    letter = draft.letter.about(drafting.person(order) if shown else None)
    templates = (await _template(session, kind, draft.center),)
    name = f"（草稿）{order.complaint.number}"
    return Sheets(kind, FORMS[kind].layout, (letter.values(),), draft.since, templates, (complaint_id,), name)


async def issued_sheets(session: AsyncSession, actor: Actor, paper_id: str) -> Sheets:
    """A paper that was issued, as it was: whom it names is called as on that day, unless he was erased since."""
    paper = await keeping.issued(session, paper_id)
    order = await store.order_file(session, paper.subject) if paper else None
    if paper is None or order is None:
        raise NotFound("no-such-paper", "没有这份文书，请核对编号。")
    await reading.must_read_order(session, actor, order)
    kind = Kind(paper.kind)
    if actor.role in reading.ABOVE and not oversight.is_addressed(actor, order, kind, paper.occasion):
        raise NotFound("no-such-paper", "没有这份文书，请核对编号。")
    shown = await reading.is_shown_the_petitioner(session, actor, order)
    petitioner = order.complaint.petitioner
    whom = petitioners.kept(petitioner) if petitioner.name is None else paper.petitioner or petitioners.kept(petitioner)
    letter = Letter.of(paper.letter).about(drafting.as_kept(whom, order.complaint_id) if shown else None)
    layout, templates = await keeping.made_with(session, paper, FORMS[kind].layout, FORMS[kind].shipped)
    return Sheets(kind, layout, (letter.values(),), paper.issued_at, templates, (paper.subject,), paper.number)


async def issued(
    session: AsyncSession, actor: Actor, kind: Kind | None, before: str | None, limit: int
) -> Sequence[IssuedPaper]:
    """What this actor's center has issued, the newest first."""
    return await keeping.issued_by_centers(session, [actor.center or ""], kind, before, limit)


async def numbers(session: AsyncSession, issued: Sequence[IssuedPaper]) -> dict[str, str]:
    """The numbers of the complaints that these papers are about, by id."""
    return await store.numbers_of(session, {paper.subject for paper in issued})


async def unsigned(session: AsyncSession, actor: Actor, limit: int) -> list[tuple[Order, datetime]]:
    """The orders of this actor's center whose circular, report or copy awaits its signature, and since when."""
    found = await store.unsigned_reports(session, [actor.center or ""], limit)
    return [(order, rung.at) for order, rung in found]
