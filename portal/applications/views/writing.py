"""Starting an application, its task list, and one section a page."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.policy import Action
from portal.access.queries import organisations_of
from portal.access.web import current_actor, declares
from portal.applications import operations
from portal.applications.forms import StartForm
from portal.applications.operations.refusals import PhaseClosed
from portal.applications.operations.write import AlreadySent
from portal.applications.queries import application_for, draft_for, phase_to_apply, registered_version
from portal.applications.views.blueprint import bp
from portal.applications.views.shown import SectionShown, list_shown, section_of, section_page
from portal.core.clock import now
from portal.core.errors import Closed, Conflict, Invalid, Refusal
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page, wants_fragment
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to
from portal.questionnaires.forms import sent_section


@bp.get("/calls/<slug>/apply")
@declares(Action.ORGANISATION_CREATE)
def begin(slug: str) -> ResponseReturnValue:
    """For which organisation or group?"""
    return _begin_page(slug, StartForm(formdata=None))


@bp.post("/calls/<slug>/apply")
@declares(Action.APPLICATION_START)
def start(slug: str) -> ResponseReturnValue:
    """Open a draft."""
    form = StartForm()
    with reading() as session:
        form.offer(organisations_of(session, current_actor()))
    if not form.validate():
        return _begin_page(slug, form, 422)
    try:
        location = _start(slug, UUID(form.organisation.data))
    except (Invalid, Conflict, Closed) as refusal:
        form.organisation.errors = [str(refusal)]
        return _begin_page(slug, form, status_of(refusal))
    return go_to(location)


@bp.get("/applications/<uuid:application_id>")
@declares(Action.APPLICATION_READ)
def show(application_id: UUID) -> ResponseReturnValue:
    """The task list of a draft; the registered version of what was sent."""
    with reading() as session:
        application = application_for(session, application_id, current_actor(), Action.APPLICATION_READ)
        if application.is_draft or application.submission is None:
            return page("applications/list.html", **list_shown(session, application, current_actor(), now()))
        found = registered_version(session, application_id, current_actor())
        return page("applications/registered.html", found=found, now=now())


@bp.get("/applications/<uuid:application_id>/sections/<key>")
@declares(Action.DRAFT_READ)
def section(application_id: UUID, key: str) -> ResponseReturnValue:
    """One section: to be written, or only read."""
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        if not opened.application.is_draft:
            return redirect(url_for("applications.show", application_id=application_id), code=303)
        shown = SectionShown(everything="check" in request.args)
        return section_page(session, opened, key, shown)


@bp.post("/applications/<uuid:application_id>/sections/<key>")
@declares(Action.DRAFT_WRITE)
def save(application_id: UUID, key: str) -> ResponseReturnValue:
    """Save a section, typed by hand or while typing; nothing is overwritten, nothing typed is lost."""
    try:
        with unit_of_work(once=False) as session:
            application = application_for(session, application_id, current_actor(), Action.DRAFT_WRITE)
            sent = sent_section(section_of(session, application, key), request.form)
            saved = operations.save_answers(
                session, application=application, section_key=key, typed=sent.typed, base=sent.base,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (PhaseClosed, AlreadySent) as refusal:
        return _not_saved(application_id, key, refusal)
    return _saved(application_id, key, SectionShown(saved=saved, typed=sent.typed))


def _saved(application_id: UUID, key: str, shown: SectionShown) -> ResponseReturnValue:
    if not wants_fragment() and shown.code is None:
        return redirect(_next(application_id, key), code=303)
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        return section_page(session, opened, key, shown)


def _not_saved(application_id: UUID, key: str, refusal: Refusal) -> ResponseReturnValue:
    """Too late, or sent meanwhile: the text stays in the page."""
    if wants_fragment():
        raise refusal
    with reading() as session:
        opened = draft_for(session, application_id, current_actor())
        return section_page(session, opened, key, SectionShown(typed=dict(request.form), refusal=refusal))


def _next(application_id: UUID, key: str) -> str:
    """Where "save and go on" leads: the next section, the files, the list."""
    if "stay" in request.form:
        return url_for("applications.section", application_id=application_id, key=key)
    with reading() as session:
        form = draft_for(session, application_id, current_actor()).draft.form
    keys = [each.key for each in form.sections]
    following = keys[keys.index(key) + 1 :]
    if following:
        return url_for("applications.section", application_id=application_id, key=following[0])
    return url_for("applications.documents", application_id=application_id)


def _start(slug: str, organisation_id: UUID) -> str:
    with unit_of_work() as session:
        call, phase = phase_to_apply(session, slug, current_actor(), now())
        if phase is None:
            raise PhaseClosed
        application = operations.start_application(
            session, call=call, phase=phase, organisation_id=organisation_id, actor=current_actor(), now=now()
        )
        return url_for("applications.show", application_id=application.id)


def _begin_page(slug: str, form: StartForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        call, phase = phase_to_apply(session, slug, current_actor(), now())
        organisations = organisations_of(session, current_actor())
        return page(
            "applications/begin.html", status, call=call, phase=phase, form=form.offer(organisations),
            organisations=organisations,
        )  # fmt: skip
