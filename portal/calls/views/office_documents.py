"""The documents of a call, for the office: adding them, taking them away."""

from functools import partial
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import labels, operations
from portal.calls.forms import DocumentForm
from portal.calls.queries import managed_call
from portal.calls.queries.publication import document_of, documents_of
from portal.calls.rules.publication import DocumentKind
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to
from portal.documents.receiving import one_arriving


@bp.get("/manage/calls/<slug>/documents")
@declares(Action.CALL_MANAGE)
def documents(slug: str) -> ResponseReturnValue:
    """Every document of the call, and the form that adds one."""
    return _documents_page(slug, DocumentForm(), 200)


@bp.post("/manage/calls/<slug>/documents")
@declares(Action.CALL_DOCUMENTS)
def attach(slug: str) -> ResponseReturnValue:
    """Add a document."""
    form = DocumentForm()
    if not form.validate():
        return _documents_page(slug, form, 422)
    try:
        _attach(slug, form)
    except Invalid as refusal:
        form[refusal.field or "file"].errors = [str(refusal)]
        return _documents_page(slug, form, 422)
    flash(_("The document was added."))
    return go_to(url_for("calls.documents", slug=slug))


@bp.post("/manage/calls/<slug>/documents/<uuid:document_id>/remove")
@declares(Action.CALL_DOCUMENTS)
def remove_document(slug: str, document_id: UUID) -> ResponseReturnValue:
    """Take a document off the page."""
    with unit_of_work() as session:
        found = document_of(session, managed_call(session, slug, current_actor()), document_id)
        operations.remove_document(session, document_id=found.id, actor=current_actor(), now=now())
    flash(_("The document is no longer on the page."))
    return go_to(url_for("calls.documents", slug=slug))


def _attach(slug: str, form: DocumentForm) -> None:
    asked = partial(operations.document_rules, slug=slug, actor=current_actor())
    with one_arriving(request.files.get("file"), asked) as file, unit_of_work() as session:
        operations.attach_document(
            session, call_id=managed_call(session, slug, current_actor()).id, upload=file,
            kind=DocumentKind(form.kind.data), actor=current_actor(), now=now(),
            title={"it": form.title_it.data or "", "en": form.title_en.data or ""},
        )  # fmt: skip


def _documents_page(slug: str, form: DocumentForm, status: int) -> ResponseReturnValue:
    with reading() as session:
        call = managed_call(session, slug, current_actor())
        found = documents_of(session, call.id)
        return page("calls/manage_documents.html", status, call=call, documents=found, form=form, labels=labels)
