"""Files that came with a complaint: kept sealed, opened only for whoever may read the complaint."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store import attachments as store
from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.usecases.petitioners import UNREADABLE
from services.intake.usecases.reading import whole
from shared import clock
from shared.files.kinds import TYPES
from shared.files.received import FIELD, File
from shared.ids import new_id
from shared.refusals import FieldFault, Invalid, NotFound
from shared.security.keys import sealer
from shared.security.roles import Actor

UNNAMED_FOR = timedelta(days=7)
"""So long what was uploaded ahead waits: also for a clerk who mends what names it."""


@dataclass(frozen=True)
class Given:
    """A file that is to be kept, and by what it will be known."""

    id: str
    file: File


@dataclass(frozen=True)
class Kept:
    """A file as it is told of."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Opened:
    """A file as it is handed out."""

    name: str
    media_type: str
    data: bytes


def given(files: Sequence[File]) -> list[Given]:
    """These files, each with an id of its own."""
    return [Given(new_id(), file) for file in files]


async def keep_ahead(session: AsyncSession, files: Sequence[File]) -> list[Given]:
    """Keep these until the submission that names them; whoever does not know their ids cannot.

    Those that nobody has named within a week are thrown away. Raises `Invalid` where there are none.
    """
    if not files:
        sentence = f"请以 multipart/form-data 的 {FIELD} 字段上传附件。"
        raise Invalid("no-files", sentence, [FieldFault(FIELD, sentence)])
    await store.forget_unnamed(session, clock.now() - UNNAMED_FOR)
    found = given(files)
    keep(session, store.UNNAMED, found)
    return found


def keep(session: AsyncSession, complaint_id: str, files: Sequence[Given]) -> None:
    """Keep these with a complaint, sealed."""
    for each in files:
        file = each.file
        row = AttachmentRow(id=each.id, complaint_id=complaint_id, at=clock.now(), kind=file.kind, size=len(file.data))
        row.name = sealer().seal(file.name, about=f"{each.id}/name")
        row.data = sealer().seal(base64.b64encode(file.data).decode(), about=f"{each.id}/data")
        session.add(row)


async def of(session: AsyncSession, complaint_id: str) -> list[Kept]:
    """What came with a complaint that one may read."""
    rows = await store.of(session, complaint_id)
    names = {row_id: sealer().open_those_that_can_be({"name": name}, row_id)["name"] for row_id, name, _ in rows}
    return [Kept(row_id, names[row_id] or UNREADABLE, size) for row_id, _, size in rows]


def not_received(complaint: ComplaintRow, kept: Sequence[Kept]) -> list[str]:
    """The names of what a channel has said it would send along, and has not uploaded."""
    sealed = sealer().open_those_that_can_be({"attachments": complaint.attachments}, complaint.id)["attachments"]
    ids = {each.id for each in kept}
    return [each["name"] for each in orjson.loads(sealed or "[]") if each["id"] not in ids]


async def opened(session: AsyncSession, actor: Actor, complaint_id: str, attachment_id: str) -> Opened:
    """One of them, for who may read the complaint; raises `NotFound`."""
    await whole(session, actor, complaint_id)
    row = await store.one(session, complaint_id, attachment_id)
    if row is None:
        raise NotFound("no-such-attachment", "没有这个附件，请核对后重新打开。")
    name = sealer().open(row.name, about=f"{row.id}/name")
    data = base64.b64decode(sealer().open(row.data, about=f"{row.id}/data"))
    return Opened(name, TYPES[row.kind], data)
