"""Rules of the directory: what a fact must look like, what leans on it, and when two facts are the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.events.directory import PartnerKind
from shared.refusals import FieldFault

Facts = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""All facts there are: by kind, by code."""

NO_STAFF = ("channel", "public")
"""Roles of whoever does not work here."""


def next_revision(known: tuple[int, Mapping[str, Any]] | None, data: Mapping[str, Any]) -> int | None:
    """The revision under which a fact is told; None when nothing has changed since it was last told."""
    if known is None:
        return 1
    revision, kept = known
    return None if dict(kept) == dict(data) else revision + 1


def faults(kind: str, code: str, data: Mapping[str, Any], known: Facts) -> list[FieldFault]:
    """Everything wrong with a fact that shall be active, beside the others; one refused names it by its field."""
    return list(_CHECKS[kind](code, data, known))


def home(kind: str, code: str, data: Mapping[str, Any], known: Facts) -> str:
    """The center in whose name a fact is told: its own, or the county's where it belongs to the whole county."""
    if kind == "center":
        return code
    if "center" in data:
        return str(data["center"])
    return next(each for each, fact in known.get("center", {}).items() if fact["parent"] is None)


def leaning_on(kind: str, code: str, known: Facts) -> list[str]:
    """The active facts that would lose what they stand on if this one went, as sentences name them.

    A channel's or a department's own queue does not: who is retired reads there what becomes of what it has sent.
    """
    own_queue = kind in ("channel", "department")
    return [
        f"{_CALLED[other]}“{data['name']}”（{each}）"
        for other, facts in known.items()
        if not (own_queue and other == "partner")
        for each, data in facts.items()
        if data["active"] and (other, each) != (kind, code) and (kind, code) in _needs(other, each, data)
    ]


def is_last_administrator(code: str, data: Mapping[str, Any], known: Facts) -> bool:
    """Whether nobody would be left to administer if this member became what `data` says."""
    left = {name: member for name, member in known.get("member", {}).items() if name != code} | {code: data}
    return not any(member["active"] and member["role"] == "administrator" for member in left.values())


def _needs(kind: str, code: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a fact stands on."""
    if kind == "center" and data["parent"]:
        yield "center", data["parent"]
    if kind in ("department", "member", "liaison"):
        yield "center", data["center"]
    if kind == "member" and data.get("department"):
        yield "department", f"{data['center']}/{data['department']}"
    if kind == "partner":
        head, _, rest = code.partition(".")
        if head == PartnerKind.DEPARTMENT:
            yield "department", rest.replace(".", "/")
        elif head == PartnerKind.FEEDBACK:
            yield "channel", rest
        else:
            yield "center", rest


_CALLED = {
    "center": "中心",
    "department": "部门",
    "unit": "外部单位",
    "liaison": "联络员",
    "member": "人员",
    "channel": "渠道",
    "partner": "对接系统",
}


def _is_active(known: Facts, kind: str, code: str) -> bool:
    fact = known.get(kind, {}).get(code)
    return bool(fact and fact["active"])


def _check_place(_: str, data: Mapping[str, Any], known: Facts) -> Iterator[FieldFault]:
    if not _is_active(known, "center", data["center"]):
        yield FieldFault("center", f"没有代码为“{data['center']}”的中心，或它已停用。")


def _check_center(code: str, data: Mapping[str, Any], known: Facts) -> Iterator[FieldFault]:
    if not data["name"] or not data["area_code"]:
        yield FieldFault("name", "还没有这个中心：请一并写明它的名称和区号（--center-name、--area-code）。")
    parent = data["parent"]
    roots = [each for each, fact in known.get("center", {}).items() if fact["active"] and fact["parent"] is None]
    if parent is None and any(root != code for root in roots):
        yield FieldFault("parent", f"县级中心只有一个（{roots[0]}）；乡镇中心请填写它所属的县级中心。")
    elif parent is not None and (parent == code or parent not in roots):
        yield FieldFault("parent", f"“{parent}”不是县级中心的代码，或它已停用。")


def _check_member(code: str, data: Mapping[str, Any], known: Facts) -> Iterator[FieldFault]:
    yield from _check_place(code, data, known)
    department = data["department"]
    if data["role"] in NO_STAFF:
        yield FieldFault("role", "渠道和公众不是工作岗位，请选择其他岗位。")
    if (data["role"] == "officer") != bool(department):
        yield FieldFault("department", "承办人员必须属于一个部门，其他岗位不填部门。")
    elif department and not _is_active(known, "department", f"{data['center']}/{department}"):
        yield FieldFault("department", f"该中心没有代码为“{department}”的部门，或它已停用。")


def _check_partner(code: str, data: Mapping[str, Any], known: Facts) -> Iterator[FieldFault]:
    if data["kind"] not in frozenset(PartnerKind):
        yield FieldFault("code", "队列名应如 department.sq.zrzy、feedback.web、supervision.sq、government.sq。")
        return
    for kind, needed in _needs("partner", code, data):
        if not _is_active(known, kind, needed):
            yield FieldFault("code", f"没有{_CALLED[kind]}“{needed}”，或它已停用，不能为它开通队列。")


def _nothing(_code: str, _data: Mapping[str, Any], _known: Facts) -> Iterator[FieldFault]:
    return iter(())


_CHECKS = {
    "center": _check_center,
    "department": _check_place,
    "unit": _nothing,
    "liaison": _check_place,
    "member": _check_member,
    "channel": _nothing,
    "partner": _check_partner,
}
