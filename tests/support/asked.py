"""What one asks and another decides: every notice of it, and who is told."""

from services.notify.domain import asked
from services.notify.domain.facts import Matter, Notice
from shared.events import Event
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    ConsentGiven,
    ConsentRefused,
    DeclineRaised,
    DeclineRefused,
    DeclineUpheld,
    ExtensionAsked,
    ExtensionRefused,
    HoldOverruled,
    JoiningChanged,
    OrderJoined,
    Party,
    StudyHeld,
    WithdrawalAsked,
    WithdrawalRefused,
)
from tests.support.examples import example

MATTER = Matter("SQ-2026-0231", "hotline-12345", "HL1", "sq")
ZRZY = Party(center="sq", department="zrzy")
NAMES = {"sq/zrzy": "自然资源局", "sq/zjj": "住建局"}
PARTIES = ("sq/zrzy", "sq/zjj")


def notices(event: Event) -> list[Notice]:
    """What is told of it."""
    return asked.TOLD[type(event)](event, MATTER, NAMES, PARTIES)


ASKED: dict[str, tuple[list[Notice], set[str]]] = {
    "a conclusion proposed": (notices(example(ConclusionProposed)), {"head@sq: head.to-approve"}),
    "a conclusion not approved": (
        notices(example(ConclusionRefused)),
        {"coordinator@sq: coordinator.not-approved"},
    ),
    "a decline": (
        notices(example(DeclineRaised, party=ZRZY, right_department="sq/zjj")),
        {"coordinator@sq: coordinator.to-decide"},
    ),
    "a decline upheld": (
        notices(example(DeclineUpheld, party=ZRZY, for_the_head=False)),
        {
            "sq/zrzy: department.recalled",
            "sq/zjj: department.recalled",
            "coordinator@sq: coordinator.to-dispatch-again",
        },
    ),
    "a second decline upheld": (
        notices(example(DeclineUpheld, party=ZRZY, for_the_head=True)),
        {"sq/zrzy: department.recalled", "sq/zjj: department.recalled", "head@sq: head.to-dispatch-again"},
    ),
    "a decline refused": (
        notices(example(DeclineRefused, party=ZRZY)),
        {"sq/zrzy: department.decline-refused"},
    ),
    "an extension asked for": (
        notices(example(ExtensionAsked, party=ZRZY)),
        {"coordinator@sq: coordinator.to-extend"},
    ),
    "an extension refused": (
        notices(example(ExtensionRefused, party=ZRZY)),
        {"sq/zrzy: department.extension-refused"},
    ),
    "co-handlers overruled": (
        notices(example(HoldOverruled, parties=[ZRZY])),
        {"sq/zrzy: department.overruled", "sq/zjj: department.overruled"},
    ),
    "studied": (notices(example(StudyHeld, departments=[ZRZY])), {"sq/zrzy: department.studied"}),
    "joined": (
        notices(example(OrderJoined)),
        {"sq/zrzy: department.joined", "sq/zjj: department.joined", "petitioner: petitioner.joined"},
    ),
    "joined to another one": (
        notices(example(JoiningChanged)),
        {"sq/zrzy: department.joined-anew", "sq/zjj: department.joined-anew"},
    ),
    "joined no longer": (
        notices(example(JoiningChanged, leading=None, leading_number=None)),
        {"sq/zrzy: department.parted", "sq/zjj: department.parted"},
    ),
    "a withdrawal asked for": (notices(example(WithdrawalAsked)), {"head@sq: head.to-confirm"}),
    "a withdrawal not confirmed": (
        notices(example(WithdrawalRefused)),
        {"coordinator@sq: coordinator.not-withdrawn"},
    ),
    "consent given": (notices(example(ConsentGiven, party=ZRZY)), {"sq/zrzy: department.consent-given"}),
    "consent refused": (notices(example(ConsentRefused, party=ZRZY)), {"sq/zrzy: department.consent-refused"}),
}
"""By what happened: the notices, and `<recipient>: <template>` of each."""
