"""函转函: letters by which a matter goes to a unit outside, is chased there, or goes to another center (Art. 6, 7)."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.papers import MECHANISM, Matter
from shared.papers.letter import Letter, Particular, Petitioner, Style, day


def referral(matter: Matter, unit: str, reason: str, content: str) -> Letter:
    """函转函 (Art. 6): to a unit outside, with what the petitioner says and how he is reached."""
    return Letter(
        style=Style.LETTER,
        office=matter.office,
        title="关于转办“有诉即办”诉求的函",
        to=unit,
        paragraphs=(
            (
                f"我中心于{day(matter.registered_at)}受理{matter.complaint}。经研判，该诉求不属于本中心政务服务业务"
                f"{_because(reason)}。根据{MECHANISM}第六条，现函转你单位依法依规处理，并请将处理情况函复我中心，以便跟踪并回访诉求人。"
            ),
        ),
        particulars=(Particular("诉求主要内容", content),),
        closing="特此函达，请予支持。",
        contact=matter.contact.line,
        petitioner=Petitioner.PARTICULARS,
    )


@dataclass(frozen=True)
class Asked:
    """A unit's letter that is chased: when it was written, its number if it was issued, whether it was answered."""

    at: datetime
    number: str | None
    answered: bool


def chase(matter: Matter, unit: str, asked: Asked, words: str, content: str) -> Letter:
    """函转函 that chases (mechanism §3): no answer has come, or one with which the petitioner is not content."""
    by = f"以{asked.number}" if asked.number else ""
    so_far, please = ("截至目前，尚未收到你单位的函复", "现予催办，请抓紧依法依规处理")
    if asked.answered:
        so_far, please = ("你单位已函复处理情况，经回访，诉求人对处理结果不认可", "请进一步依法依规处理")
    said = (Particular("有关说明", words),) if words.strip() else ()
    return Letter(
        style=Style.LETTER,
        office=matter.office,
        title="关于催办“有诉即办”诉求函转事项的函",
        to=unit,
        paragraphs=(
            (
                f"我中心于{day(asked.at)}{by}函转你单位处理{matter.complaint}。{so_far}。{please}，并将处理情况函复我中心，"
                "以便回访诉求人。"
            ),
        ),
        particulars=(Particular("诉求主要内容", content), *said),
        closing="特此函达，请予支持。",
        contact=matter.contact.line,
    )


def transfer(matter: Matter, center: str, reason: str) -> Letter:
    """函转函 (Art. 7): to the center that takes over, with the work order, which says who complains and of what."""
    return Letter(
        style=Style.LETTER,
        office=matter.office,
        title="关于函转“有诉即办”问题工作单的函",
        to=center,
        paragraphs=(
            (
                f"{matter.complaint}已于{day(matter.registered_at)}受理。经审核，该诉求应由你中心协调办理{_because(reason)}。"
                f"根据{MECHANISM}第七条，现将工作单函转你中心，请审核分办，明确办理期限，并做好质检和回访。诉求编号不变。"
            ),
        ),
        closing="特此函达。",
        enclosure=matter.order,
        contact=matter.contact.line,
    )


def _because(reason: str) -> str:
    return f"（{reason.strip().rstrip('。')}）" if reason.strip() else ""
