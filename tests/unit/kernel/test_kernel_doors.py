"""The request edge on SQLite."""

from tests.support.promises.answering import AnsweringPromises


class TestAnswering(AnsweringPromises):
    pass
