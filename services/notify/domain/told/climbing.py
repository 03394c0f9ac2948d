"""Who is told of the ladder, of clues, and of what the office itself owes (Art. 9; mechanism §3, §6)."""

from services.notify.domain import words
from services.notify.domain.facts import Matter, Names, Notice, tell
from services.notify.domain.recipients import code_of, coordinator, departments, government, head, inspection
from shared.events.dispatch import ClueCopied, Escalation, EscalationReported, EscalationSupervised, EscalationUrged
from shared.events.sla import Reminded, ReminderDue


def urged(event: EscalationUrged, matter: Matter) -> list[Notice]:
    """催办: whoever has not answered (Art. 9)."""
    return _to_late(event, matter, "urged")


def supervised(event: EscalationSupervised, matter: Matter, names: Names) -> list[Notice]:
    """督办: whoever has not answered, and the head of the center (Art. 9)."""
    late, requirement = _late(event, names), _requirement(event)
    return _to_late(event, matter, "supervised") + tell(
        head(matter.handling_center), "supervised", number=matter.number, departments=late, requirement=requirement
    )


def reported(event: EscalationReported, matter: Matter, names: Names) -> list[Notice]:
    """通报: whoever has not answered, the head who signs, and the late one's government and inspection (Art. 9)."""
    readers = [head(matter.handling_center), government(event.level), inspection(event.level)]
    return _to_late(event, matter, "reported") + tell(
        readers, "reported", number=matter.number, departments=_late(event, names)
    )


def clue_copied(event: ClueCopied, matter: Matter) -> list[Notice]:
    """Discipline inspection reads a clue of misconduct (mechanism §9)."""
    return tell(inspection(event.level), "clue", number=matter.number, text=words.clause("线索", event.text))


def reminded(event: ReminderDue, matter: Matter) -> list[Notice]:
    """The managing office that owes the step; its head as well when that did not help (mechanism §3)."""
    readers = [coordinator(event.office)] + ([head(event.office)] if event.to is Reminded.HEAD else [])
    given = {"step": words.STEP[event.step], "due": words.instant(event.due_at), "times": f"{event.times}"}
    return tell(readers, "reminded", number=matter.number, **given)


def _to_late(event: Escalation, matter: Matter, what: str) -> list[Notice]:
    late = departments([code_of(party) for party in event.to])
    return tell(late, what, number=matter.number, requirement=_requirement(event))


def _late(event: Escalation, names: Names) -> str:
    return words.several(names.get(code, code) for code in map(code_of, event.to))


def _requirement(event: Escalation) -> str:
    return words.clause("督办要求" if isinstance(event, EscalationSupervised) else "要求", event.requirement)
