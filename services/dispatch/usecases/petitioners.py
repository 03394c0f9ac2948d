"""Who complains: opened to be shown, masked, or to be kept out of what others are shown."""

from collections.abc import Callable, Mapping
from functools import partial

from services.dispatch.tables import Petitioner
from shared.security import mask
from shared.security.keys import sealer
from shared.security.seal import SealBroken

ERASED = "已删除"
UNREADABLE = "（无法读取）"
_FIELDS = ("name", "contact_person", "phone", "other_contact", "address")


def masked(row: Petitioner) -> dict[str, str | None]:
    """The petitioner's fields, masked."""
    sealed = _sealed(row)
    if row.name is None:
        return {"kind": row.kind, **sealed, "name": ERASED}
    try:
        fields = sealer().open_fields(sealed, row.complaint_id)
    except SealBroken:
        return {"kind": row.kind, **{name: text and mask.HIDDEN for name, text in sealed.items()}}
    return {
        "kind": row.kind,
        "name": mask.mask_name(fields["name"] or "", organisation=row.kind == "organisation"),
        "contact_person": mask.mask_name(fields["contact_person"] or "") or None,
        "phone": mask.mask_phone(fields["phone"] or "") or None,
        "other_contact": fields["other_contact"] and mask.HIDDEN,
        "address": mask.mask_address(fields["address"] or "") or None,
    }


def opened(row: Petitioner) -> dict[str, str | None]:
    """The petitioner's fields in the clear; raises `SealBroken`."""
    return {"kind": row.kind, **sealer().open_fields(_sealed(row), row.complaint_id)}


def striker(row: Petitioner) -> Callable[[str], str]:
    """What takes all that is known of this petitioner out of a text; raises `SealBroken` where nobody can know it."""
    return _strike(row, sealer().open_fields(_sealed(row), row.complaint_id))


def eraser(row: Petitioner) -> Callable[[str], str]:
    """The same for whoever is to be forgotten: what nobody can read any more is in nobody's way."""
    return _strike(row, sealer().open_those_that_can_be(_sealed(row), row.complaint_id))


def masker(row: Petitioner) -> Callable[[str], str]:
    """What writes all that is known of this petitioner in a text as it is masked elsewhere, where it can be read."""
    fields = sealer().open_those_that_can_be(_sealed(row), row.complaint_id)
    return partial(mask.mask_known_in, fields=fields, organisation=row.kind == "organisation")


def out_of(row: Petitioner, text: str) -> str:
    """A text for whoever must not know this petitioner; where nobody can know what names him, none of it."""
    try:
        return mask.mask_text(striker(row)(text))
    except SealBroken:
        return UNREADABLE


def kept(row: Petitioner) -> dict[str, str | None]:
    """Who complains, as he is kept beside a paper that names him: sealed."""
    return {"kind": row.kind, **_sealed(row)}


def empty(row: Petitioner) -> None:
    """Keep nothing but whether it was a person or an organisation."""
    for name in _FIELDS:
        setattr(row, name, None)


def _strike(row: Petitioner, known: Mapping[str, str | None]) -> Callable[[str], str]:
    return partial(mask.strike_known, fields=known, organisation=row.kind == "organisation")


def _sealed(row: Petitioner) -> dict[str, str | None]:
    return {name: getattr(row, name) for name in _FIELDS}
