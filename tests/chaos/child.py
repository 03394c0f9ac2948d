"""What a process of the house under test runs: the product as it is, or one of its mutants."""

import ctypes
import os
import signal

from services.__main__ import main
from tests.chaos.mutants import weaken

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)  # whatever becomes of the rig, nothing of it is left
    weaken(os.environ.get("CHAOS_MUTANT", ""))
    main()
