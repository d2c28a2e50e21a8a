"""The files of an application."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.web import current_actor, declares, may
from portal.applications import operations
from portal.applications.models import ApplicationFile
from portal.applications.operations.attach import ReplacedMeanwhile
from portal.applications.queries import OpenDraft, application_for, draft_for, file_for, verified_documents
from portal.applications.queries.files import earlier_files
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, remember_location, unit_of_work
from portal.core.web import page, wants_fragment
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to
from portal.documents.models import FileSignature
from portal.documents.queries import signatures_of
from portal.documents.receiving import one_arriving
from portal.documents.web import is_envelope, listed, send_stored, send_unwrapped


@bp.get("/applications/<uuid:application_id>/documents")
@declares(Action.DRAFT_READ)
def documents(application_id: UUID) -> ResponseReturnValue:
    """Each requested document with its file, or with the form to attach one."""
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if not opened.application.is_draft:
            return redirect(url_for("applications.show", application_id=application_id), code=303)
        return page("applications/documents.html", **_shown(session, opened, {}))


@bp.post("/applications/<uuid:application_id>/documents/<key>")
@declares(Action.DRAFT_WRITE)
def attach(application_id: UUID, key: str) -> ResponseReturnValue:
    """Attach a file, in place of the one before."""
    asked = partial(operations.document_rules, application_id=application_id, document_key=key, actor=current_actor())
    try:
        with one_arriving(request.files.get("file"), asked) as file, unit_of_work() as session:
            application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
            operations.attach_file(
                session, application=application, document_key=key, upload=file, actor=current_actor(), now=now()
            )
    except Invalid as refusal:
        with reading() as session:
            return _refused(session, draft_for(session, application_id, current_actor()), key, refusal)
    if not wants_fragment():
        return _back(application_id, key, _("The file was attached."))
    remember_location(_address(application_id, key))
    with reading() as session:
        return _document(session, draft_for(session, application_id, current_actor()), key, {})


@bp.post("/applications/<uuid:application_id>/documents/<key>/verified")
@declares(Action.DRAFT_WRITE)
def reuse(application_id: UUID, key: str) -> ResponseReturnValue:
    """Attach the document that the office has verified already, in place of the one before."""
    with unit_of_work() as session:
        application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
        operations.attach_verified(session, application=application, document_key=key, actor=current_actor(), now=now())
    return _back(application_id, key, _("The file was attached."))


@bp.post("/applications/<uuid:application_id>/documents/<key>/remove")
@declares(Action.DRAFT_WRITE)
def remove(application_id: UUID, key: str) -> ResponseReturnValue:
    """Take a file off the draft: the one that the page showed."""
    try:
        with unit_of_work() as session:
            application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
            operations.remove_file(
                session, application=application, document_key=key, actor=current_actor(), now=now(),
                seen=request.args.get("seen", ""),
            )  # fmt: skip
    except ReplacedMeanwhile as refusal:
        with reading() as session:
            return _refused(session, draft_for(session, application_id, current_actor()), key, refusal)
    return _back(application_id, key, _("The file was removed."))


@bp.get("/applications/<uuid:application_id>/files/<uuid:file_id>")
@declares(Action.APPLICATION_READ)
def download(application_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """One file, to whoever may read the application it belongs to."""
    with reading() as session:
        return send_stored(file_for(session, application_id, file_id, current_actor()))


@bp.get("/applications/<uuid:application_id>/files/<uuid:file_id>/document")
@declares(Action.APPLICATION_READ)
def download_unwrapped(application_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The document inside a signed file, to whoever may read the signed file."""
    with reading() as session:
        return send_unwrapped(file_for(session, application_id, file_id, current_actor()))


@bp.get("/applications/<uuid:application_id>/files/<uuid:file_id>/about")
@declares(Action.APPLICATION_READ)
def about_file(application_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """All that is known of one file: hashes, scan, signatures."""
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.APPLICATION_READ)
        file = file_for(session, application_id, file_id, current_actor())
        here: dict[str, Any] = {"application_id": application.id, "file_id": file.id}
        return page(
            "applications/file.html", application=application, file=file,
            shown=listed(file, url=url_for("applications.download", **here),
                         signatures=signatures_of(session, [file]).get(file.id, [])),
            unwrapped_url=url_for("applications.download_unwrapped", **here) if is_envelope(file) else None,
        )  # fmt: skip


def _back(application_id: UUID, key: str, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(_address(application_id, key))


def _refused(session: Session, opened: OpenDraft, key: str, refusal: Refusal) -> ResponseReturnValue:
    """The page with the message beside the document; for htmx the document alone."""
    message, status = str(refusal), status_of(refusal)
    if wants_fragment():
        return _document(session, opened, key, {key: message}, status)
    return page("applications/documents.html", status, **_shown(session, opened, {key: message}))


def _document(
    session: Session, opened: OpenDraft, key: str, errors: dict[str, str], status: int = 200
) -> ResponseReturnValue:
    """One document alone, in the place of the one before: a redirect within the same page would load nothing."""
    asked = next(each for each in opened.draft.requests if each.key == key)
    return render_template("applications/_document.html", asked=asked, **_shown(session, opened, errors)), status


def _address(application_id: UUID, key: str) -> str:
    return url_for("applications.documents", application_id=application_id, _anchor=f"document-{key}")


def _shown(session: Session, opened: OpenDraft, errors: dict[str, str]) -> dict[str, Any]:
    application = opened.application
    writable = may(Action.DRAFT_WRITE, application) and application.phase.is_open(now())
    earlier = earlier_files(session, application.id)
    rows = [*opened.files.values(), *(row for each in earlier.values() for row in each)]
    signatures = signatures_of(session, [row.file for row in rows])
    files = {}
    for key, row in opened.files.items():
        address = url_for("applications.remove", application_id=application.id, key=key, seen=row.file_id)
        files[key] = _listed(row, signatures, remove_url=address if writable else None)
    return {
        "application": application, "opened": opened, "files": files, "writable": writable, "errors": errors,
        "earlier": {key: [_listed(row, signatures) for row in rows] for key, rows in earlier.items()},
        "verified": verified_documents(session, opened, now()) if writable else {},
    }  # fmt: skip


def _listed(
    row: ApplicationFile, signatures: dict[UUID, list[FileSignature]], remove_url: str | None = None
) -> dict[str, Any]:
    here: dict[str, Any] = {"application_id": row.application_id, "file_id": row.file_id}
    shown = listed(
        row.file, url=url_for("applications.download", **here), about_url=url_for("applications.about_file", **here),
        remove_url=remove_url, signatures=signatures.get(row.file_id, []),
    )  # fmt: skip
    return {**shown, "added_at": row.added_at, "removed_at": row.removed_at}
