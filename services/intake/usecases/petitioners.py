"""Petitioners: sealed as they come in, opened where they are shown, and masked there."""

from collections.abc import Mapping
from typing import Self

from services.intake.domain.annex import Shown
from services.intake.domain.submission import Kind, Petitioner
from services.intake.tables import PetitionerRow
from shared.events.intake import SealedPetitioner
from shared.security.keys import phone_index, sealer
from shared.security.mask import mask_address, mask_known_in, mask_name, mask_phone, mask_text
from shared.security.seal import SealBroken

FIELDS = ("name", "contact_person", "phone", "other_contact", "address")
ERASED = "已删除"
UNREADABLE = "（无法读取）"


def index_of(phone: str | None) -> str | None:
    """What finds this phone again."""
    return phone_index().of(phone) if phone else None


def sealed(petitioner: Petitioner, complaint_id: str) -> SealedPetitioner:
    """The petitioner's fields, each sealed about itself."""
    fields = {name: getattr(petitioner, name) for name in FIELDS}
    return SealedPetitioner.model_validate({"kind": petitioner.kind, **sealer().seal_fields(fields, complaint_id)})


def opened(row: PetitionerRow | None) -> dict[str, str | None]:
    """The petitioner's fields; all None of one who was erased. Raises `SealBroken`."""
    if row is None or row.name is None:
        return dict.fromkeys(FIELDS)
    return sealer().open_fields(_sealed(row), row.complaint_id)


def still_readable(row: PetitionerRow) -> dict[str, str | None]:
    """The same; None also for what nobody can read any more, because its key is lost."""
    return sealer().open_those_that_can_be(_sealed(row), row.complaint_id)


def _sealed(row: PetitionerRow) -> dict[str, str | None]:
    return {name: getattr(row, name) for name in FIELDS}


class Masked:
    """A petitioner as everybody may see it, and texts without a phone, an identity number or what is known of him."""

    def __init__(self, kind: str, fields: Mapping[str, str | None]) -> None:
        self._fields = fields
        self.is_organisation = kind == Kind.ORGANISATION
        name = fields["name"]
        self.name = ERASED if name is None else mask_name(name, organisation=self.is_organisation)
        self.contact_person = mask_name(fields["contact_person"] or "") if self.is_organisation else ""
        self.contact = mask_phone(fields["phone"] or fields["other_contact"] or "")
        self.address = mask_address(fields["address"] or "")

    @classmethod
    def of(cls, row: PetitionerRow | None) -> Self:
        """The one of a complaint; one whom nobody can read any more is no reason not to show the complaint."""
        kind = row.kind if row else ""
        try:
            return cls(kind, opened(row))
        except SealBroken:
            masked = cls(kind, dict.fromkeys(FIELDS))
            masked.name = UNREADABLE
            return masked

    @property
    def shown(self) -> Shown:
        """As the ledger shows it."""
        return Shown(self.name, self.contact_person, self.contact)

    def text(self, text: str) -> str:
        """Running text about this petitioner, masked."""
        return mask_text(mask_known_in(text, self._fields, organisation=self.is_organisation))
