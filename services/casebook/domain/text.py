"""What a guidance case says, and when it is whole (Art. 11; mechanism §8)."""

import re
from dataclasses import dataclass, fields

from shared.events.dispatch import CaseSuggested
from shared.refusals import FieldFault, Invalid

PARTS = {
    "title": "标题",
    "problem": "问题详情",
    "method": "处理方法",
    "steps": "处理步骤",
    "conclusion": "结论意见",
    "basis": "政策依据",
}
"""What its parts are called, in order."""
_NEEDED = tuple(part for part in PARTS if part != "basis")
"""What must be there; the basis is given where there is one."""


@dataclass(frozen=True)
class Text:
    """What a case says: Art. 11's problem, method, steps and conclusion, and what it rests on."""

    title: str
    problem: str
    method: str = ""
    steps: str = ""
    conclusion: str = ""
    basis: str = ""

    def parts(self) -> dict[str, str]:
        """Everything it says, by field, in order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def drafted_from(event: CaseSuggested) -> Text:
    """What the closing of a typical complaint already tells; its method and steps are for the editor to write.

    The first sentence is the title, whole: what is personal in it can only be told from the whole.
    """
    conclusion = "\n".join(part for part in (event.result, event.reasons) if part)
    title = re.split(r"[。！？!?\n]", event.problem.strip())[0]
    return Text(title or "典型诉求", event.problem, conclusion=conclusion, basis=event.legal_basis or "")


def missing(text: Text) -> list[str]:
    """What is still to be written before a case can be submitted, by field."""
    return [field for field in _NEEDED if not getattr(text, field)]


def must_be_whole(text: Text) -> None:
    """Refuse, naming each, a case without its problem, method, steps or conclusion (Art. 11)."""
    if lacking := missing(text):
        faults = [FieldFault(field, f"请填写{PARTS[field]}。") for field in lacking]
        raise Invalid("incomplete", "提交审核前请补全：" + "、".join(PARTS[field] for field in lacking) + "。", faults)
