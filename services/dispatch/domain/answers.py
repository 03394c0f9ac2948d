"""Which answer answers what, and what must stand in it (Art. 8)."""

from collections.abc import Mapping, Sequence

from shared.events.dispatch import Party, ReplyKind, Stage
from shared.events.intake import Triage
from shared.refusals import FieldFault, Invalid, NotPossible

ACCEPTS: Mapping[tuple[Stage, ReplyKind], frozenset[ReplyKind]] = {
    (Stage.REPLY, ReplyKind.PLAN): frozenset({ReplyKind.PLAN, ReplyKind.RESULT, ReplyKind.REASONS}),
    (Stage.REPLY, ReplyKind.REASONS): frozenset({ReplyKind.REASONS, ReplyKind.RESULT}),
    (Stage.REPLY, ReplyKind.RESULT): frozenset({ReplyKind.RESULT, ReplyKind.PLAN, ReplyKind.REASONS}),
    (Stage.RESULT, ReplyKind.RESULT): frozenset({ReplyKind.RESULT, ReplyKind.REASONS}),
}
"""By stage and the answer that is due: what the lead may answer. A stage may be answered by something further on."""

_NAMES = {ReplyKind.REASONS: "办不了的理由和依据", ReplyKind.PLAN: "解决方案", ReplyKind.RESULT: "办理结果"}


def must_answer(stage: Stage, due: ReplyKind, given: ReplyKind) -> None:
    """Refuse a lead's answer that does not answer this stage."""
    accepted = ACCEPTS[stage, due]
    if given not in accepted:
        names = "或".join(_NAMES[kind] for kind in ReplyKind if kind in accepted)
        sentence = f"本阶段应当答复{names}，不能只答复{_NAMES[given]}。"
        raise Invalid("wrong-kind", sentence, [FieldFault("kind", sentence)])


def must_be_founded(kind: ReplyKind, legal_basis: str | None) -> None:
    """Reasons why something cannot be done come with their legal basis (Art. 8)."""
    if kind is ReplyKind.REASONS and not legal_basis:
        sentence = "告知“办不了”必须写明具体理由和法律、政策依据，请填写依据。"
        raise Invalid("no-legal-basis", sentence, [FieldFault("legal_basis", sentence)])


def must_be_complete(kind: ReplyKind, missing: Sequence[str]) -> None:
    """A lead cannot report the result before every co-handler has answered; `missing` names those who have not."""
    if kind is ReplyKind.RESULT and missing:
        raise NotPossible("co-handlers-first", f"协办单位尚未全部答复，请先等{'、'.join(missing)}答复后再报办理结果。")


def must_be_current(now: tuple[int, Stage], said: tuple[int | None, Stage | None]) -> None:
    """Refuse an answer that was written for another round or stage than the one that is open."""
    round_, stage = said
    if (now[0] if round_ is None else round_, stage or now[1]) != now:
        raise NotPossible("stale-answer", f"本件现为第{now[0]}轮{_STAGES[now[1]]}，请核对后按当前轮次和阶段重新答复。")


_STAGES = {Stage.REPLY: "答复阶段", Stage.RESULT: "结果阶段"}


def triage_after(triage: Triage, kind: ReplyKind) -> Triage:
    """A lead's reasons prove that it cannot be done, whatever it was taken for (mechanism §5)."""
    return Triage.CANNOT if kind is ReplyKind.REASONS else triage


def named(party: Party, names: Mapping[str, str]) -> str:
    """What people call a department; its code where the directory has not told."""
    code = code_of(party)
    return names.get(code, code)


def code_of(party: Party) -> str:
    """`<center>/<department>`."""
    return f"{party.center}/{party.department}"
