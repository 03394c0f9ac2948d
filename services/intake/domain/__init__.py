"""The rules of intake: what a submission is, how it is numbered and sorted, and how the ledger follows from events."""
