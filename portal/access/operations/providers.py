"""Identity providers of an authority: written by one administrator, enabled by another; secrets only go in."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import IdentityProvider
from portal.access.operations.authorities import ChangedMeanwhile
from portal.access.policy import Action
from portal.access.queries.authorities import authority_seen, provider_seen
from portal.access.queries.identity import SEALED_FOR
from portal.access.rules.identity import KEY, valid_issuer
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.secrets import seal
from portal.core.text import clean_line
from portal.core.unit_of_work import violation


class KeyTaken(Conflict):
    """Two providers of one authority would have one address."""

    default = lazy_("Another identity provider of this authority has this short name. Choose another one.")


class SamePerson(Forbidden):
    """Whoever runs a provider can sign in as anybody: two people decide on it."""

    default = lazy_("Whoever wrote this provider cannot enable it: another administrator of the authority does.")


violation("ck_identity_provider_two_people", SamePerson)
violation("uq_identity_provider_authority_id_key", lambda: KeyTaken(field="key"))
violation("identity_provider.authority_id, identity_provider.key", lambda: KeyTaken(field="key"))


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """What an administrator says of a provider; the secret apart."""

    key: str
    name: str
    issuer: str
    client_id: str
    acr_values: str
    strong_acr: str
    fiscal_claim: str


def add_provider(
    session: Session, *, authority_code: str, details: ProviderDetails, secret: str, may_be_local: bool, actor: Actor,
    now: datetime,
) -> IdentityProvider:  # fmt: skip
    """Write down a provider; it stays disabled until another administrator enables it. Raises Invalid, KeyTaken."""
    authority = authority_seen(session, authority_code, actor, Action.IDENTITY_PROVIDER_EDIT)
    if not secret:
        raise Invalid(lazy_("Write the secret that the provider gave you for this portal."), "secret")
    values = _checked(details, may_be_local=may_be_local)
    row = IdentityProvider(
        authority_id=authority.id, sealed_secret=seal(secret, purpose=SEALED_FOR), edited_by=actor.person_id, **values
    )
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.IDENTITY_PROVIDER_EDIT, subject=row, after=values)
    return row


def change_provider(
    session: Session, *, authority_code: str, provider_id: UUID, details: ProviderDetails, secret: str,
    may_be_local: bool, version_seen: int, actor: Actor, now: datetime,
) -> IdentityProvider:  # fmt: skip
    """Change a provider, which disables it until another administrator has looked; an empty secret keeps the old one.

    Raises Invalid, KeyTaken, ChangedMeanwhile.
    """
    row = _held(session, authority_code, provider_id, version_seen, actor)
    values = _checked(details, may_be_local=may_be_local)
    before = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
    if not before and not secret:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    if secret:
        row.sealed_secret = seal(secret, purpose=SEALED_FOR)
    row.is_enabled, row.enabled_by, row.edited_by = False, None, actor.person_id
    row.version += 1
    after = {name: values[name] for name in before} | ({"secret": "replaced"} if secret else {}) | {"is_enabled": False}
    record(session, at=now, actor=actor, event=Action.IDENTITY_PROVIDER_EDIT, subject=row, before=before, after=after)
    return row


def enable_provider(
    session: Session, *, authority_code: str, provider_id: UUID, version_seen: int, actor: Actor, now: datetime
) -> IdentityProvider:
    """Let people sign in with it, once another administrator than who wrote it has read it. Raises SamePerson."""
    row = _held(session, authority_code, provider_id, version_seen, actor, stale=Conflict)
    if row.edited_by == actor.person_id:
        raise SamePerson
    return _switch(session, row, to=True, actor=actor, now=now)


def disable_provider(
    session: Session, *, authority_code: str, provider_id: UUID, version_seen: int, actor: Actor, now: datetime
) -> IdentityProvider:
    """Let nobody sign in with it any more, from the next request on; sessions that it opened go on."""
    row = _held(session, authority_code, provider_id, version_seen, actor, stale=Conflict)
    return _switch(session, row, to=False, actor=actor, now=now)


def _switch(session: Session, row: IdentityProvider, *, to: bool, actor: Actor, now: datetime) -> IdentityProvider:
    if row.is_enabled == to:
        return row
    row.is_enabled, row.enabled_by = to, actor.person_id if to else None
    row.version += 1
    record(
        session, at=now, actor=actor, event=Action.IDENTITY_PROVIDER_EDIT, subject=row,
        before={"is_enabled": not to}, after={"is_enabled": to},
    )  # fmt: skip
    return row


def _held(
    session: Session, authority_code: str, provider_id: UUID, version_seen: int, actor: Actor,
    stale: type[Conflict] = ChangedMeanwhile,
) -> IdentityProvider:  # fmt: skip
    row = provider_seen(session, authority_code, provider_id, actor, for_update=True)
    if row.version != version_seen:
        raise stale
    return row


def _checked(details: ProviderDetails, *, may_be_local: bool) -> dict[str, str]:
    values = {name: clean_line(text) for name, text in asdict(details).items()}
    if not KEY.fullmatch(values["key"]):
        raise Invalid(lazy_("The short name begins with a letter and has letters, digits and hyphens alone."), "key")
    for name in ("name", "client_id", "fiscal_claim"):
        if not values[name]:
            raise Invalid(lazy_("Write this: the provider cannot be used without it."), name)
    return values | {"issuer": valid_issuer(values["issuer"], may_be_local=may_be_local)}
