"""The form every letter, circular and notice has, whatever its kind; and the layout of reports with figures."""

from importlib import resources

from shared.papers.letter import Letter, Particular, Style
from shared.papers.printing import Form

_HERE = resources.files("shared.papers") / "templates"

_SAMPLE = Letter(
    style=Style.FILE,
    office="沈丘县政务服务中心",
    title="关于“有诉即办”工作的通报",
    paragraphs=("第一段。", "第二段。"),
    to="各政务服务部门",
    particulars=(Particular("诉求内容", "窗口要求重复提交材料。"),),
    closing="特此通报。",
    enclosure="2026年第0231号“有诉即办”问题工作单",
    contact="联系人：张敏，联系电话：0394-5000001",
    copies="沈丘县人民政府",
    upward=True,
    number="沈政通报〔2026〕1号",
    dated="2026年11月26日",
    signer="汪涛",
)

_MEANINGS = {
    "style": "版式：file为文件，letter为信函，notice为告知书",
    "office": "发文机关",
    "title": "标题",
    "paragraphs": "正文各段",
    "to": "主送机关或收件人",
    "particulars": "逐项列出的情况",
    "closing": "结束语",
    "enclosure": "附件",
    "contact": "联系人和电话",
    "copies": "抄送机关",
    "upward": "是否上行文",
    "petitioner": "诉求人写在哪里：addressed为收件人，particulars为逐项列出，空为不写",
    "number": "发文字号",
    "dated": "成文日期",
    "signer": "签发人",
    "head": "红头",
}

_REQUIRED = ("office", "number", "title", "to", "paragraphs", "particulars", "dated")
LETTER = Form(_HERE / "letter.typ", _HERE / "letter.docx", _SAMPLE.values(), _MEANINGS, _REQUIRED)
REPORT = _HERE / "report.typ"
"""There is no Word template of it."""
