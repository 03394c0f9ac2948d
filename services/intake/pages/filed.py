"""What a form that files a complaint holds, at the window and at home: texts as they were typed; intake reads them."""

from typing import Any

from pydantic import BaseModel

from shared.dates import moment_typed


class Person(BaseModel):
    """Who complains."""

    kind: str | None = None
    name: str | None = None
    contact_person: str | None = None
    phone: str | None = None
    other_contact: str | None = None
    address: str | None = None
    profile: dict[str, str] | None = None


class Filed(BaseModel):
    """A submission but for whose it is; what is left blank is left out, and what is wrong is found by its reader."""

    petitioner: Person
    reported_at: str | None = None
    category: str | None = None
    content: str | None = None
    remarks: str | None = None
    service_item: str | None = None
    confidential: bool = False
    about: str | None = None

    def fields(self, *besides: str) -> dict[str, Any]:
        """As a channel would send it; a time without a zone is the house's."""
        given = self.model_dump(exclude_none=True, exclude=set(besides))
        if typed := given.get("reported_at"):
            given["reported_at"] = moment_typed(typed)
        return given
