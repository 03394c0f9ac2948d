"""A small model of the mechanism, and a machine of random parties that holds the house against it.

`python -m tests.model --examples 20000 [--seed N]` runs many; CI runs 500.
"""
