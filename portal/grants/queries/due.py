"""Between two phases: groups that have to become an entity before the next one, and the office that confirms it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.access.models import Organisation
from portal.access.policy import Role, Tie
from portal.access.rules import LegalForm, OrganisationKind
from portal.applications.gates import gates_of
from portal.applications.models import Application
from portal.applications.queries.due_check import of_the_office
from portal.applications.rules import ApplicationStatus
from portal.calls.callfile import design_from_json
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus, PhaseGate
from portal.core.actor import Actor
from portal.core.i18n import _, in_language
from portal.grants.models import Incorporation
from portal.notices.gathering import Ask, line
from portal.notices.rules import DueStep

AS_A_GROUP = (OrganisationKind.INFORMAL_GROUP.value, LegalForm.INFORMAL_GROUP.value)


def between_phases(actor: Actor, now: datetime) -> Iterator[Ask]:
    """Entities to be recorded by their groups, and to be confirmed by the office."""
    if actor.objects_tied_as(Tie.OWNER):
        yield _to_record(actor, now)
    if actor.authorities_as(Role.OFFICER):
        yield _to_confirm(actor)


def _to_confirm(actor: Actor) -> Ask:
    """What a group recorded and nobody has confirmed, for another officer than who recorded it."""
    columns = line(id=Application.id, name=Organisation.name, more=Incorporation.name, title=Call.title)
    query = (
        select(*columns)
        .select_from(Incorporation)
        .join(Application, Application.id == Incorporation.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Call, Call.id == Application.call_id)
        .where(Incorporation.recorded_at.is_not(None), Incorporation.confirmed_at.is_(None), *of_the_office(actor))
        .where(Incorporation.recorded_by != actor.person_id, Application.status == ApplicationStatus.SELECTED)
        .where(Organisation.kind == OrganisationKind.INFORMAL_GROUP)
    )
    return Ask(query, (Incorporation.due_on, Application.id), _confirm)


def _confirm(found: Any) -> DueStep:
    return DueStep(
        what=_("Confirm that %(group)s has become %(name)s", group=found.name, name=found.more),
        button=_("Compare with the deed"),
        path=f"/applications/{found.id}/entity",
        why=_("The next phase is open to legal entities alone: it opens to this group once the office has confirmed."),
        place=in_language(found.title),
    )


def _to_record(actor: Actor, now: datetime) -> Ask:
    """Groups of this person that were admitted to the next phase and have recorded no entity, until it closes."""
    later = aliased(Phase)
    columns = line(id=Application.id, name=Organisation.name, more=later.key, title=Call.definition, at=later.closes_at)
    query = (
        select(*columns)
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Phase, Phase.id == Application.phase_id)
        .join(later, (later.call_id == Phase.call_id) & (later.position == Phase.position + 1))
        .join(Call, Call.id == Application.call_id)
        .outerjoin(Incorporation, Incorporation.application_id == Application.id)
        .where(Application.organisation_id.in_(actor.objects_tied_as(Tie.OWNER)))
        .where(Application.status == ApplicationStatus.SELECTED, Organisation.kind == OrganisationKind.INFORMAL_GROUP)
        .where(Incorporation.recorded_at.is_(None), later.closes_at >= now, Call.status == CallStatus.PUBLISHED)
    )
    return Ask(query, (later.closes_at, Application.id), _record)


def _record(found: Any) -> DueStep | None:
    """Only the call tells whether its next phase is open to entities alone."""
    design = design_from_json(found.title)
    if PhaseGate.INCORPORATED not in gates_of(design, found.more, AS_A_GROUP):
        return None
    return DueStep(
        what=_("Record the legal entity that %(name)s has become", name=found.name),
        button=_("Record it"),
        path=f"/applications/{found.id}/entity",
        by=found.at,
        why=_("“%(phase)s” is open to legal entities alone: the office confirms what you record.",
              phase=in_language(design.phase(found.more).name)),
        place=in_language(design.title),
    )  # fmt: skip
