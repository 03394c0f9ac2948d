"""Filling a message's words with what is personal in them: opened for who it is sent to, masked for who looks it up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.domain.means import Letter
from services.notify.tables import Message, Petitioner
from shared.security.keys import rating_links, sealer
from shared.security.mask import HIDDEN, mask_address, mask_known_in, mask_name, mask_phone, mask_text, strike_known
from shared.security.seal import SealBroken
from shared.settings import settings

ERASED = "已删除"
UNREADABLE = "无法读取"
NOT_GIVEN = "未留"
IN_THE_ORDER = "见工作单"

_SEALED = ("name", "contact_person", "phone", "other_contact", "address", "query_code")
_PLACES = ("petitioner", "phone", "address", "query_code")


@dataclass(frozen=True)
class Shown:
    """A message as staff see it: what is personal in it is masked."""

    message: Message
    title: str
    text: str


async def shown(session: AsyncSession, messages: Sequence[Message]) -> list[Shown]:
    """These messages, masked: what is known of the petitioner also where somebody has said it."""
    filled = await _filled(session, messages, lambda person, content: _masked(person) | {"content": content})
    people = await store.petitioners(session, {message.complaint_id for message in messages})
    return [replace(each, text=_known_masked(each.text, people.get(each.message.complaint_id))) for each in filled]


def _known_masked(text: str, person: Petitioner | None) -> str:
    if person is None:
        return text
    return mask_known_in(text, still_readable(person), organisation=person.kind == "organisation")


async def told(session: AsyncSession, messages: Sequence[Message]) -> list[Shown]:
    """These messages as the desks they are for read them: who complains stands in the order, for as long as it may.

    Nothing else tells it either: not the complaint's own words, nor what was said of it, as in a nudge.
    """
    filled = await _filled(session, messages, _left_to_the_order)
    people = await store.petitioners(session, {message.complaint_id for message in messages})
    return [_struck(each, people.get(each.message.complaint_id)) for each in filled]


def _struck(each: Shown, person: Petitioner | None) -> Shown:
    try:
        known = opened(person)
    except SealBroken:
        return replace(each, text=UNREADABLE)
    if person is None or known is None:
        return each
    return replace(each, text=strike_known(each.text, known, organisation=person.kind == "organisation"))


async def _filled(
    session: AsyncSession,
    messages: Sequence[Message],
    places_of: Callable[[Petitioner | None, str], dict[str, str]],
) -> list[Shown]:
    wordings = await store.wordings(session)
    words = {message.message_id: wordings.of(message.template, message.message_id) for message in messages}
    people, contents = await _known_of(session, [each for each in messages if words[each.message_id].is_personal])
    found: list[Shown] = []
    for message in messages:
        template, places = words[message.message_id], {}
        if template.is_personal:
            content = _content(contents, message)["content"]
            places = places_of(people.get(message.complaint_id), content) | {"rating_link": HIDDEN}
        found.append(Shown(message, template.title, mask_text(template.filled({**message.params, **places}))))
    return found


async def letters(session: AsyncSession, messages: Sequence[Message]) -> tuple[list[Letter], dict[str, str]]:
    """These messages to petitioners, to be sent by phone; and by its id why one of them cannot be."""
    people, contents = await _known_of(session, messages)
    wordings = await store.wordings(session)
    ready: list[Letter] = []
    hindered: dict[str, str] = {}
    for message in messages:
        try:
            fields = opened(people.get(message.complaint_id))
        except SealBroken as error:
            hindered[message.message_id] = str(error)
            continue
        if not fields or not (phone := fields["phone"]):
            hindered[message.message_id] = "no phone"
            continue
        template = wordings.of(message.template, message.message_id)
        known = _places(fields) | _content(contents, message) | _link(message)
        params = {**message.params, **{place: known[place] for place in template.places & known.keys()}}
        ready.append(
            Letter(message.message_id, phone, message.template, params, template.title, template.filled(params))
        )
    return ready, hindered


async def _known_of(
    session: AsyncSession, messages: Iterable[Message]
) -> tuple[Mapping[str, Petitioner], Mapping[str, str]]:
    complaint_ids = {message.complaint_id for message in messages}
    return await store.petitioners(session, complaint_ids), await store.contents(session, complaint_ids)


def _content(contents: Mapping[str, str], message: Message) -> dict[str, str]:
    return {"content": contents.get(message.complaint_id, ERASED)}


def _link(message: Message) -> dict[str, str]:
    """The one-time link to rate the end that a message tells of."""
    token = rating_links().of(message.complaint_id, message.event_id)
    return {"rating_link": f"{settings().public_url}/intake/ratings/{token}"}


def opened(person: Petitioner | None) -> Mapping[str, str | None] | None:
    """The petitioner's fields, opened; None of one who was erased. Raises `SealBroken`."""
    if person is None or person.name is None:
        return None
    return sealer().open_fields(_sealed(person), person.complaint_id)


def still_readable(person: Petitioner) -> Mapping[str, str | None]:
    """The same for whoever is to be forgotten: None for what nobody can read any more."""
    return sealer().open_those_that_can_be(_sealed(person), person.complaint_id)


def _sealed(person: Petitioner) -> dict[str, str | None]:
    return {field: getattr(person, field) for field in _SEALED}


def _masked(person: Petitioner | None) -> dict[str, str]:
    """What stands in the personal places of a template, for whoever looks it up."""
    try:
        fields = opened(person)
    except SealBroken:
        return dict.fromkeys(_PLACES, UNREADABLE)
    if person is None or fields is None:
        return dict.fromkeys(_PLACES, ERASED)
    name = mask_name(fields["name"] or "", organisation=person.kind == "organisation")
    masked = {
        "name": name,
        "contact_person": mask_name(fields["contact_person"] or ""),
        "phone": mask_phone(fields["phone"] or ""),
        "other_contact": fields["other_contact"] and HIDDEN,
        "address": mask_address(fields["address"] or ""),
        "query_code": HIDDEN,
    }
    return _places(masked)


def _left_to_the_order(_: Petitioner | None, content: str) -> dict[str, str]:
    """What stands in the personal places for a desk."""
    return dict.fromkeys(_PLACES, IN_THE_ORDER) | {"content": content}


def _places(fields: Mapping[str, str | None]) -> dict[str, str]:
    """The petitioner's fields as they stand in a sentence."""
    name, contact = fields["name"] or NOT_GIVEN, fields["contact_person"]
    return {
        "petitioner": f"{name}（联系人{contact}）" if contact else name,
        "phone": fields["phone"] or fields["other_contact"] or NOT_GIVEN,
        "address": fields["address"] or NOT_GIVEN,
        "query_code": fields["query_code"] or NOT_GIVEN,
    }
