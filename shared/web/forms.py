"""Forms: what was typed becomes the body that the JSON door takes, and a refusal becomes the same form with its faults.

    @router.post("/orders/{complaint_id}/reply")
    async def reply(complaint_id: str, request: Request, actor: Replier, form: Posted, session: Session) -> Response:
        form.again = lambda session, form: _page(request, session, actor, complaint_id, form)
        await answering.reply(session, actor, complaint_id, form.read(bodies.Reply))
        return done(f"/dispatch/orders/{complaint_id}", "答复已提交。")

Whatever is refused from then on (`Refusal`) rolls the transaction back and shows the page again by `again`, with all
that was typed, under the refusal's status. Fields are named as in the body, with dots (`petitioner.name`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime, BaseModel, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData, UploadFile

from shared.dates import day_typed, moment_typed
from shared.refusals import FieldFault, Invalid, Refusal
from shared.web import browsers
from shared.web.messages import INVALID, TO_PEOPLE, faults_of
from shared.web.once import must_be_first

B = TypeVar("B", bound=BaseModel)


class Form:
    """What was typed, and what is wrong with it."""

    def __init__(self, given: FormData | None = None) -> None:
        self._given = given or FormData()
        self.message = ""
        """Why it was refused."""
        self.faults: Sequence[FieldFault] = ()
        self.again: Callable[[AsyncSession, Form], Awaitable[HTMLResponse]] | None = None
        """Shows the page once more; given a session to read with."""
        self._labels: dict[str, str] = {}

    def read(self, body: type[B]) -> B:
        """The body that this is. What is left blank is left out. Raises `Invalid`."""
        try:
            return body.model_validate(self._read(body, ""))
        except ValidationError as error:
            raise Invalid("invalid", INVALID, faults_of(error.errors(), TO_PEOPLE)) from error

    def text(self, name: str, otherwise: Any = "") -> str:
        """What was typed into a field; before anything was, what the page gives it."""
        found = self._given.get(name)
        return found if isinstance(found, str) else "" if self._given else "" if otherwise is None else str(otherwise)

    def chosen(self, name: str, otherwise: Sequence[str] = ()) -> list[str]:
        """All that was chosen in a field."""
        return [each for each in self._given.getlist(name) if isinstance(each, str)] if self._given else [*otherwise]

    def files(self, name: str) -> list[UploadFile]:
        """The files given."""
        return [each for each in self._given.getlist(name) if isinstance(each, UploadFile) and each.filename]

    def fault(self, name: str) -> str:
        """What is wrong with a field; empty if nothing."""
        return "".join(fault.message for fault in self.faults if _is_about(fault, name))

    def refused(self, refusal: Refusal) -> "Form":
        """The same, with what is wrong with it."""
        self.message, self.faults = refusal.message, refusal.errors
        return self

    # For the templates

    def label(self, name: str, label: str) -> str:
        """A field is shown, and called so; returns nothing to print."""
        self._labels[name] = label
        return ""

    def summary(self) -> list[tuple[str, str, str]]:
        """Every fault: the field it is shown at (empty where none is), what that is called, the message.

        In the order of the fields; what is shown at none comes last.
        """
        found = []
        for fault in self.faults:
            at = next((name for name in self._labels if _is_about(fault, name)), "")
            found.append((at, self._labels.get(at, ""), fault.message))
        places = [*self._labels, ""]
        return sorted(found, key=lambda each: places.index(each[0]))

    def _read(self, body: type[BaseModel], prefix: str) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for name, field in body.model_fields.items():
            typed = self._typed(field, prefix + (field.alias or name))
            is_blank = typed in (None, "", []) or (typed == {} and not field.is_required())
            if not is_blank:
                read[field.alias or name] = typed
        return read

    def _typed(self, field: FieldInfo, name: str) -> Any:
        kind = _plain(field.annotation)
        if get_origin(kind) in (list, tuple, set, frozenset, Sequence) or kind in (list, tuple):
            return [each for each in self.chosen(name) if each.strip()]
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self._read(kind, f"{name}.")
        text = self._given.get(name)
        if not isinstance(text, str):
            return text
        return _KINDS[kind](text.strip()) if kind in _KINDS else text.strip() and text


EMPTY = Form()
"""Nothing was typed yet."""


async def _posted(request: Request) -> AsyncIterator[Form]:
    given = await browsers.posted(request)
    form = request.state.form = Form(given)
    try:
        await must_be_first(request, given)
        yield form
    finally:
        await given.close()


Posted = Annotated[Form, Depends(_posted)]
"""What a door takes that a form is sent to; after the actor, before the session."""


def narrowing(request: Request, again: Callable[[AsyncSession, Form], Awaitable[HTMLResponse]]) -> None:
    """What narrows a list is a form that stands in the address: refused, the list is shown empty, by `again`."""
    form = request.state.form = Form()
    form.again = again


def _is_about(fault: FieldFault, name: str) -> bool:
    return fault.field == name or fault.field.startswith(f"{name}.")


def _plain(annotation: Any) -> Any:
    """The kind of value, without its constraints and without None."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _plain(inner[0])
    if origin in (Union, UnionType):
        kinds = [each for each in inner if each is not NoneType]
        return _plain(kinds[0]) if len(kinds) == 1 else annotation
    return annotation if not isinstance(annotation, FieldInfo) else _plain(annotation.annotation)


def _number(text: str) -> int | str:
    return int(text) if text.removeprefix("-").isdecimal() and len(text) <= _MOST_DIGITS else text


def _switch(text: str) -> bool | str:
    return {"true": True, "false": False}.get(text, text)


_MOST_DIGITS = 18
"""Of a number; a longer one is told to be too big, as text."""
_KINDS: dict[Any, Callable[[str], Any]] = {
    int: _number,
    bool: _switch,
    date: day_typed,
    datetime: moment_typed,
    AwareDatetime: moment_typed,
}
"""What JSON has a kind of its own for, and a form writes as text."""
