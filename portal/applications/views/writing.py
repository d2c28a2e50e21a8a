"""Starting an application, and its task list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.policy import Action, Tie
from portal.access.queries import organisations_of
from portal.access.rules import OrganisationKind
from portal.access.web import current_actor, declares, may
from portal.applications import operations
from portal.applications.forms import StartForm
from portal.applications.operations.refusals import PhaseClosed
from portal.applications.queries import application_for, phase_to_apply
from portal.applications.queries.admissibility import standing_of
from portal.applications.queries.elsewhere import in_another
from portal.applications.queries.entry import Entry, entries_of
from portal.applications.queries.files import registered_files_blocked
from portal.applications.queries.reading import refused_attempts, version_of
from portal.applications.views.blueprint import bp
from portal.applications.views.shown import list_shown
from portal.applications.views.told import answers_told, query_told
from portal.applications.views.way import way_shown
from portal.calls.models import Phase
from portal.calls.rules import TwoConsortia
from portal.core.clock import now
from portal.core.errors import Closed, Conflict, Invalid
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.errors import status_of
from portal.core.web.respond import go_to


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
        found = version_of(session, application)
        way, is_of_team = way_shown(session, application, now()), may(Action.DRAFT_READ, application)
        return page("applications/registered.html", found=found, now=now(), way=way,
                    attempts=refused_attempts(session, application.id) if is_of_team else [],
                    standing=standing_of(session, application, now()),
                    blocked=registered_files_blocked(session, application))  # fmt: skip


def _start(slug: str, organisation_id: UUID) -> str:
    with unit_of_work() as session:
        call, phase = phase_to_apply(session, slug, current_actor(), now())
        if phase is None:
            raise PhaseClosed
        application = operations.start_application(
            session, call=call, phase=phase, organisation_id=organisation_id, actor=current_actor(), now=now(),
            told=answers_told(phase.design, request.args),
        )  # fmt: skip
        return url_for("applications.show", application_id=application.id)


def _begin_page(slug: str, form: StartForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        call, phase = phase_to_apply(session, slug, current_actor(), now())
        organisations = organisations_of(session, current_actor())
        return page(
            "applications/begin.html", status, call=call, phase=phase, form=form.offer(organisations),
            organisations=organisations, entries=_entries(session, phase, organisations),
            carried=query_told(phase.design, request.args) if phase else "",
            together=_together(session, phase, organisations) if phase else None,
        )  # fmt: skip


def _together(session: Session, phase: Phase, organisations: Sequence[Organisation]) -> dict[str, Any] | None:
    """What whoever thinks of applying with others is told; None where the call takes no consortia."""
    design = phase.design
    if not any(rule.kind == OrganisationKind.CONSORTIUM for rule in design.applicants):
        return None
    owned = current_actor().objects_tied_as(Tie.OWNER)
    excludes = design.participation.two_consortia is TwoConsortia.EXCLUDES_ALL
    names = {each.id: each.name for each in organisations if each.is_consortium}
    return {
        "leads": [each for each in organisations if each.kind is OrganisationKind.LEGAL_ENTITY and each.id in owned],
        "excludes": excludes,
        "twice": [(names[key], name) for key, name in in_another(session, phase.id, names)] if excludes else [],
    }


def _entries(session: Session, phase: Phase | None, organisations: Sequence[Organisation]) -> list[Entry]:
    """Each organisation at the gates of a later phase; none in the first one, which everybody may begin."""
    return entries_of(session, phase, organisations) if phase is not None and phase.earlier is not None else []
