"""Stores for tests: migrated once in this process, then copied. (The migrations themselves have tests of their own.)"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import MetaData

from shared import migrate as really
from shared.db import Store
from shared.settings import Settings

_FOLDER = TemporaryDirectory(prefix="yousu-migrated-")
_READY: dict[tuple[str, int], Path] = {}


async def migrate(store: Store, metadata: MetaData) -> None:
    """As in earnest, but a SQLite store that is not there yet becomes a copy of one migrated before."""
    if _is_new(store):
        shutil.copyfile(await _ready(store.service, metadata), store.engine.url.database or "")
    else:
        await really.migrate(store, metadata)


def _is_new(store: Store) -> bool:
    return store.is_sqlite and not Path(store.engine.url.database or "").exists()


async def _ready(service: str, metadata: MetaData) -> Path:
    key = service, id(metadata)
    if key not in _READY:
        folder = Path(_FOLDER.name) / str(len(_READY))
        first = Store(service, Settings(var=folder))
        await really.migrate(first, metadata)
        await first.close()
        _READY[key] = folder / f"{service}.sqlite3"
    return _READY[key]
