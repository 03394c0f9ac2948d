"""The files of an order, added by a form on its page and handed out to be saved."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.pages.kit import ComplaintId, Replier
from services.dispatch.pages.order import ENCLOSE, page
from services.dispatch.usecases import enclosing
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.uploads import Uploaded

router = APIRouter(prefix="/orders/{complaint_id}/enclosures", include_in_schema=False)

Opener = Annotated[Actor, permit(Action.READ_ENCLOSURE)]
EnclosureId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,36}$")]


@router.post("")
async def add(
    complaint_id: ComplaintId, request: Request, actor: Replier, form: Posted, uploads: Uploaded, session: Session
) -> Response:
    """Add files to the order."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await page(request, session, actor, complaint_id, do=ENCLOSE, form=form)

    form.again = again
    files = uploads.files()
    await enclosing.add(session, actor, complaint_id, files)
    return done(f"/dispatch/orders/{complaint_id}#enclosures", f"已上传{len(files)}件材料。")


@router.get("/{enclosure_id}")
async def hand_out(complaint_id: ComplaintId, enclosure_id: EnclosureId, actor: Opener, session: Reader) -> Response:
    """A file, to be saved: a browser never shows it as a page of this house."""
    found = await enclosing.opened(session, actor, complaint_id, enclosure_id)
    disposition = f"attachment; filename*=UTF-8''{quote(found.name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(found.data, media_type=found.media_type, headers=headers)
