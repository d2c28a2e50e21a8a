"""The pages of the library: its texts, one of them with its versions and an example, a new one, the next version."""

from typing import Any
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.core.clock import now
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import _
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to
from portal.grants.labels import LEGAL_FORMS
from portal.grants.library import operations, queries
from portal.grants.library.fields import FIELDS, TextKind, example_tables, examples
from portal.grants.library.forms import NewTextForm, RevisionForm
from portal.grants.library.labels import KINDS
from portal.grants.library.reading import readable
from portal.grants.library.rules import filled, must_be_sound
from portal.grants.library.views.bp import bp


@bp.get("/manage/library")
@declares(Action.LIBRARY_READ)
def index() -> ResponseReturnValue:
    """Every text of one's offices."""
    with reading() as session:
        texts = queries.texts_of_offices(session, current_actor())
        return page("grants/library/index.html", texts=texts, kinds=KINDS, legal_forms=LEGAL_FORMS)


@bp.get("/manage/library/new")
@declares(Action.LIBRARY_EDIT)
def new() -> ResponseReturnValue:
    """An empty text."""
    return _new_page(NewTextForm(None, data={"kind": request.args.get("kind")}))


@bp.post("/manage/library/new")
@declares(Action.LIBRARY_EDIT)
def write() -> ResponseReturnValue:
    """Write it, or show its example first."""
    form = NewTextForm()
    with reading() as session:
        form.offer(queries.offices_of(session, current_actor()))
    if not form.validate():
        return _new_page(form, 422)
    kind = TextKind(form.kind.data)
    try:
        if form.preview.data:
            return _new_page(form, example=_example(form.body.data, kind))
        with unit_of_work() as session:
            text = operations.write_text(
                session, authority_id=UUID(form.office.data), kind=kind, key=form.key.data, words=form.words(),
                actor=current_actor(), now=now(),
            )  # fmt: skip
            there = url_for("library.show", text_id=text.id)
    except Refusal as refusal:
        return _new_page(form, show_refusal(form, refusal))
    flash(_("The text is in the library."), "success")
    return go_to(there)


@bp.get("/manage/library/<uuid:text_id>")
@declares(Action.LIBRARY_READ)
def show(text_id: UUID) -> ResponseReturnValue:
    """One text: a version as it reads with an example, and all its versions."""
    with reading() as session:
        text = queries.text_to(session, current_actor(), Action.LIBRARY_READ, text_id)
        wanted = request.args.get("version", type=int) or text.versions[0].version
        version = next((each for each in text.versions if each.version == wanted), None)
        if version is None:
            raise NotFound
        return page(
            "grants/library/show.html", text=text, version=version, kind=KINDS[text.kind], legal_forms=LEGAL_FORMS,
            readable=readable, example=filled(version.body, examples(text.kind), example_tables(text.kind)),
        )  # fmt: skip


@bp.get("/manage/library/<uuid:text_id>/edit")
@declares(Action.LIBRARY_EDIT)
def edit(text_id: UUID) -> ResponseReturnValue:
    """The newest version, to be written further."""
    return _edit_page(text_id, None)


@bp.post("/manage/library/<uuid:text_id>/edit")
@declares(Action.LIBRARY_EDIT)
def revise(text_id: UUID) -> ResponseReturnValue:
    """Write the next version, or show its example first."""
    form = RevisionForm()
    if not form.validate():
        return _edit_page(text_id, form, 422)
    if form.preview.data:
        return _edit_page(text_id, form)
    try:
        with unit_of_work() as session:
            operations.revise_text(
                session, text_id=text_id, seen_version=form.version(), words=form.words(), actor=current_actor(),
                now=now(),
            )  # fmt: skip
    except Refusal as refusal:
        return _edit_page(text_id, form, show_refusal(form, refusal))
    flash(_("The new version is in the library. Agreements made before keep the words they were made of."), "success")
    return go_to(url_for("library.show", text_id=text_id))


@bp.post("/manage/library/<uuid:text_id>/retire")
@declares(Action.LIBRARY_EDIT)
def retire(text_id: UUID) -> ResponseReturnValue:
    """Offer it no more."""
    with unit_of_work() as session:
        operations.retire_text(session, text_id=text_id, actor=current_actor(), now=now())
    flash(_("The text is retired: what was made of it keeps it."), "success")
    return go_to(url_for("library.show", text_id=text_id))


@bp.post("/manage/library/<uuid:text_id>/offer")
@declares(Action.LIBRARY_EDIT)
def offer_again(text_id: UUID) -> ResponseReturnValue:
    """Offer it again."""
    with unit_of_work() as session:
        operations.offer_text_again(session, text_id=text_id, actor=current_actor(), now=now())
    flash(_("The text is offered again."), "success")
    return go_to(url_for("library.show", text_id=text_id))


def _new_page(form: NewTextForm, status: int = 200, example: str = "") -> ResponseReturnValue:
    with reading() as session:
        form.offer(queries.offices_of(session, current_actor()))
    return page(
        "grants/library/new.html", status, form=form, example=example, fields=FIELDS, kinds=KINDS, readable=readable
    )


def _edit_page(text_id: UUID, form: RevisionForm | None, status: int = 200) -> ResponseReturnValue:
    example = ""
    with reading() as session:
        text = queries.text_to(session, current_actor(), Action.LIBRARY_EDIT, text_id)
        last = text.versions[0]
        if form is None:
            form = RevisionForm(None, data={"seen_version": last.version, "title": last.title, "forms": last.forms,
                                            "body": last.body})  # fmt: skip
        elif form.preview.data and status == 200:
            try:
                example = _example(form.body.data, text.kind)
            except Refusal as refusal:
                status = show_refusal(form, refusal)
        shown: dict[str, Any] = {
            "text": text,
            "last": last,
            "kind": KINDS[text.kind],
            "fields": FIELDS[text.kind],
            "readable": readable,
        }
        return page("grants/library/edit.html", status, form=form, example=example, **shown)


def _example(body: str, kind: TextKind) -> str:
    must_be_sound(body, kind)
    return filled(body, examples(kind), example_tables(kind))
