"""What somebody has typed into a form that could not be taken: shown once more, so that it can be copied.

Only who has sent it sees it, and of a long one only what comes before two megabytes of it: files come last. Tokens,
passwords and codes are left out, and what was chosen rather than typed: words of ours in Latin letters, which nobody
would copy.
"""

from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from shared.web import browsers
from shared.web.bodies import MEGABYTE, WITH_FILES

SECRET = frozenset({browsers.TOKEN_FIELD, "code", "link", "mark", "new", "old", "password", "username"})
CALLED = {
    "content": "主要内容",
    "text": "内容",
    "body": "正文",
    "title": "标题",
    "problem": "问题",
    "result": "办理结果",
    "reason": "理由",
    "reasons": "意见、理由",
    "words": "原话",
    "opinion": "回访情况",
    "remarks": "备注",
    "instructions": "办理要求",
    "requirement": "督办要求",
    "legal_basis": "法律、政策依据",
    "remedy": "救济途径",
    "conclusion": "结论",
    "attendees": "参加人员",
    "agreed": "议定事项",
    "subject": "议题",
    "unit": "承接单位",
    "channel": "法定渠道",
    "about": "被反映的部门或人员",
    "service_item": "政务服务事项",
    "name": "姓名或名称",
    "contact_person": "单位联系人",
    "phone": "联系电话",
    "other_contact": "其他联系方式",
    "address": "联系地址",
}
"""What fields are called, by the last part of their names."""
CHOSEN = frozenset({"channel", "name", "subject", "unit", "text", "title"})
"""Names that in some forms are a choice's."""
MOST_SHOWN = 60
"""Fields; no form of the house has more that are typed into."""
MOST_READ = 2 * MEGABYTE
"""Of what comes from whoever it is."""
Given = list[tuple[str, str | UploadFile]]


@dataclass(frozen=True)
class Typed:
    """A field as it was filled in."""

    label: str
    text: str

    @property
    def rows(self) -> int:
        """How many lines it takes to show it, about."""
        return min(max(len(self.text) // 40 + self.text.count("\n") + 1, 1), 12)


@dataclass(frozen=True)
class Sent:
    """A form that was sent in vain, and from which page of this house."""

    typed: tuple[Typed, ...] = ()
    had_files: bool = False
    page: str = "/"


class _Enough(Exception):
    """The rest is not read."""


async def sent_in_vain(request: Request) -> Sent:
    """What came with this request; nothing, if that cannot be read."""
    given, had_files = Given(), False
    with suppress(HTTPException, MultiPartException, ClientDisconnect):  # too long, no form, or nobody there any more
        given, had_files = await _given(request)
    typed = [Typed(_called(name), text) for name, text in given if isinstance(text, str) and _is_typed(name, text)]
    return Sent(tuple(typed[:MOST_SHOWN]), had_files, browsers.page_before(request))


def unread(request: Request) -> Sent:
    """The same of what is not worth reading: from which page it came."""
    return Sent(page=browsers.page_before(request))


async def _given(request: Request) -> tuple[Given, bool]:
    """The fields, and whether there were files, which are thrown away."""
    if browsers.read_before(request) is not None or not request.headers.get("content-type", "").startswith(WITH_FILES):
        given, is_cut = (await browsers.posted(request)).multi_items(), False
        await request.close()
    else:
        given, is_cut = await _begun(request)
    return given, is_cut or any(value.filename for _, value in given if isinstance(value, UploadFile))


async def _begun(request: Request) -> tuple[Given, bool]:
    """How a form with files begins, and whether it goes on."""
    parser = MultiPartParser(request.headers, _up_to(request, MOST_READ), **browsers.LIMITS)
    try:
        await (await parser.parse()).close()
    except _Enough:
        return parser.items, True
    return parser.items, False


async def _up_to(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    read = 0
    async for chunk in request.stream():
        yield chunk
        read += len(chunk)
        if read >= most:
            raise _Enough


def _called(name: str) -> str:
    return CALLED.get(_last(name), "其他内容")


def _is_typed(name: str, value: str) -> bool:
    if not value.strip() or any(part in SECRET for part in name.split(".")):
        return False
    return not value.isascii() or (_last(name) in CALLED.keys() - CHOSEN)


def _last(name: str) -> str:
    return name.rpartition(".")[2]
