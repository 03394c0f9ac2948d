"""Stops a set of servers when the process that owns them is gone, however it went.

It reads from a pipe whose other end only the owner holds; the kernel closes that end with the owner.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from deploy.servers.together import Servers


def main() -> None:
    """Waits for the end of input, then stops what still runs in the folder named."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    folder = Path(sys.argv[1])
    if folder.exists():
        Servers.attach(folder).stop()


if __name__ == "__main__":
    main()
