"""Files that came with a complaint: kept sealed, opened only for whoever may read the complaint."""

import base64
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.files import TYPES, check_files, kind_of, name_of
from services.intake.store import attachments as store
from services.intake.tables import AttachmentRow
from services.intake.usecases.reading import whole
from shared import clock
from shared.ids import new_id
from shared.refusals import NotFound
from shared.security.keys import sealer
from shared.security.roles import Actor

ARCHIVE = b"PK\x03\x04"


@dataclass(frozen=True)
class Given:
    """A file as it was handed over, known by what it holds."""

    id: str
    name: str
    kind: str
    data: bytes


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


def checked(files: Sequence[tuple[str, bytes]]) -> list[Given]:
    """These names and bytes as files that may be kept; raises `Invalid`."""
    named = [(name_of(name, place), data, kind_of(data, _parts(data))) for place, (name, data) in enumerate(files, 1)]
    check_files([(name, len(data), kind) for name, data, kind in named])
    return [Given(new_id(), name, kind, data) for name, data, kind in named if kind]


def _parts(data: bytes) -> list[str]:
    """The names in an archive; none of what is no archive from its first byte on."""
    if not data.startswith(ARCHIVE):
        return []
    try:
        return zipfile.ZipFile(BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return []


def keep(session: AsyncSession, complaint_id: str, files: Sequence[Given]) -> None:
    """Keep these with a complaint, sealed."""
    for file in files:
        row = AttachmentRow(id=file.id, complaint_id=complaint_id, at=clock.now(), kind=file.kind, size=len(file.data))
        row.name = sealer().seal(file.name, about=f"{file.id}/name")
        row.data = sealer().seal(base64.b64encode(file.data).decode(), about=f"{file.id}/data")
        session.add(row)


async def of(session: AsyncSession, complaint_id: str) -> list[Kept]:
    """What came with a complaint that one may read."""
    rows = await store.of(session, complaint_id)
    return [Kept(row_id, sealer().open(name, about=f"{row_id}/name"), size) for row_id, name, size in rows]


async def opened(session: AsyncSession, actor: Actor, complaint_id: str, attachment_id: str) -> Opened:
    """One of them, for who may read the complaint; raises `NotFound`."""
    await whole(session, actor, complaint_id)
    row = await store.one(session, complaint_id, attachment_id)
    if row is None:
        raise NotFound("no-such-attachment", "没有这个附件，请核对后重新打开。")
    name = sealer().open(row.name, about=f"{row.id}/name")
    data = base64.b64decode(sealer().open(row.data, about=f"{row.id}/data"))
    return Opened(name, TYPES[row.kind], data)
