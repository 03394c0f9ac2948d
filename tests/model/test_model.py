"""Whatever random parties do in whatever order, the house and the model agree (mechanism §3 to §7, §10, §11)."""

import subprocess
import sys
from pathlib import Path

EXAMPLES = 100
"""`python -m tests.model --examples 20000` finds more."""


def test_the_house_agrees_with_the_model() -> None:
    # In a process of its own, where nothing that another test has loaded or left makes them other examples.
    command = f"-m tests.model --seed 1 --examples {EXAMPLES}"
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, *command.split()], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
