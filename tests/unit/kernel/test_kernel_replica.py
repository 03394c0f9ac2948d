"""The replica of the directory on SQLite."""

from tests.support.promises.replicating import ReplicaPromises


class TestReplica(ReplicaPromises):
    pass
