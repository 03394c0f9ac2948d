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

LETTER = Form(_HERE / "letter.typ", _HERE / "letter.docx", _SAMPLE.values())
REPORT = _HERE / "report.typ"
"""There is no Word template of it."""
