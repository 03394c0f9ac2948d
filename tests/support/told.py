"""The events of one complaint, as notify hears them; each is made once and can be delivered in any order."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from services.notify.tables import Message
from shared.events import Event, dispatch, intake, sla
from shared.events.directory import DepartmentChanged
from shared.events.dispatch import Final, Leg, Party, ReplyKind, Stage
from shared.ids import new_id
from shared.security.seal import Sealer
from shared.settings import settings
from tests.support.alone import Alone, at
from tests.support.examples import example
from tests.support.kernel import make_due

ZRZY, ZJJ = Party(center="sq", department="zrzy"), Party(center="sq", department="zjj")
PERSON = {
    "name": "孙巧玲",
    "contact_person": None,
    "phone": "19900001001",
    "other_contact": None,
    "address": "沈丘县槐店镇吉祥路中段路西14号",
}
QUERY_CODE = "7H3K9Q"


async def let_know_departments(alone: Alone) -> None:
    """Let the service have heard of the departments."""
    for party, name in ((ZRZY, "自然资源局"), (ZJJ, "住建局")):
        code = f"{party.center}/{party.department}"
        await alone.hear(
            happened(DepartmentChanged, code, name=f"沈丘县{name}", short_name=name, code=party.department)
        )


def happened(kind: type[Event], subject: str, /, **given: Any) -> Any:
    """One more event of this kind."""
    return example(kind, **{"event_id": new_id(), "center": "sq", "subject": subject} | given)


EXPECTED = Counter(
    {
        "petitioner: petitioner.registered": 1,
        "hotline-12345: channel.registered": 1,
        "coordinator@sq: coordinator.to-review": 1,
        "sq/zrzy: department.assigned": 1,
        "sq/zjj: department.assigned": 1,
        "petitioner: petitioner.dispatched": 1,
        "hotline-12345: channel.dispatched": 1,
        "sq/zrzy: department.urged": 1,
        "petitioner: petitioner.plan": 1,
        "hotline-12345: channel.replied": 3,
        "sq/zrzy: department.leg-due": 2,
        "sq/zjj: department.leg-due": 2,
        "sq/zrzy: department.supervised": 1,
        "head@sq: head.supervised": 1,
        "sq/zrzy: department.reported": 1,
        "head@sq: head.reported": 1,
        "government@sq: government.reported": 1,
        "supervisor@sq: inspection.reported": 1,
        "sq/zrzy: department.co-handler-answered": 1,
        "coordinator@sq: coordinator.to-check": 3,
        "sq/zrzy: department.returned": 1,
        "petitioner: petitioner.due-moved": 1,
        "sq/zrzy: department.due-moved": 1,
        "sq/zjj: department.due-moved": 1,
        "petitioner: petitioner.result": 2,
        "petitioner: petitioner.redo": 1,
        "sq/zrzy: department.redo": 1,
        "sq/zjj: department.redo": 1,
        "petitioner: petitioner.closed": 1,
        "hotline-12345: channel.closed": 1,
        "sq/zrzy: department.closed": 1,
        "sq/zjj: department.closed": 1,
    }
)
"""Everything told of a `Story`."""


class Story:
    """A complaint of the hotline: a plan, a late result returned once, a redo, the end."""

    def __init__(self, *, number: str = "SQ-2026-0001", **registered: Any) -> None:
        self.id = new_id()
        self._revision = 0
        self.registered = self.of(intake.ComplaintRegistered, number=number, **self._as_registered(registered))
        self.triaged = self.of(intake.ComplaintTriaged, triage="hard")
        self.dispatched = self.of(dispatch.OrderDispatched, lead=ZRZY, co_handlers=[ZJJ], leg=_leg(1, Stage.REPLY))
        self.started = self.of(sla.ClockStarted, leg=1)
        self.urged = self.of(dispatch.EscalationUrged, leg=1, to=[ZRZY])
        self.planned = self._replied(1, 1, kind=ReplyKind.PLAN, next_leg=_leg(2, Stage.RESULT))
        self.started_result = self.of(sla.ClockStarted, leg=2)
        self.supervised = self.of(dispatch.EscalationSupervised, leg=2, to=[ZRZY])
        self.reported = self.of(dispatch.EscalationReported, leg=2, to=[ZRZY], level="sq")
        self.co_replied = self._replied(1, 2, is_lead=False, party=ZJJ)
        self.first_result = self._replied(1, 2)
        self.returned = self.of(dispatch.OrderChecked, passed=False, leg=2, round=2)
        self.moved = self.of(sla.ClockMoved, leg=2, why="returned")
        self.second_result = self._replied(2, 2)
        self.passed = self.of(dispatch.OrderChecked, passed=True, leg=2, round=2)
        self.redone = self.of(dispatch.RedoStarted, round=3, leg=_leg(3, Stage.RESULT))
        self.started_redo = self.of(sla.ClockStarted, leg=3)
        self.third_result = self._replied(3, 3)
        self.passed_again = self.of(dispatch.OrderChecked, passed=True, leg=3, round=3)
        self.closed = self.of(dispatch.OrderClosed, final=Final.ZEROED, handled_by=[ZRZY, ZJJ], number=number)

    @property
    def events(self) -> list[Event]:
        """All of them, as they happened."""
        return [event for event in vars(self).values() if isinstance(event, Event)]

    def of(self, kind: type[Event], /, **given: Any) -> Any:
        """One more event of this complaint."""
        self._revision += 1
        if "revision" in kind.model_fields:
            given = {"revision": self._revision} | given
        return happened(kind, self.id, **given)

    def sealed(self, **person: str | None) -> dict[str, Any]:
        """A petitioner as events carry it."""
        return {"kind": "individual", **_sealer().seal_fields(PERSON | person, self.id)}

    def _as_registered(self, given: dict[str, Any]) -> dict[str, Any]:
        code = _sealer().seal_fields({"query_code": QUERY_CODE}, self.id)
        person = given.pop("person", {})
        usual = {"at": at("11-23 10:00"), "confidential": False, "about": None}
        return {**usual, "petitioner": self.sealed(**person), **code, **given}

    def _replied(self, round_: int, leg: int, **given: Any) -> Any:
        usual = {"kind": ReplyKind.RESULT, "is_lead": True, "needs_consent": False, "party": ZRZY, "next_leg": None}
        return self.of(dispatch.OrderReplied, round=round_, leg=leg, **usual | {"text": f"第{round_}次的结果"} | given)


def _leg(number: int, stage: Stage) -> Leg:
    return example(dispatch.OrderDispatched).leg.model_copy(update={"number": number, "stage": stage})


def _sealer() -> Sealer:
    return Sealer(settings().secret("seal_keys"))


async def told(notify: Alone) -> Counter[str]:
    """Everything that was told, as `recipient: template`."""
    async with notify.store.reading() as session:
        return Counter(f"{row.recipient}: {row.template}" for row in await session.scalars(select(Message)))


async def let_parked_finish(notify: Alone) -> None:
    """Try what is parked until nothing is."""
    while await notify.parked():
        await make_due(notify.store)
        await notify.receiver.retry_due()
