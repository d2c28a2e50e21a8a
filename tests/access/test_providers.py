"""Identity providers of an authority: two people, secrets that only go in, addresses that may be asked."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.access.models import IdentityProvider
from portal.access.operations import providers
from portal.access.operations.authorities import ChangedMeanwhile
from portal.access.operations.providers import KeyTaken, ProviderDetails, SamePerson
from portal.access.policy import Role
from portal.access.queries.identity import SEALED_FOR, sign_in_choices
from portal.access.rules.identity import (
    Levels,
    NoFiscalNumber,
    fiscal_number_of,
    is_address_of_provider,
    masked_fiscal_number,
    name_of,
    valid_issuer,
)
from portal.core.audit import AuditEvent
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.core.secrets import unseal
from portal.core.unit_of_work import refusal_for
from tests.factories.base import as_actor, make_authority, make_staff, sign_in
from tests.factories.provider import MARTA, make_provider

HERE = "/admin/authorities/bari"
ISSUER = "https://spid.bari.example"
SECRET = "a secret of the provider"
DETAILS = {
    "key": "spid", "name": "SPID", "issuer": ISSUER, "client_id": "vivaio", "acr_values": "", "strong_acr": "",
    "fiscal_claim": "fiscal_number",
}  # fmt: skip


@pytest.fixture
def two(session, now):
    """An authority and two of its administrators."""
    authority = make_authority(session)
    made = [make_staff(session, authority, Role.ADMINISTRATOR, now=now) for _ in range(2)]
    return [as_actor(session, person, now=now) for person in made]


def add(session, actor, now, *, secret=SECRET, may_be_local=False, **changes):
    return providers.add_provider(
        session, authority_code="bari", details=ProviderDetails(**(DETAILS | changes)), secret=secret,
        may_be_local=may_be_local, actor=actor, now=now,
    )  # fmt: skip


def change(session, row, actor, now, *, secret="", version=None, **changes):
    return providers.change_provider(
        session, authority_code="bari", provider_id=row.id, details=ProviderDetails(**(DETAILS | changes)),
        secret=secret, may_be_local=False, version_seen=version or row.version, actor=actor, now=now,
    )  # fmt: skip


def enable(session, row, actor, now):
    return providers.enable_provider(
        session, authority_code="bari", provider_id=row.id, version_seen=row.version, actor=actor, now=now
    )


# ---- what may be written ----


@pytest.mark.parametrize(
    ("address", "local", "may"),
    [
        ("https://spid.bari.example", False, True), ("https://spid.bari.example/realm", False, True),
        ("http://spid.bari.example", True, False), ("https://localhost", False, False),
        ("http://localhost:8080", True, True), ("http://localhost:8080", False, False),
        ("https://127.0.0.1", True, False), ("https://169.254.169.254/x", True, False), ("https://[::1]/", True, False),
        ("https://2130706433", False, False), ("https://intranet", False, False), ("ftp://a.example", True, False),
        ("https://u:p@a.example", False, False), ("https://a.example#x", False, False), ("//a.example", True, False),
        ("https://a.example/\n", True, False), ("https://è.example", False, False), ("https://a.eu:x", True, False),
        ("", True, False), ("javascript:alert(1)", True, False), ("https://localhost.evil.example", False, True),
    ],
)  # fmt: skip
def test_only_names_over_tls_are_asked_and_this_machine_outside_production_alone(address, local, may):
    assert is_address_of_provider(address, may_be_local=local) is may


@pytest.mark.parametrize("issuer", ["https://a.example?x=1", "spid", "https://10.0.0.1"])
def test_an_issuer_that_may_not_be_asked_is_named(issuer):
    with pytest.raises(Invalid) as refused:
        valid_issuer(issuer, may_be_local=True)
    assert refused.value.field == "issuer"


@pytest.mark.parametrize("value", [MARTA, f"TINIT-{MARTA}", f" tinit-{MARTA.lower()} ", "RSSMRA85T1LA562V"])
def test_a_fiscal_number_is_read_with_and_without_its_prefix(value):
    assert fiscal_number_of(value) in (MARTA, "RSSMRA85T1LA562V")


@pytest.mark.parametrize(
    "value", [None, "", 7, [MARTA], "TINIT-", f"TINDE-{MARTA}", "RSSMRA85T50A562X", "R S", "ＲＳＳ"]
)
def test_a_wrong_fiscal_number_is_refused(value):
    with pytest.raises(NoFiscalNumber):
        fiscal_number_of(value)


def test_levels_that_count_as_strong_are_enough_whatever_was_asked():
    levels = Levels(asked="L2", strong="L2 L3")
    assert [levels.accepts(acr) for acr in ("L1", "L2", "L3", "")] == [False, True, True, False]
    assert [levels.is_strong(acr) for acr in ("L1", "L3", "")] == [False, True, False]
    assert Levels("", "").accepts("") is True


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"given_name": "Marta", "family_name": " Rossi "}, "Marta Rossi"), ({"name": "Marta\u202e R."}, "Marta R."),
        ({"given_name": ["x"], "name": 7}, ""), ({"name": "x" * 300}, "x" * 200), ({"given_name": "\ud800"}, ""),
    ],
)  # fmt: skip
def test_a_name_is_one_clean_line(claims, name):
    assert name_of(claims) == name
    assert masked_fiscal_number(MARTA) == "RSSM…562W"


# ---- two people ----


def test_whoever_wrote_a_provider_does_not_enable_it(session, two, now):
    row = add(session, two[0], now)
    with pytest.raises(SamePerson):
        enable(session, row, two[0], now)
    assert sign_in_choices(session) == []
    enable(session, row, two[1], now)
    assert [each.providers for each in sign_in_choices(session)] == [[row]]
    told = select(AuditEvent.after).where(AuditEvent.subject_id == row.id)
    assert SECRET not in str(session.scalars(told).all())


def test_the_database_knows_it_too(session, two, now):
    row = add(session, two[0], now)
    alone = {"enabled_by": row.edited_by, "is_enabled": True}
    with pytest.raises(IntegrityError) as refused:
        session.execute(update(IdentityProvider).where(IdentityProvider.id == row.id).values(**alone))
    assert isinstance(refusal_for(refused.value), SamePerson)


def test_any_change_disables_it_until_another_one_has_looked(session, two, now):
    row = enable(session, add(session, two[0], now), two[1], now)
    change(session, row, two[1], now)
    assert row.is_enabled
    change(session, row, two[1], now, issuer="https://other.example")
    assert (row.is_enabled, row.enabled_by, row.edited_by) == (False, None, two[1].person_id)
    with pytest.raises(SamePerson):
        enable(session, row, two[1], now)
    with pytest.raises(ChangedMeanwhile):
        change(session, row, two[1], now, version=1, name="CIE")
    assert unseal(row.sealed_secret, purpose=SEALED_FOR) == SECRET
    change(session, row, two[0], now, issuer="https://other.example", secret="a new one")
    assert unseal(row.sealed_secret, purpose=SEALED_FOR) == "a new one"


def test_a_short_name_is_taken_once(session, two, now):
    add(session, two[0], now)
    with pytest.raises(IntegrityError) as refused:
        add(session, two[0], now)
    assert isinstance(refusal_for(refused.value), KeyTaken)


@pytest.mark.parametrize("wrong", ["key", "name", "issuer", "client_id", "fiscal_claim", "secret"])
def test_what_is_missing_is_named(session, two, now, wrong):
    with pytest.raises(Invalid) as refused:
        add(session, two[0], now, **{wrong: ""})
    assert refused.value.field == wrong


def test_administrators_of_another_authority_do_not_know_of_it(session, two, now):
    row = add(session, two[0], now)
    other = make_authority(session, code="venezia", name="Comune di Venezia")
    foreign = as_actor(session, make_staff(session, other, Role.ADMINISTRATOR, now=now), now=now)
    with pytest.raises(NotFound):
        enable(session, row, foreign, now)
    with pytest.raises(Forbidden):
        add(session, foreign, now, key="cie")
    with pytest.raises(NotFound):
        providers.enable_provider(
            session, authority_code="venezia", provider_id=row.id, version_seen=1, actor=two[1], now=now
        )


# ---- the pages ----


def test_a_provider_is_written_by_one_and_enabled_by_the_other(page, visitors, store, now):
    with store() as session:
        authority = make_authority(session)
        emails = [make_staff(session, authority, Role.ADMINISTRATOR, now=now).email for _ in range(2)]
    first, second = (sign_in(who, email) for who, email in zip((page, visitors()), emails, strict=True))
    given = {"key": "spid", "name": "SPID", "issuer": ISSUER, "client_id": "vivaio", "fiscal_claim": "fiscal_number"}
    first.get(f"{HERE}/providers/new").submit("#provider", 422, **given, secret="")
    assert first.field("issuer").get("value") == ISSUER
    first.submit("#provider", secret=SECRET)
    assert not first.tree.xpath("//form[contains(@action, '/enable')]")
    [action] = second.get(HERE).tree.xpath("//form[contains(@action, '/enable')]/@action")
    second.submit(action)
    assert visitors().get("/sign-in").tree.xpath("//a[@href='/sign-in/with/bari/spid']")
    with store() as session:
        row = session.scalars(select(IdentityProvider)).one()
    shown = second.get(f"{HERE}/providers/{row.id}")
    assert (SECRET in shown.html, row.sealed_secret in shown.html) == (False, False)
    shown.submit("#provider", name="SPID nuovo")
    assert not visitors().get("/sign-in").tree.xpath("//a[contains(@href, '/sign-in/with/')]")


def test_a_second_click_writes_one_provider(page, store, now):
    with store() as session:
        authority = make_authority(session)
        email = make_staff(session, authority, Role.ADMINISTRATOR, now=now).email
    form = sign_in(page, email).get(f"{HERE}/providers/new").html
    for _ in range(2):
        page.html = form
        page.submit("#provider", **(DETAILS | {"secret": SECRET}))
    with store() as session:
        assert session.scalar(select(func.count(IdentityProvider.id))) == 1


def test_the_address_for_answers_is_told_to_administrators(page, store, now):
    with store() as session:
        authority = make_authority(session)
        make_provider(session, authority, ISSUER)
        email = make_staff(session, authority, Role.ADMINISTRATOR, now=now).email
    assert sign_in(page, email).get(HERE).shows("http://localhost/sign-in/with/answer")
