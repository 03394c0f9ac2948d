"""Reading the fields of what was sent, remembering everything that is wrong with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from shared.cleaning import ControlCharacter, clean
from shared.refusals import FieldFault, Invalid


@dataclass(frozen=True)
class Fault(FieldFault):
    """One thing wrong with a submission: the dotted path of the field, what to do about it, and a code for machines."""

    code: str


class Refused(Invalid):
    """This cannot be registered; every fault is named. `source_ref` is there when it alone could be read."""

    def __init__(self, faults: Sequence[Fault], source_ref: str | None = None) -> None:
        super().__init__("bad-submission", f"诉求未能登记，有{len(faults)}处需要改正。", faults)
        self.faults = tuple(faults)
        self.source_ref = source_ref


class Fields:
    """The fields of one object; unknown ones are never looked at, and null is the same as absent."""

    def __init__(self, values: Mapping[str, object], faults: list[Fault], path: str = "") -> None:
        self._values = values
        self._faults = faults
        self._path = path

    def refuse(self, name: str, code: str, message: str) -> None:
        """Remember a fault of this field."""
        self._faults.append(Fault(self.path(name), message, code))

    def refused(self, name: str) -> bool:
        """Whether this field has a fault."""
        return any(fault.field == self.path(name) for fault in self._faults)

    def path(self, name: str) -> str:
        """The field's dotted path from the top."""
        return f"{self._path}.{name}" if self._path else name

    def value(self, name: str) -> object:
        """The field as it was sent."""
        return self._values.get(name)

    def text(self, name: str, label: str, most: int, *, least: int = 1, lines: bool = False) -> str:
        """A text that must be there, cleaned; "" with a fault otherwise."""
        text = self.maybe_text(name, label, most, lines=lines)
        if text is not None and len(text) < least:
            self.refuse(name, "too-short", f"{label}至少要有{least}个字，请补充完整。")
        if text is None and not self.refused(name):
            self.refuse(name, "required", f"请填写{label}。")
        return text or ""

    def maybe_text(self, name: str, label: str, most: int, *, lines: bool = False) -> str | None:
        """A text, cleaned; None when it is absent or blank, or with a fault."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(name, "type", f"{label}应当是文字，请按文字（字符串）提交。")
            return None
        try:
            text = clean(value, lines=lines)
        except ControlCharacter:
            allowed = "" if lines else "、换行"
            self.refuse(
                name, "control-character", f"{label}里有空字符{allowed}等控制字符或残缺的字符，请删去后重新提交。"
            )
            return None
        if len(text) > most:
            self.refuse(name, "too-long", f"{label}最多{most}个字，现有{len(text)}个字，请缩短。")
            return None
        return text or None

    def one_of(self, name: str, label: str, known: Collection[str]) -> str:
        """One of the known words; "" with a fault otherwise."""
        word = self.text(name, label, 100)
        if word and word not in known:
            self.refuse(name, "unknown", f"{label}只能是下列之一：{'、'.join(known)}。")
            return ""
        return word

    def flag(self, name: str, label: str) -> bool:
        """True or false; false when absent."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, bool):
            self.refuse(name, "type", f"{label}只能是 true 或 false。")
        return value is True

    def part(self, name: str, label: str) -> "Fields | None":
        """The fields of an object within; None when it is absent, or with a fault."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(name, "type", f"{label}应当是一个对象，请逐项提交。")
            return None
        return Fields(value, self._faults, self.path(name))
