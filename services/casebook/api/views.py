"""What goes in and out at the doors of casebook."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.casebook.domain.cases import State, Step
from services.casebook.domain.personal import Struck
from services.casebook.domain.shapes import Kind
from services.casebook.domain.text import Text
from services.casebook.tables import Case
from services.casebook.usecases.reading import Whole
from services.casebook.usecases.writing import Written
from shared.texts import CLEANED, CLEANED_LINES, written_like

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), CLEANED]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=150), CLEANED]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), CLEANED_LINES]
Id = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,36}$")]
_CODE = r"[a-z0-9-]{1,36}/[a-z0-9-]{1,36}"
Department = Annotated[
    str, StringConstraints(pattern=f"^{_CODE}$"), written_like(_CODE, "请填写部门代码，写成 sq/zrzy 的样子。")
]
Words = Annotated[list[Line], Field(max_length=50)]


class CaseText(BaseModel):
    """What a case says; phones, numbers and names of people are struck before it is kept."""

    title: Title
    problem: Lines
    method: Lines = ""
    steps: Lines = ""
    conclusion: Lines = ""
    basis: Lines = ""

    def text(self) -> Text:
        """The same, for the use cases."""
        return Text(self.title, self.problem, self.method, self.steps, self.conclusion, self.basis)


class Draft(CaseText):
    """A text as its editor hands it in: `also` is to be struck besides, `keep` is nobody's and stays."""

    also: Words = []
    keep: Words = []
    departments: Annotated[list[Department], Field(max_length=20)] = []
    """Who publishes it together with the bureau, as `<center>/<code>`."""

    def written(self) -> Written:
        """The same, for the use cases."""
        return Written(self.text(), tuple(self.departments), self.also, self.keep)


class NewCase(Draft):
    """A case to begin, and where it comes from; from a typical complaint it may leave the words to its closing."""

    title: Title | None = None  # type: ignore[assignment]
    problem: Lines = ""
    complaint_id: Id | None = None
    mechanism: Line | None = None

    def written(self) -> Written:
        """The same, for the use cases."""
        text = self.text() if self.title else None
        return Written(text, tuple(self.departments), self.also, self.keep)


class EditedCase(Draft):
    """A case as it shall read; with `revision`, only if it is still that one."""

    revision: int | None = None


class Confirmed(BaseModel):
    """The revision whose text and struck places the editor has before him."""

    revision: int


class Remark(BaseModel):
    """What is said with a step; returning and withdrawing need it."""

    remark: Lines | None = None


class Cited(BaseModel):
    """The complaint with which a case helps."""

    complaint_id: Id


class StruckView(BaseModel):
    """Something struck: what was found (masked, once it is kept), its kind, what stands instead, and where.

    `certain` is false of what only looks like it: a number whose check digit is wrong.
    """

    model_config = ConfigDict(from_attributes=True)

    field: str
    kind: Kind
    found: str
    instead: str
    at: int
    certain: bool


class Preview(CaseText):
    """A text as it would be kept, and what would be struck from it."""

    title: str
    struck: list[StruckView]

    @classmethod
    def of(cls, text: Text, struck: tuple[Struck, ...]) -> Self:
        """Both together."""
        return cls(**text.parts(), struck=[StruckView.model_validate(each) for each in struck])


class CaseView(BaseModel):
    """A case as everyone sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    center: str
    title: str
    problem: str
    method: str
    steps: str
    conclusion: str
    basis: str
    mechanism: str | None
    departments: list[str]
    state: State
    revision: int
    published_at: datetime | None
    replaces: str | None
    replaced_by: str | None
    citations: int
    score: float | None = None

    @classmethod
    def scored(cls, case: Case, score: float) -> Self:
        """A case that was sought, and how much it is like it."""
        return cls.model_validate(case).model_copy(update={"score": round(score, 3)})


class StepView(BaseModel):
    """A step of a case's way."""

    model_config = ConfigDict(from_attributes=True)

    step: Step
    by: str
    at: datetime
    remark: str | None


class SignatureView(BaseModel):
    """A department's signature."""

    model_config = ConfigDict(from_attributes=True)

    department: str
    by: str
    at: datetime


class CaseWithWay(CaseView):
    """A case, and for those who have to do with it where it comes from and how it came to be."""

    complaint_id: str | None = None
    author: str | None = None
    approver: str | None = None
    confirmed_by: str | None = None
    struck: list[StruckView] = []
    reviews: list[StepView] = []
    signatures: list[SignatureView] = []

    @classmethod
    def of(cls, whole: Whole) -> Self:
        """As far as whoever asks may see it."""
        case = whole.case
        view = cls.model_validate(CaseView.model_validate(case).model_dump())
        if not whole.is_inside:
            return view
        inside: dict[str, Any] = {
            "struck": [StruckView.model_validate(row) for row in case.struck],
            "reviews": [StepView.model_validate(row) for row in whole.reviews],
            "signatures": [SignatureView.model_validate(row) for row in whole.signatures],
        }
        for name in ("complaint_id", "author", "approver", "confirmed_by"):
            inside[name] = getattr(case, name)
        return view.model_copy(update=inside)
