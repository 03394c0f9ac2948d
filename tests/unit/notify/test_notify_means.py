"""What becomes of a message: told at the desk, carried out by a provider, or left standing and said so."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import product

import pytest

from services.notify.domain.means import (
    ATTEMPTS,
    LONGEST_PAUSE,
    MEANS_OF,
    Fate,
    Letter,
    Means,
    Provider,
    State,
    fate_after,
    fate_of_new,
    must_be_given_up,
    must_be_retriable,
    pause_after,
)
from services.notify.domain.recipients import Kind
from shared.refusals import NotPossible


class Nowhere(Provider):
    async def deliver(self, letters: Sequence[Letter]) -> Mapping[str, str | None]:
        raise NotImplementedError


CONNECTED: Mapping[Means, Provider] = {Means.SMS: Nowhere()}
SENT, FAILED = Fate(State.SENT), Fate(State.FAILED)
GIVEN_UP = Fate(State.GIVEN_UP)
STANDS, WAITS = Fate(State.RECORDED), Fate(State.RECORDED, waits=True)


@pytest.mark.parametrize("kind", Kind)
def test_only_the_petitioner_has_no_desk_here(kind: Kind) -> None:
    assert (MEANS_OF[kind] is Means.CONSOLE) == (kind is not Kind.PETITIONER)


@pytest.mark.parametrize(
    ("means", "connected", "fate"),
    [
        (Means.CONSOLE, {}, SENT),
        (Means.CONSOLE, CONNECTED, SENT),
        (Means.SMS, CONNECTED, WAITS),
        (Means.SMS, {}, STANDS),
        (Means.SMTP, CONNECTED, STANDS),
    ],
)
def test_a_new_message_is_sent_only_where_it_has_been(
    means: Means, connected: Mapping[Means, Provider], fate: Fate
) -> None:
    assert fate_of_new(means, connected) == fate


@pytest.mark.parametrize("attempts", range(1, ATTEMPTS + 1))
def test_a_message_is_tried_until_it_is_sent_or_has_failed_often_enough(attempts: int) -> None:
    assert fate_after(attempts, None) == SENT
    assert fate_after(attempts, "timeout") == (FAILED if attempts == ATTEMPTS else WAITS)


def test_the_pauses_grow_and_end() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] > timedelta()
    assert pauses[-1] == LONGEST_PAUSE


_GRID: dict[tuple[Fate, bool], str | None] = {
    (SENT, True): "already-sent",
    (SENT, False): "already-sent",
    (WAITS, True): "still-trying",
    (WAITS, False): "still-trying",
    (STANDS, True): None,
    (STANDS, False): "no-provider",
    (FAILED, True): None,
    (FAILED, False): "no-provider",
    (GIVEN_UP, True): None,
    (GIVEN_UP, False): "no-provider",
}


@pytest.mark.parametrize(
    ("fate", "is_connected"), list(product((SENT, WAITS, STANDS, FAILED, GIVEN_UP), (True, False)))
)
def test_only_what_reached_nobody_and_can_be_carried_is_tried_again(fate: Fate, is_connected: bool) -> None:
    code = _GRID[fate, is_connected]
    connected: Mapping[Means, Provider] = CONNECTED if is_connected else {}
    if code is None:
        must_be_retriable(fate, Means.SMS, connected)
    else:
        with pytest.raises(NotPossible) as refused:
            must_be_retriable(fate, Means.SMS, connected)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("fate", "refusal"),
    [
        (SENT, "already-sent"),
        (WAITS, "still-trying"),
        (STANDS, None),
        (FAILED, None),
        (GIVEN_UP, "given-up-already"),
    ],
)
def test_what_has_reached_nobody_can_be_given_up_once(fate: Fate, refusal: str | None) -> None:
    if refusal is None:
        must_be_given_up(fate)
    else:
        with pytest.raises(NotPossible) as refused:
            must_be_given_up(fate)
        assert refused.value.code == refusal
