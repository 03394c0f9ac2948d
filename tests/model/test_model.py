"""Whatever random parties do in whatever order, the house and the model agree (mechanism §3 to §7, §10, §11)."""

import subprocess
import sys
from pathlib import Path

import pytest

PART = 250
"""Examples in a process of their own, where nothing that another test has loaded or left makes them other ones."""


@pytest.mark.parametrize("after", range(0, 2 * PART, PART))
def test_the_house_agrees_with_the_model(after: int) -> None:
    command = f"-m tests.model --seed 1 --after {after} --examples {after + PART}"
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, *command.split()], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
