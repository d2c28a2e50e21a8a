"""The drafts of statutes that a group reads before it becomes an entity, filled with its own data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.rules.organisations import ENTITY_FORMS
from portal.applications.models import Application
from portal.applications.queries import application_for
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import speaking
from portal.core.instants import format_day
from portal.core.pdf import render_pdf
from portal.grants.labels import LEGAL_FORMS
from portal.grants.library.queries import keeper_of, statute_for, statutes_for
from portal.grants.library.rules import filled
from portal.grants.models import Grant, Incorporation, LibraryVersion
from portal.grants.rules import local_day


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as one group reads it: the version it is of, and its words filled in."""

    application: Application
    version: LibraryVersion
    body: str

    @property
    def file_name(self) -> str:
        """Without extension."""
        return f"bozza-{self.version.text.key}-{self.application.reference}"


def statutes_of(
    session: Session, *, application_id: UUID, actor: Actor
) -> tuple[Application, list[LibraryVersion], str | None]:
    """The application, the drafts that its office offers, and the form that the group has chosen, if it has.

    Drafts for the chosen form come first.
    """
    application, entity = _becoming(session, application_id, actor)
    chosen = entity.legal_form.value if entity is not None and entity.legal_form is not None else None
    found = statutes_for(session, keeper_of(application.call.authority))
    return application, sorted(found, key=lambda each: chosen is None or not each.serves(chosen)), chosen


def draft_of(session: Session, *, application_id: UUID, text_id: UUID, actor: Actor, now: datetime) -> Draft:
    """One draft, filled for the group; NotFound where its office offers none such."""
    application, entity = _becoming(session, application_id, actor)
    version = statute_for(session, keeper_of(application.call.authority), text_id)
    values = _values(application, entity, version, local_day(now))
    return Draft(application, version, filled(version.body, values))


def written_of(draft: Draft) -> str:
    """The draft as Markdown, with its title."""
    return f"# {draft.version.title}\n\n{draft.body}\n"


def pdf_of(draft: Draft) -> bytes:
    """The draft as a tagged PDF, in Italian."""
    with speaking("it"):
        return render_pdf("grants/library/statute.pdf.html", issuer=draft.application.call.authority, draft=draft)


def _becoming(session: Session, application_id: UUID, actor: Actor) -> tuple[Application, Incorporation | None]:
    """An application of a group that becomes an entity, or became one; NotFound for any other."""
    application = application_for(session, application_id, actor, Action.APPLICATION_READ)
    mine = or_(Incorporation.application_id == application_id, Grant.application_id == application_id)
    query = select(Incorporation).outerjoin(Grant, Grant.id == Incorporation.grant_id).where(mine)
    entity = session.scalars(query.order_by(Incorporation.id.desc())).first()
    if entity is None and not application.organisation.is_informal:
        raise NotFound
    return application, entity


def _values(
    application: Application, entity: Incorporation | None, version: LibraryVersion, today: date
) -> dict[str, str]:
    group, call = application.organisation, application.call
    forms = [form for form in ENTITY_FORMS if form in version.forms]
    with speaking("it"):
        return {
            "recipient": (entity.name if entity else None) or group.name,
            "recipient_form": str(LEGAL_FORMS[forms[0]]) if len(forms) == 1 else "",
            "recipient_seat": ", ".join(part for part in (group.address, group.city) if part),
            "representative": group.representative_name or "",
            "authority": call.authority.name,
            "call": call.title["it"],
            "project": application.title or "",
            "today": format_day(today),
        }
