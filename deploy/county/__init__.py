"""A county as data: its centers, departments, people, channels, partners on the bus and the units outside.

The folder holds the sample county, 沈丘: the places and public bodies are real, the people and their phones invented.
Another county is another folder with the same six files.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import orjson

from shared.security.roles import Role

SAMPLE_COMPLAINTS = Path(__file__).with_name("complaints.jsonl")
"""What the sample county's petitioners complain about, and how it is handled: a scenario for `yousu play`."""
SAMPLE_CASES = Path(__file__).with_name("cases.json")
"""Guidance cases that the sample county has published, for `yousu casebook import`."""
SAMPLE_PASSWORD = "yousu-sample"  # noqa: S105 - everyone may know it
"""What the sample county's logins have in common; production refuses them."""
LEVELS = ("county", "township")
WAYS = ("refer", "direct")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class BadCounty(ValueError):
    """The county's files contradict themselves; the message names the file, the record and what is wrong."""


@dataclass(frozen=True)
class Center:
    """政务服务中心 of the county, or 便民服务中心 of a township, whose `parent` is the county's."""

    code: str
    name: str
    area_code: str
    phone: str
    place: str
    parent: str | None = None


@dataclass(frozen=True)
class Department:
    """政务服务部门 of the county, or a center's own unit; known by center and code."""

    center: str
    code: str
    name: str
    short_name: str
    level: str
    """`county` or `township`: whose government and inspection hear of its delays (Art. 9)."""


@dataclass(frozen=True)
class Member:
    """Someone who works here. Officers have a department; `organ` is where those outside the centers belong."""

    username: str
    name: str
    role: Role
    center: str
    phone: str
    department: str | None = None
    organ: str | None = None


@dataclass(frozen=True)
class Channel:
    """Who may hand complaints over."""

    source: str
    name: str


@dataclass(frozen=True)
class Unit:
    """A unit outside the house: complaints are referred to it (`refer`), or petitioners told to go there (`direct`)."""

    name: str
    way: str
    phone: str | None = None


@dataclass(frozen=True)
class Partner:
    """A system outside that reads the bus: `department.<center>.<department>`, `feedback.<source>`, and the like."""

    queue: str
    kind: str
    name: str


_Record = TypeVar("_Record", Center, Department, Member, Channel, Unit, Partner)


@dataclass(frozen=True)
class County:
    """Everything a directory starts from, in the order of the files; the references hold."""

    centers: tuple[Center, ...]
    departments: tuple[Department, ...]
    members: tuple[Member, ...]
    channels: tuple[Channel, ...]
    units: tuple[Unit, ...]
    partners: tuple[Partner, ...]

    @property
    def root(self) -> Center:
        """The county's own center."""
        return next(center for center in self.centers if center.parent is None)


def load_county(folder: Traversable | None = None) -> County:
    """The county this folder holds; without one, the sample county. Raises `BadCounty`."""
    place = folder or resources.files(__name__)
    county = County(
        centers=_records(place, "centers.json", Center),
        departments=_records(place, "departments.json", Department),
        members=_records(place, "staff.json", Member),
        channels=_records(place, "channels.json", Channel),
        units=_records(place, "units.json", Unit),
        partners=_records(place, "partners.json", Partner),
    )
    faults = [*_faults_of_places(county), *_faults_of_staff(county), *_faults_of_outside(county)]
    if faults:
        raise BadCounty("; ".join(faults))
    return county


def _records(folder: Traversable, name: str, kind: type[_Record]) -> tuple[_Record, ...]:
    try:
        given = orjson.loads((folder / name).read_bytes())
    except (OSError, orjson.JSONDecodeError) as fault:
        raise BadCounty(f"{name}: {fault}") from fault
    if not isinstance(given, list):
        raise BadCounty(f"{name}: not a list")
    return tuple(_record(f"{name}: record {number}", record, kind) for number, record in enumerate(given, start=1))


def _record(where: str, given: Any, kind: type[_Record]) -> _Record:
    if not isinstance(given, dict):
        raise BadCounty(f"{where}: not an object")
    known = {field.name: field.default is MISSING for field in fields(kind)}
    if unknown := given.keys() - known.keys():
        raise BadCounty(f"{where}: unknown field {', '.join(sorted(unknown))}")
    for name, required in known.items():
        value = given.get(name)
        fits = bool(value.strip()) if isinstance(value, str) else value is None and not required
        if not fits:
            raise BadCounty(f"{where}: {name} should be a text")
    if "role" in given:
        try:
            given["role"] = Role(given["role"])
        except ValueError as fault:
            raise BadCounty(f"{where}: {fault}") from fault
    return kind(**given)


def _faults_of_places(county: County) -> Iterator[str]:
    codes = [center.code for center in county.centers]
    yield from _repeated("centers.json", codes)
    yield from _unfit("centers.json", codes)
    roots = [center.code for center in county.centers if center.parent is None]
    if len(roots) != 1:
        yield f"centers.json: exactly one center has no parent, not {len(roots)}"
    for center in county.centers:
        if center.parent is not None and center.parent not in roots:
            yield f"centers.json: {center.code} has the unknown parent {center.parent}"
    yield from _repeated("departments.json", [f"{each.center}/{each.code}" for each in county.departments])
    yield from _unfit("departments.json", [department.code for department in county.departments])
    for department in county.departments:
        where = f"departments.json: {department.center}/{department.code}"
        if department.center not in codes:
            yield f"{where} has the unknown center {department.center}"
        if department.level not in LEVELS:
            yield f"{where} has the unknown level {department.level}"


def _faults_of_staff(county: County) -> Iterator[str]:
    centers = {center.code for center in county.centers}
    departments = {(department.center, department.code) for department in county.departments}
    usernames = [member.username for member in county.members]
    yield from _repeated("staff.json", usernames)
    yield from _unfit("staff.json", usernames)
    for member in county.members:
        where = f"staff.json: {member.username}"
        if member.center not in centers:
            yield f"{where} has the unknown center {member.center}"
        if member.department and (member.center, member.department) not in departments:
            yield f"{where} has the unknown department {member.center}/{member.department}"
        if (member.role is Role.OFFICER) != (member.department is not None):
            yield f"{where}: officers have a department, and nobody else"
        if member.role in (Role.CHANNEL, Role.PUBLIC):
            yield f"{where}: nobody of the staff is a {member.role}"


def _faults_of_outside(county: County) -> Iterator[str]:
    sources = [channel.source for channel in county.channels]
    yield from _repeated("channels.json", sources)
    yield from _unfit("channels.json", sources)
    yield from _repeated("units.json", [unit.name for unit in county.units])
    for unit in county.units:
        if unit.way not in WAYS:
            yield f"units.json: {unit.name} has the unknown way {unit.way}"
    yield from _repeated("partners.json", [partner.queue for partner in county.partners])
    known = _queues(county)
    for partner in county.partners:
        if partner.queue not in known.get(partner.kind, ()):
            yield f"partners.json: {partner.queue} belongs to no {partner.kind}"


def _queues(county: County) -> dict[str, set[str]]:
    """The queues that there can be, by the kind of partner."""
    return {
        "department": {f"department.{each.center}.{each.code}" for each in county.departments},
        "feedback": {f"feedback.{each.source}" for each in county.channels},
        "supervision": {f"supervision.{each.code}" for each in county.centers},
        "government": {f"government.{each.code}" for each in county.centers},
    }


def _repeated(file: str, codes: Sequence[str]) -> Iterator[str]:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{file}: {code} stands there more than once"


def _unfit(file: str, codes: Sequence[str]) -> Iterator[str]:
    """Codes are parts of routing keys and addresses."""
    for code in codes:
        if not _CODE.fullmatch(code):
            yield f"{file}: {code} should be lower-case letters and digits joined by dashes"
