"""The drafts of statutes, for a group that becomes an entity: to read, and to take away as Markdown or PDF."""

from urllib.parse import quote
from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web import page
from portal.grants.labels import LEGAL_FORMS
from portal.grants.library.reading import readable
from portal.grants.library.statutes import Draft, draft_of, pdf_of, statutes_of, written_of
from portal.grants.library.views.bp import bp


@bp.get("/applications/<uuid:application_id>/statutes")
@declares(Action.APPLICATION_READ)
def statutes(application_id: UUID) -> ResponseReturnValue:
    """The drafts that the office offers."""
    with reading() as session:
        application, drafts, chosen = statutes_of(session, application_id=application_id, actor=current_actor())
        return page(
            "grants/library/statutes.html", application=application, drafts=drafts, chosen=chosen,
            legal_forms=LEGAL_FORMS,
        )  # fmt: skip


@bp.get("/applications/<uuid:application_id>/statutes/<uuid:statute_id>")
@declares(Action.APPLICATION_READ)
def statute(application_id: UUID, statute_id: UUID) -> ResponseReturnValue:
    """One of them, filled with the group's own data."""
    with reading() as session:
        draft = draft_of(session, application_id=application_id, text_id=statute_id, actor=current_actor(), now=now())
        return page("grants/library/statute.html", draft=draft, readable=readable)


@bp.get("/applications/<uuid:application_id>/statutes/<uuid:statute_id>/file")
@declares(Action.APPLICATION_READ)
def statute_file(application_id: UUID, statute_id: UUID) -> ResponseReturnValue:
    """To take away: as a text to work on, or with ?as=pdf as a tagged PDF."""
    with reading() as session:
        draft = draft_of(session, application_id=application_id, text_id=statute_id, actor=current_actor(), now=now())
        if request.args.get("as") == "pdf":
            return _attachment(pdf_of(draft), draft, "pdf", "application/pdf")
        return _attachment(written_of(draft).encode(), draft, "md", "text/markdown; charset=utf-8")


def _attachment(content: bytes, draft: Draft, extension: str, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    name = quote(f"{draft.file_name}.{extension}", safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "no-store"
    return response
