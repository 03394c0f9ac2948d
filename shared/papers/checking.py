"""Whether a Word template that somebody wants to put in place can be printed: found out now, never at the printer.

A template may name values, choose between them and go through lists; it calls nothing and computes nothing, so that no
template runs for ever. What is wrong with its tags is told of all of them at once. It is then filled with a sample and
with the worst that a complaint can hold.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any

from docx import Document
from jinja2 import TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import TemplateError
from lxml import etree

from shared.papers.package import must_be_plain, refusal
from shared.papers.printing import Form
from shared.papers.word import Template, filled, sandbox
from shared.refusals import FieldFault, Invalid
from shared.workdays import CHINA

HOSTILE = '<b>{{7*7}}</b>{% for %}{#&"\']]>\n=HYPERLINK("x")\t{_{䶮𠅤𬱖'
"""What a complaint may hold, to be printed as it stands."""
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.If, nodes.For,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test, nodes.CondExpr,
)  # fmt: skip
_TESTS = {"defined", "undefined", "none"}
_DEEPEST = 2
_MOST_TOLD = 20
"""Of so many faults at most it is told where they are."""
_RAW = re.compile(r"\{\{(?:p|tr|tc|r)\s[^}]{0,40}")
_TAGS = re.compile("<[^>]+>")
_NAMES = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")
_DATED = datetime(2026, 1, 1, tzinfo=CHINA)


def must_be_printable(content: bytes, form: Form) -> None:
    """Refuse a template that is no plain Word document, whose tags are wrong, saying where, or lacks what it must say.

    Raises `Invalid`.
    """
    must_be_plain(content)
    sample = form.sample
    try:
        places = dict(_places(content))
    except Invalid:
        raise
    except Exception as error:  # whatever python-docx makes of a package that is none
        raise refusal("no-word-document", "Word 文档的结构已损坏，请用 Word 另存后重新上传。") from error
    if told := list(islice(_told(places, sample), _MOST_TOLD)):
        raise _broken(told)
    _must_fill(content, sample, "样例数据")
    _must_fill(content, _each(sample, HOSTILE), "含特殊字符的诉求")
    _must_fill(content, _each(sample, ""), "各栏留空的数据")
    said = set().union(*(meta.find_undeclared_variables(sandbox().parse(source)) for source in places.values()))
    if missing := [f"“{form.meanings[name]}”（{name}）" for name in form.required if name not in said]:
        raise refusal("template-broken", f"模板缺少必须印出的字段{'、'.join(missing)}，请补上后重新上传。")


def _places(content: bytes) -> Iterator[tuple[str, str]]:
    """Each part with tags, by what people call it."""
    template = Template(BytesIO(content))
    template.init_docx()
    yield "正文", _patched(template, template.get_xml())
    for uri, name in ((template.HEADER_URI, "页眉"), (template.FOOTER_URI, "页脚")):
        for number, (_, part) in enumerate(template.get_headers_footers(uri), start=1):
            yield f"{name}{number}", _patched(template, template.get_part_xml(part))
    for part in template.get_docx().part.package.iter_parts():
        if part.content_type.endswith("wordprocessingml.footnotes+xml"):
            yield "脚注", _patched(template, part.blob.decode())
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield f"文档属性“{name}”", getattr(template.get_docx().core_properties, name)


def _patched(template: Template, xml: str) -> str:
    """As it is filled, a paragraph on each line. Refuses tags that would put in more than text."""
    if raw := _RAW.search(_TAGS.sub("", xml)):
        raise refusal("template-broken", f"模板中不能使用“{raw[0]}…”一类的标签，请只写“{{{{ 字段名 }}}}”。")
    return str(template.patch_xml(re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)))


def _told(places: Mapping[str, str], sample: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each wrong tag, but for what is only seen when it is filled; the same in one line is told once."""
    for place, source in places.items():
        lines = source.split("\n")
        seen: set[tuple[int, str]] = set()
        for fault in _faults_in(source, lines, sample):
            if fault not in seen:
                seen.add(fault)
                yield _at(place, lines, *fault)


def _faults_in(source: str, lines: Sequence[str], sample: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    try:
        tree = sandbox().parse(source)
    except TemplateSyntaxError as error:
        yield error.lineno - 1, "标签写得不完整或有误，请检查大括号和“for”“if”是否成对"
        return
    for node, depth in _walked(tree):
        if what := _wrong_with(node, depth, sample):
            yield node.lineno - 1, what
    for name in sorted(meta.find_undeclared_variables(tree) - sample.keys()):
        line = next((place for place, text in enumerate(lines) if name in text), 0)
        yield line, f"没有字段“{name}”，可用的字段有：{'、'.join(sample)}"


def _wrong_with(node: nodes.Node, depth: int, sample: Mapping[str, Any]) -> str:
    if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.Test) and node.name not in _TESTS):
        return "标签只能取字段、判断和循环，不能计算或调用"
    if isinstance(node, nodes.For) and not _goes_through_a_list(node, sample):
        return "“for”只能用于列表字段"
    return f"循环最多套{_DEEPEST}层" if depth > _DEEPEST else ""


def _walked(node: nodes.Node, depth: int = 0) -> Iterator[tuple[nodes.Node, int]]:
    yield node, depth
    for child in node.iter_child_nodes():
        yield from _walked(child, depth + isinstance(child, nodes.For))


def _goes_through_a_list(loop: nodes.For, sample: Mapping[str, Any]) -> bool:
    match loop.iter:
        case nodes.Name(name=name):
            return not isinstance(sample.get(name, []), str)
        case nodes.Getattr():
            return True
    return False


def _must_fill(content: bytes, paper: Mapping[str, Any], what: str) -> None:
    try:
        Document(BytesIO(filled(content, [paper, paper], _DATED)))
    except UndefinedError as error:
        name = next((a or b for a, b in _NAMES.findall(str(error))), "")
        raise refusal("template-broken", f"用{what}试印时，模板取用了没有的字段“{name}”，请核对后重新上传。") from error
    except (TemplateError, etree.XMLSyntaxError) as error:
        raise refusal(
            "template-broken",
            f"用{what}试印时，模板印不出完整的文档，请检查“for”“if”标签是否与段落、表格行成对后重新上传。",
        ) from error


def _at(place: str, lines: Sequence[str], line: int, what: str) -> str:
    """What is told of a fault, quoting the paragraph where it is."""
    quoted = _TAGS.sub("", lines[min(max(line, 0), len(lines) - 1)]).strip()[:60]
    return f"模板{place}“{quoted}”处有误：{what}。"


def _broken(told: Sequence[str]) -> Invalid:
    """The refusal: of one fault its sentence, of several how many there are."""
    if len(told) == 1:
        return refusal("template-broken", told[0])
    sentence = f"模板有{len(told)}处有误，请逐处改正后重新上传。"
    return Invalid("template-broken", sentence, [FieldFault("file", each) for each in told])


def _each(value: Any, words: str) -> Any:
    """The same with these words in every place; without any, with nothing in it."""
    match value:
        case str():
            return words
        case Mapping():
            return {key: _each(each, words) for key, each in value.items()}
        case list() | tuple():
            return [_each(each, words) for each in value] if words else []
        case _:
            return bool(words)
