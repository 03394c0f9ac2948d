"""What a process of the house under test runs: the product as it is, or one of its mutants."""

import os

from services.__main__ import main
from tests.chaos.mutants import weaken

if __name__ == "__main__":
    weaken(os.environ.get("CHAOS_MUTANT", ""))
    main()
