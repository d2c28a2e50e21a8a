"""What people say of an organisation, checked field by field before any of it is kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.queries.organisations import is_taken
from portal.access.rules import LegalForm, OrganisationKind
from portal.access.rules.facts import local_day
from portal.access.rules.identifiers import valid_fiscal_code, valid_runts_number, valid_vat_number
from portal.access.rules.organisations import ENTITY_FORMS
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.mail import one_address
from portal.core.text import clean_line, clean_text
from portal.core.unit_of_work import violation

OLDEST = date(1000, 1, 1)
POSTAL_CODE = re.compile(r"[0-9]{5}")
PROVINCE = re.compile(r"[A-Z]{2}")
PHONE = re.compile(r"\+?[0-9][0-9 ./()-]{4,30}")
HOST = re.compile(r"[^\s@/:]+\.[^\s@/:.]{2,}")


class FiscalCodeTaken(Invalid):
    """One organisation for each codice fiscale; who has it is not told."""

    default = lazy_(
        "An organisation with this codice fiscale is registered already. Check the code, or ask the people"
        " who represent it to let you in."
    )


class VatNumberTaken(Invalid):
    """One organisation for each partita IVA; who has it is not told."""

    default = lazy_(
        "An organisation with this partita IVA is registered already. Check the number, or ask the people"
        " who represent it to let you in."
    )


class RuntsNumberTaken(Invalid):
    """One organisation for each number of the register; who has it is not told."""

    default = lazy_(
        "An organisation with this RUNTS number is registered already. Check the number, or ask the people"
        " who represent it to let you in."
    )


IDENTIFIERS: dict[str, tuple[Callable[[str], str | int], type[Invalid]]] = {
    "fiscal_code": (valid_fiscal_code, FiscalCodeTaken),
    "vat_number": (valid_vat_number, VatNumberTaken),
    "runts_number": (valid_runts_number, RuntsNumberTaken),
}
for _name, (_check, _taken) in IDENTIFIERS.items():
    for _constraint in (f"uq_organisation_{_name}", f"organisation.{_name}"):
        violation(_constraint, lambda taken=_taken, field=_name: taken(field=field))  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """What its people say of an organisation or group; `representative_id` is the account of the representative."""

    kind: OrganisationKind
    legal_form: LegalForm | None
    name: str
    fiscal_code: str
    email: str
    address: str
    city: str
    district: str = ""
    vat_number: str = ""
    runts_number: str = ""
    pec: str = ""
    phone: str = ""
    website: str = ""
    mission: str = ""
    postal_code: str = ""
    province: str = ""
    representative_name: str = ""
    representative_id: UUID | None = None
    founded_on: date | None = None


def checked_values(
    session: Session,
    *,
    profile: OrganisationProfile,
    members: Mapping[UUID, str],
    now: datetime,
    existing: Organisation | None = None,
) -> dict[str, Any]:
    """The columns that a profile fills, or Invalid naming the first field that is wrong."""
    kind = existing.kind if existing else profile.kind
    name = clean_line(profile.name)
    if not name:
        raise Invalid(lazy_("Write the name."), "name")
    return {
        "name": name,
        "legal_form": _legal_form(kind, profile.legal_form),
        **_identifiers(session, kind, profile, existing),
        "email": one_address(clean_line(profile.email)).casefold(),
        **_contacts(profile),
        "address": clean_line(profile.address) or None,
        "postal_code": _shaped(profile.postal_code, POSTAL_CODE, "postal_code", lazy_("The CAP has five digits.")),
        "city": clean_line(profile.city) or None,
        "province": _shaped(
            profile.province.upper(), PROVINCE, "province", lazy_("Write the two letters of the province, like BA.")
        ),
        "district": clean_line(profile.district) or None,
        "mission": clean_text(profile.mission) or None,
        "founded_on": _founded(profile.founded_on, now),
        **_representative(profile, members),
    }


def _legal_form(kind: OrganisationKind, given: LegalForm | None) -> LegalForm:
    if kind is OrganisationKind.INFORMAL_GROUP:
        return LegalForm.INFORMAL_GROUP
    if kind is OrganisationKind.CONSORTIUM:
        return LegalForm.TEMPORARY_ASSOCIATION
    if given not in ENTITY_FORMS:
        raise Invalid(lazy_("Choose the legal form of the organisation."), "legal_form")
    return given


def _identifiers(
    session: Session, kind: OrganisationKind, profile: OrganisationProfile, existing: Organisation | None
) -> dict[str, str | int | None]:
    """None for a group and a consortium; an entity has at least its codice fiscale."""
    found: dict[str, str | int | None] = dict.fromkeys(IDENTIFIERS)
    if kind is not OrganisationKind.LEGAL_ENTITY:
        return found
    for name, (check, taken) in IDENTIFIERS.items():
        typed = clean_line(getattr(profile, name))
        if not typed and name != "fiscal_code":
            continue
        found[name] = check(typed)
        if is_taken(session, name, found[name], besides=existing.id if existing else None):
            raise taken(field=name)
    return found


def _contacts(profile: OrganisationProfile) -> dict[str, str | None]:
    pec = clean_line(profile.pec).casefold()
    try:
        pec = one_address(pec) if pec else ""
    except Invalid as refusal:
        raise Invalid(refusal.message, "pec") from None
    mend = lazy_("Write the telephone number in digits, like 080 5771111 or +39 080 5771111.")
    phone = _shaped(profile.phone, PHONE, "phone", mend)
    return {"pec": pec or None, "phone": phone, "website": _website(profile.website)}


def _website(text: str) -> str | None:
    """An address of the web, with https:// put before it where nothing is."""
    given = clean_line(text)
    if not given:
        return None
    address = given if "://" in given else f"https://{given}"
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and HOST.fullmatch(parts.hostname or "") and not parts.username
    except ValueError:
        is_web = False
    if not is_web or " " in address:
        raise Invalid(lazy_("This is not the address of a website. Write it like https://www.example.it."), "website")
    return address


def _shaped(text: str, shape: re.Pattern[str], field: str, mend: object) -> str | None:
    given = clean_line(text)
    if given and not shape.fullmatch(given):
        raise Invalid(mend, field)
    return given or None


def _founded(day: date | None, now: datetime) -> date | None:
    if day is not None and not OLDEST <= day <= local_day(now):
        raise Invalid(lazy_("The day of foundation is in the future or too long ago. Check the year."), "founded_on")
    return day


def _representative(profile: OrganisationProfile, members: Mapping[UUID, str]) -> dict[str, Any]:
    """The name, and the account when it is a member's; an account alone brings the name with it."""
    chosen = profile.representative_id
    if chosen is not None and chosen not in members:
        raise Invalid(lazy_("Choose the account of somebody who belongs to the organisation."), "representative_id")
    name = clean_line(profile.representative_name) or (members[chosen] if chosen else "")
    return {"representative_name": name or None, "representative_id": chosen}
