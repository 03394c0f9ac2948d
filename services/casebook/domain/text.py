"""What a guidance case says, and when it is whole (Art. 11; mechanism §8)."""

import re
from dataclasses import dataclass, fields

from shared.events.dispatch import CaseSuggested
from shared.refusals import FieldFault, Invalid

_NAMES = {"title": "标题", "problem": "问题详情", "method": "处理方法", "steps": "处理步骤", "conclusion": "结论意见"}
"""What must be there; the basis is given where there is one."""
_TITLE_LENGTH = 60


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
    """What the closing of a typical complaint already tells; its method and steps are for the editor to write."""
    conclusion = "\n".join(part for part in (event.result, event.reasons) if part)
    title = re.split(r"[。！？!?\n]", event.problem.strip())[0][:_TITLE_LENGTH]
    return Text(title or "典型诉求", event.problem, conclusion=conclusion, basis=event.legal_basis or "")


def must_be_whole(text: Text) -> None:
    """Refuse, naming each, a case without its problem, method, steps or conclusion (Art. 11)."""
    missing = [field for field in _NAMES if not getattr(text, field)]
    if missing:
        faults = [FieldFault(field, f"请填写{_NAMES[field]}。") for field in missing]
        raise Invalid("incomplete", "提交审核前请补全：" + "、".join(_NAMES[field] for field in missing) + "。", faults)
