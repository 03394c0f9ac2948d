"""What there is, kind by kind: its list, and the doors to enter, correct, retire and restore."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.api.bodies import NewKey
from services.directory.pages.fact import address, new_page, page_of, whole
from services.directory.pages.kit import Administrator, DirectoryReader, show
from services.directory.pages.sheets import ROLES, SHEETS, Reasoned, Sheet, centers
from services.directory.usecases import registry
from shared.audit.edge import note
from shared.refusals import NotFound
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import Posted
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 50
STANDINGS = (("", "使用中"), ("retired", "已停用"), ("all", "全部"))
Typed = Annotated[str, Query(max_length=80)]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


def _serve(sheet: Sheet) -> None:
    """The doors of one kind of facts; a new member is entered at a door of its own, for it gets a password."""

    @router.get(f"/{sheet.path}", name=f"list {sheet.path}")
    async def show_list(
        request: Request,
        actor: DirectoryReader,
        session: Reader,
        text: Typed = "",
        center: Typed = "",
        role: Typed = "",
        standing: Typed = "",
        page: PageNumber = 1,
    ) -> HTMLResponse:
        given = {"text": text.strip(), "center": center, "role": role, "standing": standing}
        return await _list(request, session, actor, sheet, given, page)

    @router.get(f"/{sheet.path}/new", name=f"ask for {sheet.path}")
    async def show_new(request: Request, actor: Administrator, session: Reader) -> HTMLResponse:
        return await new_page(request, session, actor, sheet)

    @router.get(f"/{sheet.path}/of/{{key:path}}", name=f"show {sheet.path}")
    async def show_one(key: str, request: Request, actor: DirectoryReader, session: Reader) -> HTMLResponse:
        return await page_of(request, session, actor, sheet, key)

    @router.post(f"/{sheet.path}/correct/{{key:path}}", name=f"correct {sheet.path}")
    async def correct(key: str, request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
        form.again = lambda session, form: page_of(request, session, actor, sheet, key, form)
        given: Any = form.read(sheet.corrected)
        if given.key != key:  # the page's own form says the same twice
            raise NotFound("no-such-fact", f"目录中没有“{given.key}”。")
        note(request, reason=given.reason)
        await registry.correct(session, actor, sheet.kind, key, given.facts(), given.revision, given.reason)
        await _logged_out(request, sheet, key)
        return done(address(sheet, key), f"已更正：{given.name}。")

    @router.post(f"/{sheet.path}/retire/{{key:path}}", name=f"retire {sheet.path}")
    async def retire(key: str, request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
        form.again = lambda session, form: page_of(request, session, actor, sheet, key, form, "switch")
        given = form.read(Reasoned)
        note(request, reason=given.reason)
        row = await registry.retire(session, actor, sheet.kind, key, given.revision, given.reason)
        await _logged_out(request, sheet, key)
        return done(address(sheet, key), f"已停用：{row.data['name']}。")

    @router.post(f"/{sheet.path}/restore/{{key:path}}", name=f"restore {sheet.path}")
    async def restore(key: str, request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
        form.again = lambda session, form: page_of(request, session, actor, sheet, key, form, "switch")
        given = form.read(Reasoned)
        note(request, reason=given.reason)
        row = await registry.restore(session, actor, sheet.kind, key, given.revision, given.reason)
        return done(address(sheet, key), f"已恢复使用：{row.data['name']}。")

    if sheet.kind == "member":
        return

    @router.post(f"/{sheet.path}", name=f"enter {sheet.path}")
    async def enter(request: Request, actor: Administrator, form: Posted, session: Session) -> Response:
        form.again = lambda session, form: new_page(request, session, actor, sheet, form)
        given: Any = form.read(sheet.body)
        note(request, subject=given.key)
        await registry.enter(session, actor, sheet.kind, given.key, given.facts())
        return done(address(sheet, given.key), f"已新增：{given.name}。")


for each in SHEETS.values():
    _serve(each)


@router.post("/channels/key/{key}")
async def new_key(key: str, request: Request, actor: Administrator, form: Posted, session: Session) -> HTMLResponse:
    """A new key for a channel, shown once."""
    sheet = SHEETS["channels"]
    form.again = lambda session, form: page_of(request, session, actor, sheet, key, form, "key")
    reason = form.read(NewKey).reason
    note(request, reason=reason)
    secret = await registry.new_key(session, actor, key, reason)
    return await show(
        request,
        actor,
        "secret_once.html",
        "directory",
        sheet.path,
        back=address(sheet, key),
        title=f"渠道“{key}”的新密钥",
        secret=secret,
        sentences=(
            "密钥只在这里显示这一次，请用安全的方式交给渠道的开发单位；原来的密钥已经失效。",
            "渠道调用接口时写在请求头里：Authorization: Bearer 密钥。",
        ),
    )


async def _list(
    request: Request, session: AsyncSession, actor: Actor, sheet: Sheet, given: Mapping[str, str], page: int
) -> HTMLResponse:
    known = await store.held(session)
    of_kind = known.get(sheet.kind, {})
    found = [(key, fact) for key, fact in sorted(of_kind.items()) if _is_asked_for(given, key, fact)]
    asked = {name: value for name, value in given.items() if value}
    begin = (page - 1) * ON_A_PAGE

    def turned(to: int) -> str:
        return f"/directory/{sheet.path}?{urlencode(asked | ({'page': str(to)} if to > 1 else {}))}"

    return await show(
        request,
        actor,
        "facts.html",
        "directory",
        sheet.path,
        sheet=sheet,
        rows=[
            (address(sheet, key), fact, [sheet.shown(field, whole(key, fact), known) for field in sheet.fields])
            for key, fact in found[begin : begin + ON_A_PAGE]
        ],
        passwords=await _with_passwords(session, actor, sheet),
        count=len(found),
        is_empty=not of_kind,
        given=given,
        centers=centers(known) if any(field.name == "center" for field in sheet.fields) else (),
        roles=list(ROLES.items()) if sheet.kind == "member" else (),
        standings=STANDINGS,
        first=turned(1) if page > 1 else None,
        next=turned(page + 1) if len(found) > begin + ON_A_PAGE else None,
    )


def _is_asked_for(given: Mapping[str, str], key: str, fact: Mapping[str, Any]) -> bool:
    if given["standing"] != "all" and fact["active"] == (given["standing"] == "retired"):
        return False
    if any(given[name] and fact.get(name) != given[name] for name in ("center", "role")):
        return False
    words = (key, *(str(fact.get(name) or "") for name in ("name", "short_name", "organ", "phone")))
    return any(given["text"].lower() in word.lower() for word in words)


async def _with_passwords(session: AsyncSession, actor: Actor, sheet: Sheet) -> set[str] | None:
    """Who can log in, for who has to see to that; None where that is nobody's question."""
    if sheet.kind != "member" or not actor.may(Action.ADMINISTER):
        return None
    return set(await store.accounts(session))


async def _logged_out(request: Request, sheet: Sheet, key: str) -> None:
    """Whoever is another from now on, or here no more, logs in again."""
    if sheet.kind == "member":
        await request.app.state.sessions.end_all(key)
