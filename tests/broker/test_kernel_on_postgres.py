"""What the kernel promises on either database, on PostgreSQL."""

from tests.support.promises.answering import AnsweringPromises
from tests.support.promises.consuming import ConsumingPromises
from tests.support.promises.parking import ParkingPromises
from tests.support.promises.replicating import ReplicaPromises
from tests.support.promises.sending import SendingPromises


class TestConsuming(ConsumingPromises):
    pass


class TestParking(ParkingPromises):
    pass


class TestSending(SendingPromises):
    pass


class TestReplica(ReplicaPromises):
    pass


class TestAnswering(AnsweringPromises):
    pass
