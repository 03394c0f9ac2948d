"""The outbox on SQLite."""

from tests.support.promises.sending import SendingPromises


class TestSending(SendingPromises):
    pass
