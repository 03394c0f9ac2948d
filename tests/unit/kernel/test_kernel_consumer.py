"""The consumer on SQLite."""

from tests.support.promises.consuming import ConsumingPromises
from tests.support.promises.parking import ParkingPromises


class TestConsuming(ConsumingPromises):
    pass


class TestParking(ParkingPromises):
    pass
