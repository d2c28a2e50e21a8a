"""Authorities' staff with their second factor, organisations with their members, accounts."""

import base64
import hmac
from uuid import UUID

from portal.access.models import Organisation, Person, RoleGrant, Totp
from portal.access.operations.organisations import OrganisationProfile, create_organisation
from portal.access.operations.second_factor import APP_SEAL
from portal.access.policy import Role, Tie
from portal.access.rules import LegalForm, OrganisationKind
from portal.access.ties import tie
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.secrets import seal
from portal.demo import texts
from portal.demo.stage import Stage
from portal.demo.texts import Row

DOMAIN = "demo.vivaio.example"
SIGN_IN_OF = {"punto-croce-largo": "applicant", "fondazione-dora-lieve": "applicant-2", "radio-balcone": "group"}
"""Organisations whose first member has an account that the demonstration prints."""
WITH_AN_APP = frozenset({"applicant-2"})
"""Of those, who has a second factor already: whoever confirms an application before it is sent is asked for it."""

MORE_ROLES = {
    "officer": [("officer", "venezia"), ("officer", "torino")],
    "officer-2": [("officer", "venezia"), ("officer", "torino")],
    "chair": [("evaluator", "bari")],
    "chair-venezia": [("evaluator", "venezia")],
    "evaluator": [("evaluator", "venezia")],
    "evaluator-4": [("evaluator", "bari")],
    "auditor": [("auditor", "venezia"), ("auditor", "torino")],
    "finance-maker": [("finance_maker", "venezia")],
    "finance-approver": [("finance_approver", "venezia")],
}
"""Roles beside the one of the text, so that the printed accounts meet every phase."""

FOUNDED = -520
CAP = {"Bari": ("70121", "BA"), "Torino": ("10121", "TO"), "Venezia": ("30121", "VE")}
IN_THE_REGISTER = (LegalForm.SOCIAL_PROMOTION_ASSOCIATION, LegalForm.VOLUNTEER_ORGANISATION)
ALSO_REPRESENTS = {"maestrale-in-cortile": "Ubaldo Notarpietro"}
"""Whoever represents two applicants: officers find them among those that look alike."""


def bring_staff(stage: Stage) -> None:
    """Everybody with a staff role."""
    names = {role.value for role in Role}
    for row in texts.staff():
        if row["role"] not in names:
            continue
        _person(stage, row["key"], row["name"], f"{row['account']}@{DOMAIN}")
        _app(stage, stage.people[row["key"]])
        for role, authority in [(row["role"], row["authority"]), *MORE_ROLES.get(row["key"], [])]:
            grant = RoleGrant(
                person_id=stage.people[row["key"]].id, role=Role(role), since=stage.at(FOUNDED),
                authority_id=stage.authorities[authority].id,
            )  # fmt: skip
            stage.session.add(grant)
            record(stage.session, at=stage.at(FOUNDED), actor=SYSTEM, event="role.granted", subject=grant,
                   after={"role": role})  # fmt: skip


def app_key(password: str, email: str) -> str:
    """The key of a demonstration account's app: the same for the same password of the demonstration."""
    derived = hmac.digest(password.encode(), f"app of {email}".encode(), "sha256")
    return base64.b32encode(derived[:20]).decode()


def _app(stage: Stage, person: Person) -> None:
    """A second factor: `portal demo code` shows what the app would."""
    sealed = seal(app_key(stage.password, person.email), purpose=APP_SEAL)
    made = stage.at(FOUNDED)
    stage.session.add(Totp(person_id=person.id, sealed_secret=sealed, made_at=made, confirmed_at=made))
    record(stage.session, at=made, actor=SYSTEM, event="second_factor.app_added", subject=person)


def bring_organisations(stage: Stage) -> None:
    """Every applicant with its members; the first one represents it."""
    for row in texts.organisations().values():
        for number, member in enumerate(row["members"]):
            key = f"{row['key']}:{number}"
            account = SIGN_IN_OF.get(row["key"]) if number == 0 else None
            _person(stage, key, member["name"], f"{account}@{DOMAIN}" if account else member["email"])
            if account in WITH_AN_APP:
                _app(stage, stage.people[key])
        organisation = create_organisation(
            stage.session, profile=_profile(row), actor=stage.actor(f"{row['key']}:0"), now=stage.at(FOUNDED)
        )
        stage.organisations[row["key"]] = organisation.id
        _join(stage, row, organisation)


def _profile(row: Row) -> OrganisationProfile:
    code, form = row["fiscal_code"] or "", LegalForm(row["legal_form"])
    return OrganisationProfile(
        kind=OrganisationKind(row["kind"]),
        legal_form=form,
        name=row["name"],
        fiscal_code=code,
        email=row["email"],
        address=row["address"],
        city=row["city"],
        district=row["district"] or "",
        postal_code=CAP.get(row["city"], ("", ""))[0],
        province=CAP.get(row["city"], ("", ""))[1],
        vat_number=code if form is LegalForm.SOCIAL_COOPERATIVE else "",
        runts_number=code[:7] if form in IN_THE_REGISTER else "",
        pec=f"{row['key']}@pec.example" if code else "",
        representative_name=ALSO_REPRESENTS.get(row["key"], ""),
    )


def _join(stage: Stage, row: Row, organisation: Organisation) -> None:
    for number, member in enumerate(row["members"][1:], start=1):
        tie(
            stage.session, person_id=_id(stage, f"{row['key']}:{number}"), tie=Tie(member["role"]),
            object_type="organisation", object_id=organisation.id, now=stage.at(FOUNDED),
        )  # fmt: skip


def _id(stage: Stage, key: str) -> UUID:
    return stage.people[key].id


def _person(stage: Stage, key: str, name: str, email: str) -> None:
    person = Person(email=email.casefold(), name=name, password_hash=stage.password_hash, created_at=stage.at(FOUNDED))
    stage.session.add(person)
    stage.session.flush()
    record(stage.session, at=stage.at(FOUNDED), actor=SYSTEM, event="person.created", subject=person)
    stage.people[key] = person
