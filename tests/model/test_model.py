"""Whatever random parties do in whatever order, the house and the model agree (mechanism §3 to §7, §10, §11)."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = 500
"""`python -m tests.model --examples 20000` finds more."""


def test_the_house_agrees_with_the_model() -> None:
    halves = [_begun(after=0, until=EXAMPLES // 2), _begun(after=EXAMPLES // 2, until=EXAMPLES)]
    told = [half.communicate()[0] for half in halves]
    assert [half.returncode for half in halves] == [0, 0], "\n".join(told)


def _begun(after: int, until: int) -> subprocess.Popen[str]:
    # In processes of their own, where nothing that another test has loaded or left makes them other examples.
    command = f"-m tests.model --seed 1 --after {after} --examples {until}"
    return subprocess.Popen(
        [sys.executable, *command.split()], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
