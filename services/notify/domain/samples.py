"""What stands in the places of the messages' words: what each is called, and an example to look at words with."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A place as whoever edits words sees it. Most that may be missing bring their own label and full stop."""

    label: str
    example: str


SAMPLES: Mapping[str, Sample] = {
    "address": Sample("联系地址", "沈丘县槐店回族镇***"),
    "center": Sample("中心", "县政务服务中心"),
    "channel": Sample("应走的渠道", "人民法院"),
    "closed": Sample("办结日期", "2026年11月9日"),
    "committed": Sample("承诺日期（整句）", "承诺办结日期：2026年12月11日。"),
    "committed_on": Sample("承诺日期", "2026年12月11日"),
    "conclusion": Sample("会商结论（整句）", "结论：按容缺受理办理。"),
    "content": Sample("诉求内容", "集资房办理不动产登记，被告知缺少竣工验收备案材料。"),
    "day": Sample("日期", "2026年11月23日"),
    "department": Sample("部门", "自然资源局"),
    "departments": Sample("各部门", "自然资源局、住建局"),
    "due": Sample("期限", "2026年11月30日17:30"),
    "faults": Sample("错误（整句）", "原因：联系电话不对。"),
    "final": Sample("办结情况", "已办结并清零销号"),
    "former": Sample("原主件编号", "SQ-2026-0187"),
    "held_at": Sample("会商时间", "2026年11月24日09:00"),
    "instructions": Sample("办理要求（整句）", "要求：请会同住建局核实。"),
    "kind": Sample("答复种类", "办理结果"),
    "lead": Sample("牵头部门（整句）", "牵头：自然资源局。"),
    "leading": Sample("主件编号", "SQ-2026-0198"),
    "legal_basis": Sample("依据（整句）", "依据：《不动产登记暂行条例》。"),
    "number": Sample("诉求编号", "SQ-2026-0231"),
    "open": Sample("在办件数", "6"),
    "opens_at": Sample("开始办理时间", "2026年11月24日08:30"),
    "order": Sample("工作单", "SQ-2026-0231号工作单"),
    "overdue": Sample("已逾期（整句）", "已逾期1件：SQ-2026-0198。"),
    "owed": Sample("应当答复", "答复意见或解决方案"),
    "petitioner": Sample("诉求人", "李**"),
    "phone": Sample("联系电话", "138****5521"),
    "query_code": Sample("查询码", "7H3K9QWX"),
    "rating_link": Sample("评价链接", "https://…/intake/ratings/…"),
    "reason": Sample("理由（整句）", "理由：不属于本部门职责。"),
    "reasons": Sample("理由（整句）", "理由：材料不全。"),
    "remedy": Sample("救济途径（整句）", "救济途径：可以申请行政复议。"),
    "reported": Sample("通报（整句）", "通报1件：SQ-2026-0198（自然资源局）。"),
    "requirement": Sample("督办要求（整句）", "督办要求：请立即办理。"),
    "result": Sample("办理结果（整句）", "办理结果：已核发不动产权证书。"),
    "right_department": Sample("建议部门（整句）", "建议转：住建局。"),
    "role": Sample("分工", "牵头部门"),
    "round": Sample("轮次", "2"),
    "score": Sample("评价分数", "5"),
    "since": Sample("开始日期", "2026年11月16日"),
    "source_ref": Sample("渠道编号", "HL2026112300001"),
    "step": Sample("环节", "审核分办"),
    "supervised": Sample("督办（整句）", "督办2件：SQ-2026-0198（自然资源局）、SQ-2026-0203（税务局）。"),
    "text": Sample("内容（整句）", "解决方案：分两步办理，先补测绘，再行登记。"),
    "times": Sample("次数", "2"),
    "title": Sample("案例标题", "集资房办证"),
    "today": Sample("今日到期（整句）", "今日到期1件：SQ-2026-0231。"),
    "tomorrow": Sample("下一个工作日到期（整句）", "下一个工作日到期1件：SQ-2026-0240。"),
    "triage": Sample("研判分类", "很难办"),
    "unit": Sample("承接单位", "供电公司"),
    "until": Sample("截止日期", "2026年11月22日"),
    "was": Sample("原期限", "2026年11月27日17:30"),
    "why": Sample("原因（整句）", "原因：承诺时限经批准延期。"),
    "words": Sample("诉求人的话（整句）", "诉求人意见：请尽快办理。"),
}
"""By place; every place of every template has one (a test says so)."""
