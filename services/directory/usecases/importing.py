"""Many facts of a kind at once, as a table had them: looked at beside what there is, then entered or corrected."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain import facts as rules
from services.directory.usecases import accounts, registry
from services.directory.usecases.telling import tell
from shared.refusals import FieldFault
from shared.security import passwords
from shared.security.roles import Actor


@dataclass(frozen=True)
class Line:
    """A row of the table that reads as a fact."""

    number: int
    key: str
    data: dict[str, Any]


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a row, and at which field of the fact; empty for the row as a whole."""

    number: int
    field: str
    message: str


@dataclass
class Plan:
    """What would be done with the rows that are good, and what is wrong with the others."""

    entered: list[Line] = field(default_factory=list)
    corrected: list[Line] = field(default_factory=list)
    same: int = 0
    faults: list[LineFault] = field(default_factory=list)

    @property
    def bad(self) -> int:
        """How many rows are bad."""
        return len({fault.number for fault in self.faults})


async def plan(
    session: AsyncSession, kind: str, lines: Sequence[Line], absent: Collection[str], unread: Sequence[LineFault]
) -> Plan:
    """Look at every row, each beside what there is and the good ones before it; `unread` are the faults found before.

    A field that is `absent` from the table stays as it is. What says nothing new is the same, however often it comes.
    """
    await store.take(session)
    known = await store.all_facts(session)
    of_kind = known.setdefault(kind, {})
    found, first = Plan(faults=list(unread)), dict[str, int]()
    for line in lines:
        if line.key in first:
            found.faults.append(LineFault(line.number, "code", f"与第{first[line.key]}行重复，请只留一行。"))
            continue
        first[line.key] = line.number
        kept = of_kind.get(line.key)
        data = _as_it_would_be(kept, line, absent)
        if faults := _faults(kind, line.key, kept, data, known):
            found.faults += [LineFault(line.number, fault.field, fault.message) for fault in faults]
        elif kept is None:
            found.entered.append(Line(line.number, line.key, data))
        elif data == kept:
            found.same += 1
        else:
            found.corrected.append(Line(line.number, line.key, data))
        if not faults:
            of_kind[line.key] = data
    found.faults.sort(key=lambda fault: fault.number)
    return found


async def apply(session: AsyncSession, actor: Actor, kind: str, found: Plan, reason: str) -> None:
    """Enter and correct the good rows."""
    known = await store.all_facts(session)
    new = [(line.key, await registry.begun(session, kind, line.data)) for line in found.entered]
    with session.no_autoflush:  # history and announcements of all of them are written together
        for key, data in (*new, *((line.key, line.data) for line in found.corrected)):
            center = rules.home(kind, key, data, known)
            told = {name: value for name, value in data.items() if name != "center"}
            await tell(session, kind, key, center, told, by=actor.id, reason=reason)


async def give_passwords(session: AsyncSession, lines: Sequence[Line]) -> list[tuple[Line, str]]:
    """A password for one login for each of these members, told once."""
    given = [(line, accounts.one_time()) for line in lines]
    for line, password in given:
        await store.set_password(session, line.key, passwords.hashed(password, is_quick=True), must_change=True)
    return given


def _as_it_would_be(kept: dict[str, Any] | None, line: Line, absent: Collection[str]) -> dict[str, Any]:
    if kept is None:
        return line.data | {"active": True}
    return kept | {name: value for name, value in line.data.items() if name not in absent}


def _faults(
    kind: str, key: str, kept: dict[str, Any] | None, data: dict[str, Any], known: dict[str, dict[str, dict[str, Any]]]
) -> list[FieldFault]:
    if kept is not None and not kept["active"]:
        return [FieldFault("", "它已经停用；请先在页面上恢复使用，再导入。")]
    if faults := rules.faults(kind, key, data, known):
        return faults
    if kind == "member" and rules.is_last_administrator(key, data, known):
        return [FieldFault("role", "这是最后一位管理员，不能改为其他岗位。")]
    return []
