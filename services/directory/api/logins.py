"""The doors to the logins of those who work here: passwords, second factors and sessions ended, pauses lifted."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.directory.api.bodies import NewPassword
from services.directory.api.facts import Administrator
from services.directory.usecases import accounts
from shared.web.session import Session

router = APIRouter(prefix="/members/{username}")


class OneTime(BaseModel):
    """A password for one login: told once, and to be changed there."""

    password: str


@router.put("/password", status_code=204)
async def set_password(
    username: str, given: NewPassword, request: Request, session: Session, actor: Administrator
) -> None:
    """Give a member a new password, to be changed at the next login; its sessions end."""
    await accounts.set_password(session, actor, username, given.password)
    await request.app.state.sessions.end_all(username)


@router.post("/password/reset")
async def reset_password(username: str, request: Request, session: Session, actor: Administrator) -> OneTime:
    """Give a member a password for one login, told once; its second factor and its sessions end."""
    password = await accounts.reset_password(session, actor, username)
    await request.app.state.sessions.end_all(username)
    return OneTime(password=password)


@router.post("/second-factor/reset", status_code=204)
async def reset_second_factor(username: str, request: Request, session: Session, actor: Administrator) -> None:
    """Let a member who has lost the device log in without it, to set it up anew; its sessions end."""
    await accounts.reset_second_factor(session, actor, username)
    await request.app.state.sessions.end_all(username)


@router.post("/sessions/end", status_code=204)
async def end_sessions(username: str, request: Request, session: Session, _: Administrator) -> None:
    """Log a member out everywhere."""
    await accounts.log_out(session, request.app.state.sessions, username)


@router.post("/unlock", status_code=204)
async def unlock(username: str, request: Request, session: Session, _: Administrator) -> None:
    """Let a member try again at once who has guessed too often, or was guessed at."""
    await accounts.unlock(session, request.app.state.sessions, username)
