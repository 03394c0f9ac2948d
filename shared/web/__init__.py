"""What the six services' doors share: the request's session, who asks, how a refusal looks, and what pages are made of.

A page, in full (`services/<service>/pages`, its router `include_in_schema=False`, templates beside it):

    @router.get("/orders/{complaint_id}/reply")
    async def show_reply(complaint_id: str, request: Request, actor: Replier, session: Reader) -> HTMLResponse:
        return await _page(request, session, actor, complaint_id)

    @router.post("/orders/{complaint_id}/reply")
    async def reply(complaint_id: str, request: Request, actor: Replier, form: Posted, session: Session) -> Response:
        form.again = lambda session, form: _page(request, session, actor, complaint_id, form)
        await answering.reply(session, actor, complaint_id, form.read(bodies.Reply))
        return done(f"/dispatch/orders/{complaint_id}", "答复已提交。")

    async def _page(request, session, actor, complaint_id, form=EMPTY) -> HTMLResponse:
        return await pages.show(request, "reply.html", tab="mine", form=form, order=…)

- The actor comes before the session: who may not is sent away before the store is asked, and an upload holds no writer.
- `pages.show` draws the frame by itself; a page hands over what it shows, and the key of its tab (`tabs.py`).
- Fields bear the names of the JSON door's body (`petitioner.name`), so `form.read(Body)` is that body; what is refused
  from then on is rolled back and shown again by `form.again`, with all that was typed, under the refusal's status.
- A template extends `base.html` and imports `kit.html` (`with context`); every form is `kit.post` or `kit.act`, which
  carry the token that must come back. `templates/kit.html` says of each macro how it is used.
- What narrows a list stands in the address; `narrowing(request, again)` shows the list once more, empty, under what is
  wrong with it. A list that is taken out of the house is an export (`services/intake/usecases/exporting.py`).
- What another service knows is a fragment: it serves `/<service>/fragments/…` (`pages.fragment`, a permit like any
  door), the page says `kit.fragment("/sla/fragments/clocks/1", "办理期限", "/sla/clocks/1")`: without script a link.
- Personal data is masked; `kit.reveal` asks for the reason, its door says `note(request, reason=…)` and takes a writing
  session, so the audit log has it before the answer. The log tells every change and what is denied by itself; an
  action that reads people's affairs is named in `roles.SENSITIVE`, and told with what its list was narrowed to. What
  pages ask for again and again (`/fragments/…` that name nothing) is not told, and no fragment changes anything.
- Every page says in its watermark who looks, and when (`shared/security/watermark.py`).
- A desk that is worked at while others change it is `kit.live`: a stream (`shared/web/live.py`) says "look again", and
  its fragment is fetched anew; whoever changes a row that lies there says so by `shared.live.concern`.
- A desk in the main menu is a row of `tabs.TABS`; how many wait there tells its service's `/fragments/counts`.
- No script in a page (the policy forbids it): htmx attributes, or a few lines in `static/yousu.js` that can be missed.
- A test speaks to pages by `tests/support/browser.py`, which has no script either.
"""
