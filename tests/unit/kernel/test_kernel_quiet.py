"""Whether the house is quiet, over several processes: replicas of a service share its store, which is counted once."""

from datetime import datetime, timedelta

import httpx
import pytest

from shared.quiet import Counted, Quiet, ask
from shared.workdays import CHINA

NOW = datetime(2026, 11, 23, 12, tzinfo=CHINA)


def shop(**counted: int) -> Quiet:
    """A replica of the shop, which has announced three events for the till."""
    return Quiet(stores={"shop": Counted(announced={"till": 3}, **counted)})


def till(**counted: int) -> Quiet:
    """A replica of the till."""
    return Quiet(stores={"till": Counted(**counted)})


def all_of(*processes: Quiet) -> Quiet:
    """What they come to together."""
    total = Quiet()
    for process in processes:
        total.add(Quiet.told(process.facts()))
    return total


def test_the_store_of_two_replicas_is_counted_once() -> None:
    found = all_of(shop(unsent=2), shop(unsent=2), till(claimed=3, parked_live=1), till(claimed=3, parked_live=1))
    assert (found.unsent, found.parked_live, found.claimed["till"]) == (2, 1, 3)
    assert found.announced == {"till": 3}


def test_two_replicas_that_have_taken_all_between_them_are_quiet() -> None:
    assert all_of(shop(), shop(), till(claimed=3), till(claimed=3)).is_quiet(NOW)


def test_what_two_replicas_have_taken_is_not_added_up() -> None:
    assert not all_of(shop(), till(claimed=2), till(claimed=2)).is_quiet(NOW)


def test_of_two_words_on_one_store_the_less_quiet_one_stands() -> None:
    assert not all_of(shop(), till(claimed=3), till(claimed=2)).is_quiet(NOW)
    assert not all_of(shop(unsent=1), shop(), till(claimed=3)).is_quiet(NOW)


def test_what_any_process_has_in_hand_or_due_is_no_quiet() -> None:
    assert not all_of(shop(), till(claimed=3), Quiet(in_hand=1)).is_quiet(NOW)
    due = Quiet(next_fire_at=(NOW - timedelta(minutes=1)).isoformat())
    assert not all_of(shop(), till(claimed=3), due).is_quiet(NOW)


def test_the_contract_s_keys_stand_at_the_top() -> None:
    assert {"unsent", "in_hand", "parked_live", "next_fire_at"} <= shop().facts().keys()


@pytest.mark.parametrize("answer", ["{}", "[]", "<html>", '{"in_hand": 0, "next_fire_at": null, "stores": {"sla": 1}}'])
async def test_a_stranger_at_the_port_of_a_process_that_crashed_is_not_quiet(answer: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text=answer))
    async with httpx.AsyncClient(transport=transport) as client:
        found = await ask(client, ["http://127.0.0.1:1"])
    assert not found.is_quiet(NOW)
