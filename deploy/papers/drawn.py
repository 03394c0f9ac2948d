"""The shipped templates: the work order as annex 2 draws it, and the letter that every other paper is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.papers.parts import (
    BLACK,
    RED,
    TAB,
    TITLE,
    Margins,
    cell,
    control,
    document,
    field,
    paragraph,
    row,
    run,
    table,
)

_COLUMNS = (25, 31, 24, 28, 18, 34)
_THICK, _THIN = 1, 0.75
"""The lines of 版记: 0.35 and 0.25 mm."""


def work_order() -> bytes:
    """附件2, cell by cell."""

    def label(column: int, words: str) -> str:
        return cell(_COLUMNS[column], paragraph(run(words, points=14), align="center"))

    def value(column: int, name: str) -> str:
        return cell(_COLUMNS[column], paragraph(run(f"{{{{ {name} }}}}", points=11.5), align="center"))

    def wide(name: str) -> str:
        words = paragraph(run(f"{{{{ {name} }}}}", points=12), align="left", indent=200, points=12, line=20)
        return cell(sum(_COLUMNS[1:]), words, span=5, middle=False)

    return document(
        "政务服务中心、便民服务中心“有诉即办”问题工作单",
        paragraph(run("附件2", font=BLACK), align="left", after=12),
        paragraph(run("政务服务中心、便民服务中心\n“有诉即办”问题工作单", font=TITLE, points=22), align="center"),
        paragraph(run("{{ number }}", points=14), align="center", before=6, after=6),
        table(
            _COLUMNS,
            row(
                label(0, "姓名或单位名称"), value(1, "name"), label(2, "单位联系人"), value(3, "contact_person"),
                label(4, "联系电话"), value(5, "phone"),
            ),
            row(
                label(0, "诉求反映时间"), value(1, "reported"), label(2, "诉求反映类别"), value(3, "category"),
                label(4, "联系地址"), value(5, "address"),
            ),
            row(label(0, "诉求主要内容"), wide("content"), height=75),
            row(label(0, "政务服务责任部门及牵头部门"), wide("departments"), height=25),
            row(
                label(0, "完成时限"), value(1, "due"), label(2, "工作单联系人"), value(3, "contact"),
                label(4, "联系电话"), value(5, "contact_phone"),
            ),
            row(label(0, "备注"), wide("remarks"), height=22),
        ),
        paragraph(run("注：1.公民个人反映问题的可不填写“单位联系人”。", points=12), align="left", before=6),
        paragraph(run("　　2.仅涉及多个政务服务部门的需明确牵头部门", points=12), align="left"),
        margins=Margins(top=30, right=25, bottom=25, left=25),
        footer=paragraph(run("第", points=9), field("PAGE", 9), run("页", points=9), align="center"),
    )  # fmt: skip


def letter() -> bytes:
    """A letter or notice: whose it is in red, number, title, addressee, text, particulars, enclosure, signature.

    Below a 文件格式 and below copies stand who printed it and when, between the lines of 版记 (GB/T 9704).
    """

    def imprint(above: float, before: float = 0) -> str:
        printed = (run("　{{ office }}", points=14), TAB, run("{% if dated %}{{ dated }}印发　{% endif %}", points=14))
        return paragraph(*printed, align="left", before=before, lines=(above, _THICK), stop=156)

    def last(nothing_follows: str, *runs: str) -> Sequence[str]:
        """A paragraph in a loop; the last before the signature goes on its page, which never holds that alone."""
        one, kept = (paragraph(*runs, indent=200, line=29, keep=keep) for keep in (False, True))
        about = control(f"{{%p if loop.last and {nothing_follows} %}}")
        return about, kept, control("{%p else %}"), one, control("{%p endif %}")

    return document(
        "{{ title }}",
        control("{%p if style != 'notice' %}"),
        paragraph(run("{{ head }}", font=TITLE, points=34, color=RED), align="center", after=24),
        control("{%p if upward %}"),
        paragraph(run("{{ number }}　　　　　　签发人：{{ signer }}"), align="center", rule=RED),
        control("{%p else %}"),
        paragraph(run("{{ number }}"), align="center", rule=RED),
        control("{%p endif %}"),
        paragraph(run("{{ title }}", font=TITLE, points=22), align="center", line=34, before=28, after=20),
        control("{%p else %}"),
        paragraph(run("{{ title }}", font=TITLE, points=22), align="center", line=34),
        paragraph(run("{{ number }}"), align="center", line=29, after=20),
        control("{%p endif %}"),
        control("{%p if to %}"),
        paragraph(run("{{ to }}："), align="left", line=29),
        control("{%p endif %}"),
        control("{%p for words in paragraphs %}"),
        *last("not particulars and not closing", run("{{ words }}")),
        control("{%p endfor %}"),
        control("{%p for each in particulars %}"),
        *last("not closing", run("{{ each.label }}：", font=BLACK), run("{{ each.words }}")),
        control("{%p endfor %}"),
        control("{%p if closing %}"),
        paragraph(run("{{ closing }}"), indent=200, line=29, keep=True),
        control("{%p endif %}"),
        control("{%p if enclosure %}"),
        paragraph(run("附件：{{ enclosure }}"), indent=200, line=29, before=29, keep=True),
        control("{%p endif %}"),
        paragraph(run("{{ office }}"), align="right", right=200, line=29, before=40, keep=True),
        paragraph(run("{{ dated }}"), align="right", right=400, line=29, keep=True),
        control("{%p if contact %}"),
        paragraph(run("（{{ contact }}）"), indent=200, line=29, keep=True),
        control("{%p endif %}"),
        control("{%p if copies %}"),
        paragraph(run("　抄送：{{ copies }}。", points=14), align="left", before=20, lines=(_THICK, 0), keep=True),
        imprint(above=_THIN),
        control("{%p else %}"),
        control("{%p if style == 'file' %}"),
        imprint(above=_THICK, before=20),
        control("{%p endif %}"),
        control("{%p endif %}"),
        footer=paragraph(run("— ", points=14), field("PAGE", 14), run(" —", points=14), align="center"),
    )


SHIPPED: Mapping[Path, bytes] = {
    Path("services/dispatch/templates/papers/work-order.docx"): work_order(),
    Path("shared/papers/templates/letter.docx"): letter(),
}
"""Every shipped template, by its place below the root."""
