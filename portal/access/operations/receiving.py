"""Whether somebody may receive a role: asked when it is granted, proposed, confirmed or handed over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.access.models import Organisation, Person, RoleGrant
from portal.access.policy import Role
from portal.access.queries.roles import organisations_here
from portal.access.rules.accounts import same_mailbox
from portal.access.rules.roles import excluded_by, minds_applicants
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_


class NotUsable(Conflict):
    """An account that was disabled or closed receives nothing."""

    default = lazy_("This account is disabled or closed: it cannot receive a role.")


class HoldsAlready(Conflict):
    """One role is held once."""

    default = lazy_("This person holds this role here already.")


class RolesExclude(Conflict):
    """Two roles that one person never holds together in one authority (P18)."""

    def __init__(self, held: Role) -> None:
        super().__init__(
            lazy_(
                "This person holds a role here that excludes the one you chose, so that nobody checks their own work"
                " (rule P18). End the other role first, or choose somebody else."
            ),
            "role",
        )
        self.held = held


class BelongsToApplicants(Conflict):
    """Staff who belong to an applicant: whoever grants the role must know it."""

    def __init__(self, organisations: Sequence[Organisation]) -> None:
        super().__init__(
            lazy_(
                "This person belongs to %(names)s. They will be stopped wherever these are decided upon or paid. To go"
                " on, say below that you know it.",
                names=", ".join(each.name for each in organisations),
            ),
            "knows",
        )
        self.organisations = organisations


def must_be_free_for(
    session: Session, *, person: Person, role: Role, authority_id: UUID, since: datetime, until: datetime | None
) -> None:
    """Return if the account is usable, does not hold the role, and holds none that excludes it in that time (P18).

    Raises NotUsable, HoldsAlready or RolesExclude. Whoever stands in for somebody may be given the role for good.
    """
    if person.disabled_at is not None or person.closed_at is not None:
        raise NotUsable
    here = RoleGrant.authority_id == authority_id
    held = select(RoleGrant).where(RoleGrant.person_id.in_(_accounts_of(session, person, authority_id)), here)
    held = held.where(or_(RoleGrant.until.is_(None), RoleGrant.until > since))
    if until is not None:
        held = held.where(RoleGrant.since < until)
    rows = session.scalars(held.order_by(RoleGrant.since, RoleGrant.id)).all()
    if any(row.role is role and row.stands_in_for is None and row.person_id == person.id for row in rows):
        raise HoldsAlready
    if (other := excluded_by(role, {row.role for row in rows})) is not None:
        raise RolesExclude(other)


def is_same_person(session: Session, *, person_id: UUID | None, other: Person) -> bool:
    """Whether two accounts are one person's, as far as they tell: the same one, or two addresses of one mailbox.

    Two accounts never have one fiscal number (`uq_external_identity_fiscal_number`).
    """
    if person_id is None or person_id == other.id:
        return person_id is not None
    return same_mailbox(session.get_one(Person, person_id).email, other.email)


def _accounts_of(session: Session, person: Person, authority_id: UUID) -> set[UUID]:
    """The account, and others of the same mailbox that hold a role there."""
    staff = select(Person.id, Person.email).join(RoleGrant, RoleGrant.person_id == Person.id)
    found = session.execute(staff.where(RoleGrant.authority_id == authority_id).distinct())
    return {person.id} | {key for key, email in found if same_mailbox(email, person.email)}


def must_be_known(
    session: Session, *, person: Person, role: Role, authority_id: UUID, knows: bool, now: datetime
) -> None:
    """Return if the person belongs to no applicant of the authority, or whoever grants knows it."""
    if knows or not minds_applicants(role):
        return
    if organisations := organisations_here(session, person.id, {authority_id}, now):
        raise BelongsToApplicants(organisations)


def written_reason(*, reason: str) -> str:
    """A reason of some words; Invalid without one."""
    if not reason:
        raise Invalid(lazy_("Say why, in a few words: it stays in the trail."), "reason")
    return reason
