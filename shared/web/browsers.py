"""What is peculiar to browsers: the session's cookie, where they may be led, and which of their forms are ours.

A cookie goes along with whatever any site lets a browser send. So what a browser sends to change something must come
from this very origin (Origin, Sec-Fetch-Site), and where a cookie speaks for somebody, carry that session's token: the
hidden field `token`, or the header `X-Yousu-Token`. Who speaks with `Authorization: Bearer` is no browser's victim.
"""

from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.datastructures import FormData

from shared.refusals import Forbidden, Unauthenticated
from shared.security.keys import form_tokens
from shared.security.roles import PUBLIC, Actor
from shared.security.sessions import Origin, Sessions
from shared.settings import settings

COOKIE = "yousu_session"
TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
TOKEN_HEADER = "x-yousu-token"  # noqa: S105 - the name of a header
LOGIN, ACCOUNT = "/directory/login", "/directory/account"
FORM_EXPIRED = "form-expired"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LIMITS = {"max_fields": 500, "max_files": 20, "max_part_size": 200_000}
"""Of a form."""


def cookie(name: str) -> str:
    """What a cookie is called: over HTTPS alone so that no other host, and no page without TLS, can set it."""
    return f"__Host-{name}" if settings().only_https else name


def spoken(request: Request) -> str:
    """The session's token or channel's key of who speaks for himself; empty where only a cookie can speak.

    What a proxy in front makes browsers send by themselves (`Authorization: Basic`) says nothing here.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


async def actor(request: Request, sessions: Sessions) -> Actor:
    """Whom the cookie speaks for; the public without one, or with one whose session has ended.

    A fragment that a page fetches by itself keeps nobody's session alive.
    """
    token = request.cookies.get(cookie(COOKIE))
    if not token:
        return PUBLIC
    try:
        found = await sessions.actor(token, touch=not is_fragment(request))
    except Unauthenticated:
        return PUBLIC
    request.state.session = token
    return found


def had_logged_in(request: Request) -> bool:
    """Whether somebody has logged in with this browser, as far as its cookie says; the session may have ended."""
    return bool(request.cookies.get(cookie(COOKIE)))


async def must_be_our_form(request: Request, *, of_this_session: bool = True) -> None:
    """Refuse what a browser was made to send by another site, or from a page of another session."""
    if request.method in SAFE or spoken(request):
        return
    if not _is_same_origin(request):
        raise Forbidden("cross-site", "这个请求来自其他网站，没有办理。请回到本平台的页面操作。")
    session: str | None = getattr(request.state, "session", None)
    if session is None or not of_this_session:
        return
    token = request.headers.get(TOKEN_HEADER) or str((await posted(request)).get(TOKEN_FIELD, ""))
    if not form_tokens().is_of(token, session):
        await request.close()  # the files in it, too
        raise Forbidden(FORM_EXPIRED, "页面已过期，刚才的操作没有生效。请返回上一页，刷新后重新提交。")


async def posted(request: Request) -> FormData:
    """The form a browser has sent; empty when it sent something else."""
    if not request.headers.get("content-type", "").startswith(FORMS):
        return FormData()
    form = read_before(request)
    if form is None:
        form = request.state.posted = await request.form(**LIMITS)
    return form


def read_before(request: Request) -> FormData | None:
    """The form, where somebody has read it already: nothing more comes then."""
    form: FormData | None = getattr(request.state, "posted", None)
    return form


def _is_same_origin(request: Request) -> bool:
    if (site := request.headers.get("sec-fetch-site")) and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    try:
        return not origin or urlsplit(origin).netloc in {
            request.headers.get("host", ""),
            urlsplit(settings().public_url).netloc,
        }
    except ValueError:
        return False


def token_of(request: Request) -> str:
    """The token for the forms of a page; empty where nobody has logged in."""
    session = getattr(request.state, "session", None)
    return form_tokens().of(session) if session else ""


def origin_of(request: Request) -> Origin:
    """From where this comes, as its owner will recognise it."""
    client = request.client.host if request.client else ""
    return Origin(client, request.headers.get("user-agent", "")[:200])


def let_in(response: Response, token: str) -> None:
    """Give a browser the session's cookie; it ends with the browser, and with the session before."""
    response.set_cookie(cookie(COOKIE), token, path="/", httponly=True, samesite="lax", secure=settings().only_https)


def let_out(response: Response) -> None:
    """Take it away again, with whatever the browser has kept of what it was shown."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(cookie(COOKIE), path="/", httponly=True, samesite="lax", secure=settings().only_https)


def own_path(text: str) -> str:
    """A path of this house to lead a browser to; `/` for anything that could lead elsewhere."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "/"
    is_own = text.startswith("/") and not parts.scheme and not parts.netloc and text.isprintable()
    return text if is_own and not text.startswith("//") and "\\" not in text and len(text) <= 2000 else "/"


def page_before(request: Request) -> str:
    """The page this comes from, of which browsers tell none but this house; `/` where that is not told."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    own = parts.netloc == request.headers.get("host", "")
    return own_path(parts.path + (f"?{parts.query}" if parts.query else "")) if own else "/"


def login_path(request: Request) -> str:
    """Where to log in, and come back from: to the page with a link to a file, which would leave the login standing."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    page = page_before(request) if hands_out_a_file(request) else "/"
    return f"{LOGIN}?next={quote(here if page == '/' else page, safe='')}" if request.method in SAFE else LOGIN


def place(request: Request) -> str:
    """The path within its service."""
    return request.url.path.removeprefix(request.scope.get("root_path", ""))


def is_fragment(request: Request) -> bool:
    """Whether a page asks for a part of itself."""
    return place(request).startswith("/fragments/")


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: at a page or a part of one, or at why a link to a file did not open."""
    if "text/html" not in request.headers.get("accept", ""):
        return False
    return not place(request).startswith("/api/") or (request.method in SAFE and hands_out_a_file(request))


def hands_out_a_file(request: Request) -> bool:
    """Whether this door answers with a file, which pages link to, and not with JSON."""
    return getattr(request.scope.get("route"), "response_class", None) is Response
