"""Bringing a service's store to the newest shape, at start.

Alembic, with two lines of migrations in each store: the kernel's, the same everywhere, and the service's own.
"""

import os
from importlib import resources

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text

from shared import replica  # noqa: F401 - its table is one of the kernel's
from shared.audit import tables as audit  # noqa: F401 - and these
from shared.db import Store
from shared.messaging.tables import KernelBase
from shared.papers import tables  # noqa: F401 - these too


async def migrate(store: Store, metadata: MetaData) -> None:
    """Apply what is missing; safe for several processes at once."""
    async with store.unhurried() as connection:
        await connection.execution_options(yousu_reading=True)
        if not store.is_sqlite:
            await connection.execute(
                text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": f"migrate {store.service}"}
            )
            await connection.commit()
        try:
            await connection.run_sync(upgrade, store.service, metadata)
            await connection.commit()
        finally:
            if not store.is_sqlite:
                await connection.execute(
                    text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": f"migrate {store.service}"}
                )
                await connection.commit()


def upgrade(connection: Connection, service: str, metadata: MetaData) -> None:
    """Run a service's migrations on this connection."""
    command.upgrade(config_of(service, metadata, connection), "heads")


def config_of(service: str, metadata: MetaData, connection: Connection) -> Config:
    """What Alembic needs to know of a service."""
    config = Config()
    kernel = str(resources.files("shared") / "migrations")
    lines = [f"{kernel}/kernel", str(resources.files("services") / service / "migrations")]
    config.set_main_option("script_location", kernel)
    config.set_main_option("version_locations", os.pathsep.join(lines))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, metadata=[KernelBase.metadata, metadata])
    return config


def draft(connection: Connection, service: str, metadata: MetaData, message: str) -> None:
    """Write the migration that brings a store of today to the tables as they are now; `kernel` writes the kernel's."""
    config = config_of("directory" if service == "kernel" else service, metadata, connection)
    if service == "kernel":
        config.attributes["metadata"] = [KernelBase.metadata]
    path = next(
        line for line in config.get_version_locations_list() or [] if f"/{service}" in line.removesuffix("/migrations")
    )
    command.upgrade(config, "heads")
    has_line = any(name.endswith(".py") for name in os.listdir(path))
    command.revision(
        config,
        message,
        autogenerate=True,
        head=f"{service}@head" if has_line else "base",
        branch_label=None if has_line else service,
        version_path=path,
        rev_id=f"{service}_{sum(name.endswith('.py') for name in os.listdir(path)) + 1:04}",
    )
