"""What dispatch's papers say: the work order (annex 2), and the letters that the mechanism asks for (Art. 6, 8, 9).

Nothing of the petitioner stands in a letter; where one is addressed to him or tells of him, he is put in when it is
printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from shared.papers.kinds import Kind
from shared.papers.letter import Letter, Particular, Person, Petitioner, Style, day, minute

MECHANISM = "《“有诉即办”诉求响应工作机制（试行）》"
CATEGORIES: Mapping[str, str] = {
    "complaint": "投诉",
    "opinion": "意见",
    "suggestion": "建议",
    "question": "疑问",
    "difficulty": "疑难事项",
    "complex": "复杂问题",
}
_UNDONE = "未按督办要求办理"
_TITLE_LINE = 20
"""Characters of 二号 that go on one line (GB/T 9704)."""
CONFIDENTIAL = Person("（诉求人要求保密）", "", "请通过管理机构联系", "")
NO_LONGER_SHOWN = Person("（已办结，不再显示）", "", "", "")


@dataclass(frozen=True)
class Contact:
    """工作单联系人: the coordinator of the center that handles it."""

    name: str
    phone: str

    @property
    def line(self) -> str:
        """As a letter says it."""
        return f"联系人：{self.name}，联系电话：{self.phone}" if self.name else ""


@dataclass(frozen=True)
class Matter:
    """What every letter about a complaint begins from."""

    number: str
    """The complaint's, `SQ-2026-0231`."""
    center: str
    """Whose letter it is, by its code: the center that handles it, or that handed it over."""
    office: str
    """What that is called."""
    registered_at: datetime
    category: str
    contact: Contact

    @property
    def printed(self) -> str:
        """As annex 2 prints it: `2026年第0231号`."""
        return printed_number(self.number)

    @property
    def order(self) -> str:
        """As a sentence calls it."""
        return f"{self.printed}“有诉即办”问题工作单"

    @property
    def complaint(self) -> str:
        """The complaint itself, as a sentence calls it."""
        return f"{self.printed}诉求（类别：{CATEGORIES.get(self.category, self.category)}）"


@dataclass(frozen=True)
class Lateness:
    """A leg that was not answered in time, and by whom."""

    late: Sequence[str]
    """The departments, by their full names."""
    assigned_at: datetime
    """When it was dispatched to them, whichever stage was late."""
    due_at: datetime | None
    promised: bool = False
    """Whether that is the date to which their plan committed."""
    again_at: datetime | None = None
    """When it was given to them again, because the petitioner asked for that."""
    supervised_at: datetime | None = None
    requirement: str = ""
    government: str = ""
    inspection: str = ""

    @property
    def names(self) -> str:
        """Joined."""
        return "、".join(self.late)

    def since(self, whom: str) -> str:
        """When it was given to them, and by when it was due, as a sentence says it."""
        again = f"，{day(self.again_at)}应诉求人要求重新办理" if self.again_at else ""
        limit = "方案承诺期限" if self.promised else "办理期限"
        due = f"，{limit}为{minute(self.due_at)}" if self.due_at else ""
        return f"于{day(self.assigned_at)}分办{whom}办理{again}{due}"


def printed_number(number: str) -> str:
    """`2026年第0231号`."""
    _, year, seq = number.rsplit("-", 2)
    return f"{year}年第{seq}号"


def work_order(
    number: str,
    person: Person,
    reported_at: datetime,
    category: str,
    content: str,
    departments: Sequence[str],
    due_at: datetime | None,
    contact: Contact,
    remarks: str,
    *,
    provisional: bool,
) -> dict[str, str]:
    """The cells of annex 2; the lead comes first among the departments."""  # fmt: skip
    several = len(departments) > 1
    named = f"责任部门：{'、'.join(departments)}\n牵头部门：{departments[0]}" if several else "".join(departments)
    return {
        "number": printed_number(number),
        "name": person.name,
        "contact_person": person.contact_person,
        "phone": person.phone,
        "reported": minute(reported_at),
        "category": CATEGORIES.get(category, category),
        "address": person.address,
        "content": content,
        "departments": named,
        "due": f"{minute(due_at)}前{'（暂定）' if provisional else ''}" if due_at else "",
        "contact": contact.name,
        "contact_phone": contact.phone,
        "remarks": remarks,
    }


def supervision(matter: Matter, told: Lateness) -> Letter:
    """督办通知 (Art. 9): what must be done, and by when."""
    return Letter(
        style=Style.FILE,
        office=matter.office,
        title="督 办 通 知",
        to=told.names,
        paragraphs=(
            f"{matter.order}{told.since('你单位')}。截至目前，你单位逾期未反馈办理结果。",
            (
                f"根据{MECHANISM}第九条，{_given(told)}予以督办，请按下列要求办理。逾期仍未按督办要求办理的，将予以通报，"
                "并向同级政府报告、抄送同级纪委监委。"
            ),
        ),
        particulars=(Particular("督办要求", told.requirement),),
        contact=matter.contact.line,
    )


def circular(matter: Matter, told: Lateness) -> Letter:
    """通报 (Art. 9): whoever did not do what the supervision asked."""
    return Letter(
        style=Style.FILE,
        office=matter.office,
        title=_title("关于", told, "工作单的通报"),
        to="各政务服务部门、各便民服务中心",
        paragraphs=(
            _course(matter, told),
            (
                f"根据{MECHANISM}第九条，现予以通报。请{told.names}立即办理，办结后向我中心书面说明情况。各单位要引以为戒，"
                "切实做到有诉即接、有诉即应、有诉即办、有诉必办。"
            ),
        ),
        copies=f"{told.government}，{told.inspection}",
    )


def report(matter: Matter, told: Lateness) -> Letter:
    """向同级政府的报告 (Art. 9)."""
    return Letter(
        style=Style.FILE,
        office=matter.office,
        title=_title("关于", told, "工作单的报告"),
        to=told.government,
        paragraphs=(_course(matter, told), f"根据{MECHANISM}第九条，我中心已予以通报，并抄送{told.inspection}。"),
        closing="特此报告。",
        contact=matter.contact.line,
        upward=True,
    )


def copy(matter: Matter, told: Lateness) -> Letter:
    """抄送函 (Art. 9): to discipline inspection."""
    return Letter(
        style=Style.LETTER,
        office=matter.office,
        title=_title("关于抄送", told, "工作单情况的函"),
        to=told.inspection,
        paragraphs=(_course(matter, told), f"根据{MECHANISM}第九条，现将有关情况抄送你单位。"),
        closing="特此函达。",
        contact=matter.contact.line,
    )


def _title(about: str, told: Lateness, what: str) -> str:
    """On two lines, neither of which breaks within a name; the text names every department, the title the first."""
    late, *others = told.late
    first = f"{about}{late}等{len(told.late)}个单位" if others else f"{about}{late}"
    if len(first + _UNDONE) <= _TITLE_LINE:
        return f"{first}{_UNDONE}\n“有诉即办”{what}"
    return f"{first}\n{_UNDONE}{what}"


def _given(told: Lateness) -> str:
    return f"已于{minute(told.supervised_at)}" if told.supervised_at else "现"


def _course(matter: Matter, told: Lateness) -> str:
    supervised = f"{minute(told.supervised_at)}，我中心发出督办通知。" if told.supervised_at else ""
    return (
        f"{matter.order}{told.since(told.names)}。该工作单逾期未反馈办理结果，{supervised}"
        f"督办后，{told.names}仍未按督办要求办理。"
    )


def reasons(matter: Matter, department: str, text: str, legal_basis: str, remedy: str) -> Letter:
    """办不了告知书 (Art. 8): the reasons, their legal basis, and what is open to the petitioner."""
    told = [Particular("办不了的理由", text), Particular("法律、政策依据", legal_basis)]
    if remedy:
        told.append(Particular("救济途径", remedy))
    return Letter(
        style=Style.NOTICE,
        office=matter.office,
        title="“办不了”事项告知书",
        paragraphs=(
            (
                f"您于{day(matter.registered_at)}反映的诉求（{matter.printed}）收悉。经{department}核查，您反映的事项目前办不了。"
                "现将具体理由和依据告知如下："
            ),
        ),
        particulars=tuple(told),
        closing="如对本告知有异议，可凭诉求编号向我中心反映。",
        contact=matter.contact.line,
        petitioner=Petitioner.ADDRESSED,
    )


def extension(matter: Matter, department: str, was: date, until: date, reason: str) -> Letter:
    """延期告知书 (Art. 8): the committed date is later than was told, until when, and why."""
    return Letter(
        style=Style.NOTICE,
        office=matter.office,
        title="延期办理告知书",
        paragraphs=(
            (
                f"您于{day(matter.registered_at)}反映的诉求（{matter.printed}）正在办理。{department}原承诺于{day(was)}前办结，"
                f"现因故不能如期办结，经审核同意，办理期限延长至{day(until)}。"
            ),
        ),
        particulars=(Particular("延期的原因", reason),),
        closing="给您带来不便，敬请谅解。办理结果将及时告知您。",
        contact=matter.contact.line,
        petitioner=Petitioner.ADDRESSED,
    )


HEADS_ONLY = frozenset({Kind.CIRCULAR, Kind.REPORT, Kind.COPY})
"""What is issued under the signature of the center's head (contract, Roles)."""
