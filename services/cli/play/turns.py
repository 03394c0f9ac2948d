"""What may come in the way of a handling: turns a scenario's line can take beside the ordinary course.

Each stands under its name in `handling`, and is left out where it does not happen. `after_working_days` counts from the
dispatch, and for `reopen` from the end; whoever decides does so five office minutes later.

- `sorted_first`: `{"triage", "reason"}`: how the window sorted it, before the coordinator set that right, and why.
- `correct`: what was registered wrongly, as the door takes it, with its `reason`: right after it was sorted.
- `study`: `{"departments": […], "attendees", "conclusion"}`: a joint study right after the dispatch.
- `join`: the `source_ref` of an earlier line: joined to that one instead of being dispatched by itself.
- `decline`: `{"after_working_days", "reason", "right_department"?, "uphold", "reasons", "then_lead"?}`: the lead
  declines; upheld, it is dispatched to `then_lead`, who may have been a co-handler, and everything later counts from
  that dispatch. A list of these happens one after the other; a third dispatch is the head's.
- `consent`: true or false: the coordinator's word on a date beyond twenty working days.
- `extension`: `{"after_working_days", "committed_working_days", "reason", "approve", "reasons"?}`: by the lead.
- `overrule`: why the co-handlers, who then do not answer, do not hold the lead back.
- `nudges`: the working days on which the petitioner nudges, e.g. `[1, 2]`.
- `urges`, `supervises`: the working days on which the coordinator urges, or supervises, by hand.
- `chases`: those on which he asks the unit it was referred to how far it has come.
- `withdraw`: `{"after_working_days", "words", "confirm"}`: where it is confirmed, that is the end.
- `reopen`: `{"after_working_days", "words", "follow_up"?}`: after the end, whatever it was, the petitioner has it
  reopened; it is done again as a redo is, and followed up (`follow_up` as everywhere; without it the petitioner is
  satisfied).

A `follow_up` may be `unreachable`: then the next try is on the next working day in another part of the day; where no
entry follows, it is tried until that is enough, and concluded.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FollowUp:
    """What the petitioner says when asked."""

    satisfaction: str
    opinion: str


@dataclass(frozen=True)
class SortedFirst:
    """As what the window took it, and why that was set right."""

    triage: str
    reason: str


@dataclass(frozen=True)
class Decline:
    """退单, and what the coordinator makes of it."""

    after_working_days: int
    reason: str
    right_department: str | None
    uphold: bool
    reasons: str
    then_lead: str | None


@dataclass(frozen=True)
class Extension:
    """A later committed date is asked for."""

    after_working_days: int
    committed_working_days: int
    reason: str
    approve: bool
    reasons: str | None


@dataclass(frozen=True)
class Withdrawal:
    """撤回, and whether the petitioner, phoned, says the same."""

    after_working_days: int
    words: str
    confirm: bool


@dataclass(frozen=True)
class Reopening:
    """The petitioner has it reopened."""

    after_working_days: int
    words: str
    follow_ups: tuple[FollowUp, ...]


@dataclass(frozen=True)
class Turns:
    """All of them."""

    sorted_first: SortedFirst | None = None
    correct: dict[str, Any] | None = None
    study: dict[str, Any] | None = None
    join: str | None = None
    declines: tuple[Decline, ...] = ()
    consent: bool | None = None
    extension: Extension | None = None
    overrule: str | None = None
    nudges: tuple[int, ...] = ()
    urges: tuple[int, ...] = ()
    supervises: tuple[int, ...] = ()
    chases: tuple[int, ...] = ()
    withdraw: Withdrawal | None = None
    reopen: Reopening | None = None


UNSAID = "（未留意见）"
"""The words of a petitioner of whom the scenario tells none."""


def follow_ups(given: list[dict[str, Any]] | None) -> tuple[FollowUp, ...]:
    """The follow-ups of a line, in their order."""
    return tuple(FollowUp(heard["satisfaction"], heard.get("opinion") or UNSAID) for heard in given or ())


def turns(handling: dict[str, Any]) -> Turns:
    """The turns a handling takes; raises `KeyError` where one lacks something."""
    return Turns(
        sorted_first=_sorted_first(handling.get("sorted_first")),
        correct=_correct(handling.get("correct")),
        study=handling.get("study"),
        join=handling.get("join"),
        declines=_declines(handling.get("decline")),
        consent=handling.get("consent"),
        extension=_extension(handling.get("extension")),
        overrule=handling.get("overrule"),
        nudges=tuple(handling.get("nudges") or ()),
        urges=tuple(handling.get("urges") or ()),
        supervises=tuple(handling.get("supervises") or ()),
        chases=tuple(handling.get("chases") or ()),
        withdraw=_withdrawal(handling.get("withdraw")),
        reopen=_reopening(handling.get("reopen")),
    )


def missing(turns: Turns) -> str | None:
    """Without what nobody could take them."""
    if any(decline.uphold and not decline.then_lead for decline in turns.declines):
        return "decline 同意的须有 then_lead。"
    if turns.extension and not turns.extension.approve and not turns.extension.reasons:
        return "extension 不同意的须有 reasons。"
    return None


def _sorted_first(given: dict[str, Any] | None) -> SortedFirst | None:
    return SortedFirst(given["triage"], given["reason"]) if given else None


def _correct(given: dict[str, Any] | None) -> dict[str, Any] | None:
    return given | {"reason": given["reason"]} if given else None


def _declines(given: dict[str, Any] | list[dict[str, Any]] | None) -> tuple[Decline, ...]:
    return tuple(_decline(each) for each in (given if isinstance(given, list) else [given]) if each)


def _decline(given: dict[str, Any]) -> Decline:
    ground = (given["after_working_days"], given["reason"], given.get("right_department"))
    return Decline(*ground, given["uphold"], given["reasons"], given.get("then_lead"))


def _extension(given: dict[str, Any] | None) -> Extension | None:
    if given is None:
        return None
    asked = (given["after_working_days"], given["committed_working_days"], given["reason"])
    return Extension(*asked, given["approve"], given.get("reasons"))


def _withdrawal(given: dict[str, Any] | None) -> Withdrawal | None:
    return Withdrawal(given["after_working_days"], given["words"], given["confirm"]) if given else None


def _reopening(given: dict[str, Any] | None) -> Reopening | None:
    if given is None:
        return None
    content = (FollowUp("satisfied", UNSAID),)
    return Reopening(given["after_working_days"], given["words"], follow_ups(given.get("follow_up")) or content)
