"""The words of every message, by `<recipient kind>.<what>`: a title and a body with named places.

The places in `PERSONAL` are empty in what is kept; they are filled when a message is shown or sent, from the one table
that holds them, and so are gone from every message when a person is erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

PERSONAL = frozenset({"query_code", "petitioner", "phone", "address", "content", "rating_link"})


@dataclass(frozen=True)
class Template:
    """One message's words."""

    title: str
    body: str

    @property
    def places(self) -> frozenset[str]:
        """The names that must be given to fill it."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.body) if name)

    @property
    def is_personal(self) -> bool:
        """Whether something about the petitioner stands in it."""
        return not self.places.isdisjoint(PERSONAL)

    def filled(self, params: Mapping[str, str]) -> str:
        """The body with everything in its place."""
        return self.body.format_map(params)


_ASSIGNED = "{number}号工作单请你单位作为{role}办理，{due}前提出{owed}。{instructions}"

TEMPLATES: Mapping[str, Template] = {
    "petitioner.registered": Template(
        "诉求已登记", "您的诉求已登记，编号{number}，查询码{query_code}。凭编号和查询码可随时查询办理进度。"
    ),
    "petitioner.registered-after-hours": Template(
        "诉求已登记",
        "您的诉求已登记，编号{number}，查询码{query_code}。现在是非工作时间，我们将于{opens_at}开始办理；"
        "遇有紧急情况，请直接拨打110（公安）、119（消防）或120（急救）。",
    ),
    "petitioner.dispatched": Template("诉求已转办", "您的诉求（{number}）已转交{departments}办理，将于{due}前答复您。"),
    "petitioner.transferred": Template(
        "诉求已转办", "您的诉求（{number}）已函转{center}办理，编号和查询码不变。{reason}"
    ),
    "petitioner.referred": Template(
        "诉求已函转", "您的诉求（{number}）属于{unit}职责，已函转该单位处理，我们将跟踪处理情况并向您反馈。{reason}"
    ),
    "petitioner.recalled": Template(
        "函转收回", "您的诉求（{number}）不再由{unit}处理，已收回由本中心重新研判，有进展再向您反馈。{reason}"
    ),
    "petitioner.directed": Template("办理渠道告知", "您的诉求（{number}）请通过以下渠道解决：{channel}。{reason}"),
    "petitioner.settled": Template(
        "诉求已当场办理", "您的诉求（{number}）已协调解决。{result}稍后将回访，听取您的意见。"
    ),
    "petitioner.plan": Template("解决方案", "您的诉求（{number}），{department}提出解决方案。{text}{committed}"),
    "petitioner.reasons": Template(
        "答复意见", "您的诉求（{number}），{department}经研究答复如下。{text}{legal_basis}{remedy}"
    ),
    "petitioner.result": Template("办理结果", "您的诉求（{number}）已有办理结果。{text}稍后将回访，听取您的意见。"),
    "petitioner.redo": Template("退回重办", "您的诉求（{number}）已按您的意见退回重办，有结果后再向您反馈。"),
    "petitioner.reopened": Template("重新办理", "您的诉求（{number}）已按您的申请重新办理，有结果后再向您反馈。"),
    "petitioner.due-moved": Template("办理期限调整", "您的诉求（{number}）办理期限由{was}调整为{due}。{why}"),
    "petitioner.due-settled": Template("办理期限确定", "您的诉求（{number}）办理期限确定为{due}。{why}"),
    "petitioner.due-unsettled": Template(
        "办理期限暂定", "您的诉求（{number}）办理期限现为{due}，节假日安排确定后如有变动将另行告知。{why}"
    ),
    "petitioner.closed": Template(
        "诉求办结",
        "您的诉求（{number}）{final}。{result}{reasons}{legal_basis}请您评价（链接只能使用一次）：{rating_link}。如有异议，可凭编号和查询码申请重新办理。",
    ),
    "petitioner.joined": Template(
        "合并办理", "您的诉求（{number}）与他人反映的同一事项合并办理，您的编号、办理期限、答复和回访不变。"
    ),
    "department.assigned": Template(
        "新的工作单", _ASSIGNED + "诉求人：{petitioner}，电话：{phone}，地址：{address}。诉求内容：{content}"
    ),
    "department.assigned-confidential": Template(
        "新的工作单", _ASSIGNED + "诉求人要求对你单位保密，需联系时请通过管理机构。诉求内容：{content}"
    ),
    "department.leg-due": Template("办理期限", "{number}号工作单请于{due}前提出{owed}。"),
    "department.co-handler-answered": Template(
        "协办部门已答复", "{number}号工作单：协办部门{department}已提出意见。{text}"
    ),
    "department.reply-rejected": Template(
        "答复未收取", "你单位系统对{order}的答复未能收取，请改正后重新发送。{faults}"
    ),
    "department.returned": Template("退回重办", "{number}号工作单未通过质检，退回重办（第{round}次办理）。{reasons}"),
    "department.redo": Template("退回重办", "{number}号工作单诉求人不满意，退回重办（第{round}次办理）。{reason}"),
    "department.recalled": Template(
        "工作单收回", "{number}号工作单已同意退单，由管理机构重新分办，你单位不再办理。{reasons}"
    ),
    "department.decline-refused": Template(
        "退单未获同意", "{number}号工作单退单未获同意，请继续办理，期限不变。{reasons}{final}"
    ),
    "department.extension-refused": Template(
        "延期未获同意", "{number}号工作单延期申请未获同意，请按原承诺日期办结。{reasons}"
    ),
    "department.consent-given": Template(
        "承诺日期已获同意", "{number}号工作单承诺{committed_on}办结，管理机构已同意。"
    ),
    "department.consent-refused": Template(
        "承诺日期未获同意", "{number}号工作单承诺日期超出一般时限，未获同意，请于{committed_on}前办结。{reasons}"
    ),
    "department.overruled": Template(
        "不再等待协办答复", "{number}号工作单：牵头部门可以不等{departments}答复，直接报送办理结果。{reason}"
    ),
    "department.studied": Template("会商纪要", "{number}号工作单已于{held_at}会商。{conclusion}{lead}办理期限不变。"),
    "department.joined": Template(
        "合并办理",
        "{number}号工作单与{leading}号反映同一事项，合并办理：对{leading}号的答复即同时答复本件，期限各自计算。",
    ),
    "department.joined-anew": Template(
        "更换主办件",
        "{number}号工作单的主办件由{former}号改为{leading}号：对{leading}号的答复即同时答复本件，期限各自计算。{reason}",
    ),
    "department.parted": Template(
        "不再合并办理", "{number}号工作单不再并入{former}号办理，请对本件单独答复，期限不变。{reason}"
    ),
    "department.reopened": Template("重新办理", "{number}号工作单诉求人申请重新办理，请你单位重新办理并答复。{words}"),
    "department.nudged": Template("诉求人催办", "{number}号工作单诉求人催问办理情况，请抓紧办理。{words}"),
    "department.due-moved": Template("办理期限调整", "{number}号工作单办理期限调整为{due}。{why}"),
    "department.due-settled": Template("办理期限确定", "{number}号工作单办理期限确定为{due}。{why}"),
    "department.due-unsettled": Template(
        "办理期限暂定", "{number}号工作单办理期限现为{due}，节假日安排确定后如有变动将另行告知。{why}"
    ),
    "department.closed": Template("工作单办结", "{number}号工作单{final}。"),
    "department.urged": Template(
        "催办", "催办：{number}号工作单尚未收到你单位答复，请抓紧办理，按期答复。{requirement}"
    ),
    "department.supervised": Template(
        "督办通知", "督办：{number}号工作单已逾期，请你单位于下一个工作日下班前办理并答复。{requirement}"
    ),
    "department.reported": Template(
        "通报", "通报：{number}号工作单经督办仍未答复，现予通报，并向同级政府报告、抄送纪检监察机关。{requirement}"
    ),
    "department.agenda": Template("今日待办", "{day}，你单位在办工作单{open}件。{overdue}{today}{tomorrow}"),
    "coordinator.to-review": Template("待审核分办", "诉求{number}研判为“{triage}”，请及时审核，分办转办。{reason}"),
    "coordinator.transferred-out": Template("已函转", "诉求{number}已函转{center}办理，请继续跟踪。{reason}"),
    "coordinator.transferred-in": Template("待接收办理", "{center}函转诉求{number}，请接收并及时分办。{reason}"),
    "coordinator.outcome": Template("函转有结果", "诉求{number}：{unit}已反馈处理情况，请告知诉求人并回访。{text}"),
    "coordinator.to-check": Template("待质检", "{number}号工作单：{department}已报送{kind}，请及时质检。{text}"),
    "coordinator.to-decide": Template(
        "待审核退单",
        "{number}号工作单：{department}申请退单，审核期间期限照常计算，请及时审核。{reason}{right_department}",
    ),
    "coordinator.to-dispatch-again": Template(
        "待重新分办", "诉求{number}已同意{department}退单，请及时重新分办。{reasons}"
    ),
    "head.to-dispatch-again": Template(
        "待裁定分办", "诉求{number}已同意{department}退单，此前的分办均已退回，请裁定责任部门并分办。{reasons}"
    ),
    "coordinator.to-extend": Template(
        "待审核延期", "{number}号工作单：{department}申请将承诺日期由{was}延至{committed_on}，请及时审核。{reason}"
    ),
    "coordinator.to-consent": Template(
        "待审定期限", "{number}号工作单：{department}承诺{committed_on}办结，超出一般时限，请审定是否同意。"
    ),
    "coordinator.not-approved": Template("未同意办结", "诉求{number}的办结意见未获同意，请继续处理。{reasons}"),
    "coordinator.reopened": Template("待重新办理", "诉求{number}诉求人申请重新办理，请重新协调办理。{words}"),
    "coordinator.nudged": Template("诉求人催办", "诉求{number}：诉求人催问办理情况，请关注并督促办理。{words}"),
    "coordinator.rated": Template("诉求人评价", "诉求{number}：诉求人评价{score}分（满分5分）。{words}"),
    "coordinator.not-withdrawn": Template("未确认撤回", "诉求{number}经电话确认，诉求人不撤回，请继续办理。{words}"),
    "coordinator.redo": Template("待重新办理", "诉求{number}诉求人不满意，请重新协调办理。{reason}"),
    "coordinator.reminded": Template(
        "内部时限提醒", "诉求{number}应于{due}前完成{step}，至今未完成，请抓紧办理（第{times}次提醒）。"
    ),
    "head.reminded": Template(
        "内部时限提醒", "诉求{number}应于{due}前完成{step}，经提醒仍未完成，请督促办理（第{times}次提醒）。"
    ),
    "head.to-confirm": Template("待确认撤回", "诉求{number}：诉求人要求撤回，请电话确认后决定是否同意。{words}"),
    "head.to-approve": Template(
        "待审批办结", "诉求{number}拟在诉求人不满意的情况下办结，请审批。{reasons}{legal_basis}"
    ),
    "head.supervised": Template("已督办", "{number}号工作单逾期未答复，已对{departments}督办。{requirement}"),
    "head.reported": Template(
        "待签发通报", "{number}号工作单经督办仍未答复，责任部门：{departments}。请签发通报、报告和抄送函。"
    ),
    "government.reported": Template(
        "未按督办要求办理的报告", "{number}号“有诉即办”工作单经督办仍未办理，责任部门：{departments}。特此报告。"
    ),
    "inspection.reported": Template(
        "未按督办要求办理的抄送", "{number}号“有诉即办”工作单经督办仍未办理，责任部门：{departments}。现予抄送。"
    ),
    "inspection.clue": Template("问题线索抄送", "{number}号“有诉即办”诉求办理中发现问题线索，现予抄送。{text}"),
    "inspection.week": Template("督办通报周报", "{since}至{until}“有诉即办”督办、通报情况。{supervised}{reported}"),
    "case_editor.candidate-waited": Template(
        "典型诉求待编写案例", "诉求{number}于{closed}办结并标记为典型，至今没有案例草稿，请编写或说明不编写的理由。"
    ),
    "case_editor.case-returned": Template("案例退回修改", "案例“{title}”已退回，请修改后重新提交。{reason}"),
    "case_approver.case-submitted": Template("案例待审核", "案例“{title}”已提交，请审核。"),
    "department.case-to-cosign": Template("案例待会签", "案例“{title}”拟由你单位联合发布，请会签。"),
    "channel.registered": Template("来件已登记", "来件{source_ref}已登记，编号{number}。"),
    "channel.rejected": Template("来件未能登记", "来件{source_ref}未能登记，请更正后重新提交。{faults}"),
    "channel.dispatched": Template("来件已转办", "来件{source_ref}（{number}）已转交{departments}办理，{due}前答复。"),
    "channel.referred": Template("来件已函转", "来件{source_ref}（{number}）已函转{unit}处理。{reason}"),
    "channel.recalled": Template("来件函转收回", "来件{source_ref}（{number}）已从{unit}收回，重新研判。{reason}"),
    "channel.directed": Template("来件渠道告知", "来件{source_ref}（{number}）已告知诉求人通过{channel}解决。{reason}"),
    "channel.replied": Template("来件已答复", "来件{source_ref}（{number}）已有{kind}。{text}"),
    "channel.closed": Template("来件已办结", "来件{source_ref}（{number}）{final}。{result}"),
}
