"""python -m tests.benchmarks.loaded NAME [--complaints 1000000]: a database of that name with a house's years in it.

On the servers that YOUSU_TEST_SERVERS names (`python -m deploy.servers start --folder DIR` writes DIR/servers.json),
whose PostgreSQL is restarted when there is much to load. It stays there, and is found there the next time; start a
house on it with what this prints.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import uvloop

from deploy.servers import Servers
from tests.benchmarks.history import history
from tests.benchmarks.house import PHONE_INDEX_KEY, SEAL_KEYS
from tests.benchmarks.size import FULL


def main() -> None:
    """Parse the command line and load."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.loaded", description=__doc__)
    parser.add_argument("name", help="of the database to be made")
    parser.add_argument("--complaints", type=int, default=FULL.preloaded)
    given = parser.parse_args()
    servers = Servers.attach(Path(os.environ["YOUSU_TEST_SERVERS"]))
    url = uvloop.run(history(servers, given.complaints, given.name))
    environment = {
        "YOUSU_DATABASE_URL": url,
        "YOUSU_AMQP_URL": servers.amqp_url,
        "YOUSU_REDIS_URL": servers.redis_url,
        "YOUSU_SAMPLE": "true",
        "YOUSU_SEAL_KEYS": SEAL_KEYS,
        "YOUSU_PHONE_INDEX_KEY": PHONE_INDEX_KEY,
    }
    for name, value in environment.items():
        print(f"export {name}='{value}'")


if __name__ == "__main__":
    main()
