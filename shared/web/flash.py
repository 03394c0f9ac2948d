"""A sentence to be shown once, on the next page: after a form was done, its door leads to a page (303) and says so."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from shared.security.keys import form_tokens
from shared.settings import settings
from shared.web.browsers import cookie

COOKIE = "yousu_told"
SECONDS = 60


def done(to: str, sentence: str = "") -> RedirectResponse:
    """What a door answers when a form is done: go there, where the sentence is shown once."""
    response = RedirectResponse(to, 303)
    if sentence:
        signed = form_tokens().signed(sentence)
        secure = settings().only_https
        response.set_cookie(cookie(COOKIE), signed, SECONDS, path="/", httponly=True, samesite="lax", secure=secure)
    return response


def told(request: Request) -> str:
    """What the page is to show; empty when nothing was done just before."""
    signed = request.cookies.get(cookie(COOKIE))
    return (form_tokens().read(signed) if signed else None) or ""


def forget(response: Response) -> None:
    """It has been shown."""
    response.delete_cookie(cookie(COOKIE), path="/", httponly=True, samesite="lax", secure=settings().only_https)
