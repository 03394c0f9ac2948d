"""Write the shipped Word templates anew."""

from pathlib import Path

from deploy.papers.drawn import SHIPPED

for place, drawn in SHIPPED.items():
    (Path(__file__).parents[2] / place).write_bytes(drawn)
