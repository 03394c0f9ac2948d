"""What an administrator hands in about a fact, by its kind."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.security.roles import Role
from shared.texts import Name, Words

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=36)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+()-]{3,20}$")]


class Given(BaseModel):
    """What all have."""

    model_config = ConfigDict(extra="forbid")

    name: Name

    @property
    def key(self) -> str:
        """The code it is known by."""
        return str(getattr(self, "code", self.name))

    def facts(self) -> dict[str, Any]:
        """What it says, as it is told."""
        return self.model_dump(mode="json", exclude={"kind", "revision", "reason", "code"})


class CenterGiven(Given):
    """A center; the county's own has no parent."""

    kind: Literal["center"]
    code: Code
    parent: Code | None = None
    area_code: Annotated[str, StringConstraints(pattern=r"^0\d{2,3}$")]
    place: Name | None = None


class DepartmentGiven(Given):
    """A department, or a center's own unit."""

    kind: Literal["department"]
    center: Code
    code: Code
    short_name: Name

    @property
    def key(self) -> str:
        """`<center>/<code>`."""
        return f"{self.center}/{self.code}"

    def facts(self) -> dict[str, Any]:
        """Its short code stands in what is told."""
        return super().facts() | {"code": self.code}


class UnitGiven(Given):
    """A unit outside the house, known by its name."""

    kind: Literal["unit"]
    way: Literal["refer", "direct"]
    phone: Phone | None = None


class LiaisonGiven(Given):
    """Whom a center calls at another organ."""

    kind: Literal["liaison"]
    center: Code
    code: Code
    organ: Name
    phone: Phone | None = None

    @property
    def key(self) -> str:
        """`<center>/<code>`."""
        return f"{self.center}/{self.code}"


class MemberGiven(Given):
    """Someone who works here."""

    kind: Literal["member"]
    code: Code
    role: Role
    center: Code
    department: Code | None = None
    phone: Phone | None = None


class ChannelGiven(Given):
    """A channel that may hand complaints over; its key is given at a door of its own."""

    kind: Literal["channel"]
    code: Code


class PartnerGiven(Given):
    """A system outside that reads the bus, known by its queue."""

    kind: Literal["partner"]
    code: Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*){1,2}$", max_length=80)]

    @property
    def partner_kind(self) -> str:
        """What it reads."""
        return self.code.partition(".")[0]

    def facts(self) -> dict[str, Any]:
        """Its kind is the beginning of its queue's name."""
        return super().facts() | {"kind": self.partner_kind}


AnyGiven = Annotated[
    CenterGiven | DepartmentGiven | UnitGiven | LiaisonGiven | MemberGiven | ChannelGiven | PartnerGiven,
    Field(discriminator="kind"),
]


class Corrected(BaseModel):
    """What a fact shall say from now on, whole; `revision` is the one that was read."""

    fact: AnyGiven
    revision: int
    reason: Words


class Switched(BaseModel):
    """Which fact is switched off or on; `revision` is the one that was read."""

    kind: Literal["center", "department", "unit", "liaison", "member", "channel", "partner"]
    key: Name
    revision: int
    reason: Words


class NewKey(BaseModel):
    """Which channel gets a new key."""

    reason: Words


class NewPassword(BaseModel):
    """A member's new password."""

    password: str = Field(max_length=200)


class OwnPassword(BaseModel):
    """One's own new password."""

    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


class ShownCode(BaseModel):
    """What the device shows."""

    code: str = Field(max_length=40)


class Beginning(BaseModel):
    """The county's center, where it is to be entered."""

    code: Code
    name: str = Field("", max_length=80)
    area_code: str = Field("", max_length=8)


class FirstAdministrator(BaseModel):
    """Who shall administer."""

    username: Code
    name: Name
    password: str = Field(max_length=200)
    force: bool = False
    center: Beginning
