"""What each kind of fact is called, and its fields: in lists, in forms, and as columns of an imported table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ValidationInfo, create_model
from pydantic_core import PydanticCustomError

from services.directory.api import bodies
from services.directory.domain.facts import NO_STAFF, Facts
from shared.security.roles import CALLED
from shared.texts import Name, Words
from shared.web.messages import SAID

WAYS = {"refer": "函转办理", "direct": "告知渠道"}
ROLES = {role.value: called for role, called in CALLED.items() if role.value not in NO_STAFF}
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A field of a fact; `name` is the body's."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    is_key: bool = False
    """Whether the fact is known by it, so that it stays as it was entered."""
    choices: Callable[[Facts], Choices] | None = None
    blank: str = "请选择"
    half: bool = False


@dataclass(frozen=True)
class Sheet:
    """A kind of fact."""

    kind: str
    path: str
    """Of its pages, below `/directory`."""
    title: str
    one: str
    body: type[bodies.Given]
    fields: tuple[Field, ...]
    first: str
    """What to do first where there is none."""

    @cached_property
    def corrected(self) -> type[BaseModel]:
        """What the form that corrects one is read as: the same, with the revision that was shown and the reason."""
        return create_model(f"Corrected{self.body.__name__}", __base__=(Reasoned, self.body))

    def shown(self, field: Field, fact: Mapping[str, Any], known: Facts) -> str:
        """A field of a fact as a list shows it."""
        value = fact.get(field.name)
        if value is None:
            return ""
        if field.name == "department":
            value = f"{fact['center']}/{value}"
        called = dict(field.choices(known)) if field.choices else {}
        return str(called.get(value, value))


class Reasoned(BaseModel):
    """What comes along with a correction."""

    revision: int
    reason: Words


def _of_center(department: str | None, info: ValidationInfo) -> str | None:
    """A form offers the departments of all centers as `center/code`; a body holds the code."""
    place, _, code = (department or "").rpartition("/")
    if place and place != info.data.get("center"):
        raise PydanticCustomError(SAID, "不属于所选的中心，请重新选择。")
    return code or None


class MemberTyped(bodies.MemberGiven):
    """Someone who works here, as a form says it."""

    department: Annotated[Name | None, AfterValidator(_of_center)] = None


def _active(known: Facts, kind: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(code, fact) for code, fact in sorted(known.get(kind, {}).items()) if fact["active"]]


def centers(known: Facts) -> Choices:
    """The centers there are, the county's first."""
    found = sorted(_active(known, "center"), key=lambda each: each[1]["parent"] is not None)
    return [(code, fact["name"]) for code, fact in found]


def _roots(known: Facts) -> Choices:
    return [(code, fact["name"]) for code, fact in _active(known, "center") if fact["parent"] is None]


def _departments(known: Facts) -> Choices:
    return [(key, fact["name"]) for key, fact in _active(known, "department")]


def _ways(_: Facts) -> Choices:
    return list(WAYS.items())


def _roles(_: Facts) -> Choices:
    return list(ROLES.items())


_CODE = "小写字母、数字和连字符，例如 "
_QUEUES = ("department.sq.zrzy", "feedback.web", "supervision.sq", "government.sq")
_CENTER = Field("center", "所属中心", is_key=True, choices=centers)
_PHONE = Field("phone", "电话", required=False)

SHEETS = {
    sheet.path: sheet
    for sheet in (
        Sheet(
            "center", "centers", "中心", "中心", bodies.CenterGiven,
            (
                Field("code", "代码", f"{_CODE}sq-fujing；确定后不能更改。", is_key=True),
                Field("name", "名称", half=True),
                Field("parent", "所属县级中心", "乡镇、街道的中心必选；县级中心只有一个。", required=False,
                      choices=_roots, blank="本身是县级中心"),
                Field("area_code", "区号", "以0开头，例如 0394。"),
                Field("place", "地址和窗口位置", required=False, half=True),
            ),
            "先由运维人员用 yousu admin create 建立县级中心，再在这里新增乡镇、街道的便民服务中心。",
        ),
        Sheet(
            "department", "departments", "部门", "部门", bodies.DepartmentGiven,
            (
                _CENTER,
                Field("code", "代码", f"{_CODE}zrzy；在本中心内不重复，确定后不能更改。", is_key=True),
                Field("name", "全称", "文书上使用。", half=True),
                Field("short_name", "简称", "工作单和台账上使用，例如 自然资源局。"),
            ),
            "部门承办诉求。先新增县直部门和各中心的综合服务站，再为它们新增承办人员。",
        ),
        Sheet(
            "member", "staff", "人员", "人员", MemberTyped,
            (
                Field("code", "用户名", f"{_CODE}wang-lei；登录使用，确定后不能更改。", is_key=True),
                Field("name", "姓名"),
                Field("role", "岗位", choices=_roles),
                Field("center", "所在中心", "岗位的权限以这里为范围；监督、督查人员选本级的中心。", choices=centers),
                Field("department", "部门", "只有部门承办人员填写。", required=False, choices=_departments, half=True,
                      blank="不属于部门"),
                _PHONE,
            ),
            "新增一名人员后会得到一个一次性密码，交给本人首次登录时更换。",
        ),
        Sheet(
            "unit", "units", "外部单位", "外部单位", bodies.UnitGiven,
            (
                Field("name", "名称", is_key=True, half=True),
                Field("way", "办理方式", "函转：发函请其办理并跟踪；告知：请诉求人走法定渠道。", choices=_ways),
                _PHONE,
            ),
            "不属于政务服务、或未进驻的事项函转给这里的单位，或者告知诉求人到这里反映。先新增常用的单位。",
        ),
        Sheet(
            "liaison", "liaisons", "联络员", "联络员", bodies.LiaisonGiven,
            (
                _CENTER,
                Field("code", "代码", f"{_CODE}jw；在本中心内不重复，确定后不能更改。", is_key=True),
                Field("organ", "所在机关", "例如 县纪委监委。"),
                Field("name", "姓名"),
                _PHONE,
            ),
            "各中心与纪检监察、法院、信访等机关常态化联络的人。先新增本中心联系的机关和联络员。",
        ),
        Sheet(
            "channel", "channels", "渠道", "渠道", bodies.ChannelGiven,
            (
                Field("code", "代码", f"{_CODE}hotline-12345；渠道以它标明来源，确定后不能更改。", is_key=True),
                Field("name", "名称", half=True),
            ),
            "渠道向本平台送来诉求。先新增渠道，再为它生成密钥，交给渠道的开发单位。",
        ),
        Sheet(
            "partner", "partners", "对接系统", "对接系统", bodies.PartnerGiven,
            (
                Field("code", "队列名", f"如 {'、'.join(_QUEUES)}；确定后不能更改。", is_key=True, half=True),
                Field("name", "名称", half=True),
            ),
            "外部系统从总线上的队列读取通知。部门、渠道有自己的系统时才需要新增；没有的在本平台的页面上办理。",
        ),
    )
}  # fmt: skip
"""By path, in the order they are shown and entered."""

OF_KIND = {sheet.kind: sheet for sheet in SHEETS.values()}
