"""Organisations that look alike: found whatever the order, told with reasons, decided by officers, never merged."""

import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access.models import LikenessVerdict, Organisation
from portal.access.operations.likeness import OwnPair, decide_likeness
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Role, Tie
from portal.access.queries.likeness import known_traits, likeness_count, likeness_page, pair_page
from portal.access.rules import Likeness
from portal.access.rules.likeness import (
    POINTS_OF_A_DUPLICATE,
    Reason,
    Traits,
    clusters,
    resemblance,
    resembling,
    resembling_one,
    similarity,
)
from portal.access.rules.names import telling
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, NotFound
from tests.factories.base import join, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.organisations import IBAN, make_known

LIST = 8
WORDS = ["ponte", "orto", "cortile", "Largo", "bici", "càsa", "APS", "associazione", "il", "san"]
KEYS = st.integers(0, 5).map(lambda n: UUID(int=n))
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
few = st.sampled_from(["", "a", "b"])
traits = st.builds(
    Traits, id=st.integers(1, 40).map(lambda n: UUID(int=n)), name=names, representative=names,
    codes=st.frozensets(st.sampled_from(["1", "2"]), max_size=1), website=few, street=few, city=few,
    email=st.sampled_from(["", "a@x.it", "b@x.it", "a@gmail.com"]),
    phone=st.sampled_from(["", "080 1234567", "+390801234567", "7"]),
    representative_id=st.none() | KEYS, people=st.frozensets(KEYS.map(str), max_size=2),
    accounts=st.frozensets(st.sampled_from(["x", "y"]), max_size=1),
    parts=st.frozensets(KEYS.map(lambda key: key.hex), max_size=1),
)  # fmt: skip


@given(traits, traits)
def test_a_pair_looks_alike_in_either_order(one, other):
    assert resemblance(one, other) == resemblance(other, one)
    assert resemblance(one, one) is None


@given(st.lists(st.text(max_size=8), max_size=4).map(tuple), st.lists(st.text(max_size=8), max_size=4).map(tuple))
def test_names_are_compared_in_either_order(here, there):
    assert similarity(here, there) == similarity(there, here)


@given(st.lists(traits, max_size=12, unique_by=lambda each: each.id), st.randoms())
def test_the_order_of_organisations_changes_nothing(everybody, lot):
    shuffled = everybody[:]
    lot.shuffle(shuffled)
    assert resembling(shuffled) == resembling(everybody)
    assert clusters(reversed(resembling(shuffled))) == clusters(resembling(everybody))


@given(st.lists(traits, max_size=12, unique_by=lambda each: each.id))
def test_looking_for_one_finds_what_looking_for_all_finds(everybody):
    for subject in everybody[:3]:
        mine = [pair for pair in resembling(everybody) if subject.id in (pair.first_id, pair.second_id)]
        assert resembling_one(subject, everybody) == mine


@given(st.lists(traits, max_size=10, unique_by=lambda each: each.id))
def test_keys_in_common_miss_no_pair_that_looks_alike(everybody):
    """What is compared pair by pair, and what is compared only where a key is shared, agree."""
    every = {(a.id, b.id): found for a in everybody for b in everybody if a.id < b.id and (found := resemblance(a, b))}
    assert {(pair.first_id, pair.second_id): pair for pair in resembling(everybody)} == every


@given(st.lists(traits, max_size=14, unique_by=lambda each: each.id))
def test_no_organisation_stands_in_two_clusters(everybody):
    held = [key for cluster in clusters(resembling(everybody)) for key in cluster.ids]
    assert len(held) == len(set(held))


def some(number: int, name: str, **more: Any) -> Traits:
    return Traits(id=UUID(int=number), name=name, **more)


SEVEN = frozenset({"7"})


@pytest.mark.parametrize(
    ("here", "there", "shared", "reason"),
    [
        ("Il Ponte APS", "Associazione Ponte", {"city": "Bari", "street": "via Sparano, 10"}, Reason.SAME_SEAT),
        ("Punto Croce Largo", "Punto Crocé Larghi", {"city": "bari"}, Reason.LIKE_NAME),
        ("Alfa", "Beta", {"codes": frozenset({"1"})}, Reason.SAME_CODE),
        ("Alfa", "Beta", {"accounts": frozenset({"x"})}, Reason.SAME_ACCOUNT),
        ("Alfa", "Beta", {"people": SEVEN}, Reason.SHARED_PEOPLE),
        ("Alfa", "Beta", {"city": "Bari", "representative": "Ada De Luca"}, Reason.NAMESAKE_REPRESENTATIVE),
        ("Alfa", "Beta", {"representative_id": UUID(int=7)}, Reason.SAME_REPRESENTATIVE),
        ("Alfa", "Beta", {"email": "a@alfa.it"}, Reason.SAME_EMAIL),
    ],
)
def test_what_makes_two_look_alike_is_told(here, there, shared, reason):
    found = resemblance(some(1, here, **shared), some(2, there, **shared))
    assert found is not None
    assert reason in found.reasons
    assert found.is_duplicate == (sum(POINTS_OF_A_DUPLICATE[each] for each in found.reasons) >= 50 and bool(
        {Reason.SAME_CODE, Reason.SAME_NAME, Reason.LIKE_NAME} & {*found.reasons}
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"name": "Alfa", "email": "a@gmail.com"}, {"name": "Beta", "email": "b@gmail.com"}),
        ({"name": "Alfa", "email": "a@x.it"}, {"name": "Beta", "email": "b@x.it"}),
        ({"name": "Alfa", "city": "Bari"}, {"name": "Beta", "city": "Bari"}),
        ({"name": "Associazione sociale"}, {"name": "Gruppo informale"}),
        ({"name": "Insieme", "people": SEVEN, "parts": frozenset({UUID(int=2).hex})},
         {"name": "Alfa", "people": SEVEN}),
    ],
)  # fmt: skip
def test_too_little_in_common_is_not_told(here, there):
    assert resemblance(some(1, **here), some(2, **there)) is None


def test_a_name_is_what_tells_it_from_others():
    assert telling("Associazione “Il Ponte” APS") == telling("PONTE, ets") == ("ponte",)
    assert telling("Associazione di promozione sociale") == ("associazione", "di", "promozione", "sociale")


def test_five_thousand_are_compared_by_what_they_share():
    """Not every pair is looked at: a word of every name, a seat of fifty, cost nothing."""
    lot = random.Random(5)
    made = ["".join(lot.choice("bcdlmnprstv") + lot.choice("aeio") for _ in range(3)) for _ in range(2000)]
    everybody = [
        some(n, f"Associazione {' '.join(lot.sample(made, 2))} insieme", street=f"via {lot.choice(made)} {n % 90}",
             city=lot.choice(["Bari", "Torino"]), people=frozenset({str(n)}))
        for n in range(1, 5001)
    ]  # fmt: skip
    twins = [replace(each, id=UUID(int=90_000 + n), people=frozenset()) for n, each in enumerate(everybody[:50])]
    found = {(pair.first_id, pair.second_id) for pair in resembling([*everybody, *twins])}
    assert {(each.id, twin.id) for each, twin in zip(everybody, twins, strict=False)} <= found


# ---- what an authority knows ----


@pytest.fixture
def known(session, now):
    """Two organisations known to the authority that share seat, account and a member."""
    world = make_known(session, now=now)
    world.verify(world.propose())
    world.twin = twin_of(world)
    return world


def twin_of(world) -> Organisation:
    """A second organisation with the same name, seat, account and owner."""
    twin = make_organisation(world.session, now=world.now, owner=world.owner, name="PONTE (ets)")
    know_organisation(world.session, organisation_id=twin.id, authority_id=world.authority.id, now=world.now)
    first, world.organisation = world.organisation, twin
    world.propose()
    world.organisation = first
    world.session.flush()
    return twin


def decide(known, likeness=Likeness.LINKED, *, by=None, pair=None, code="bari", note="Visti insieme"):
    return decide_likeness(
        known.session, authority_code=code, pair=pair or (known.organisation.id, known.twin.id), likeness=likeness,
        note=note, **known.by(by or known.officer),
    )  # fmt: skip


def test_reasons_are_found_in_what_the_portal_knows_and_no_account_number_is_among_them(known):
    page = likeness_page(known.session, known.actor(known.officer), None)
    (pair,) = page.clusters[0].pairs
    assert {Reason.SAME_NAME, Reason.SAME_SEAT, Reason.SAME_ACCOUNT, Reason.SHARED_PEOPLE} <= {*pair.reasons}
    assert pair.is_duplicate
    assert page.people == {known.owner.id.hex: "Marta Rossi"}
    assert IBAN not in repr(known_traits(known.session, known.authority.id))


def test_nothing_of_another_authority_is_compared(known, now):
    elsewhere = make_authority(known.session, code="venezia", name="Comune di Venezia")
    stranger = make_staff(known.session, elsewhere, Role.OFFICER, now=now)
    assert likeness_page(known.session, known.actor(stranger), None).total == 0
    know_organisation(known.session, organisation_id=known.twin.id, authority_id=elsewhere.id, now=now)
    assert likeness_page(known.session, known.actor(stranger), None).total == 0
    pair = (known.organisation.id, known.twin.id)
    for code in ("bari", "venezia", "nessuno"):
        with pytest.raises(NotFound):
            pair_page(known.session, code, pair, known.actor(stranger))
        with pytest.raises(NotFound):
            likeness_page(known.session, known.actor(known.owner), code)


def test_an_officers_word_is_kept_and_may_be_taken_back(known):
    verdict = decide(known)
    assert verdict.first_id < verdict.second_id
    page = likeness_page(known.session, known.actor(known.officer), "bari")
    assert (page.total, len(page.verdicts)) == (0, 1)
    assert likeness_count(known.session, known.twin.id, known.authority.id) == 0
    decide(known, Likeness.DIFFERENT, pair=(known.twin.id, known.organisation.id), note="")
    (kept,) = known.session.query(LikenessVerdict).all()
    assert (kept.likeness, kept.note) == (Likeness.DIFFERENT, "")
    first, second = known.session.query(AuditEvent).filter_by(event="likeness.decide").order_by(AuditEvent.sequence)
    assert first.after["likeness"] == "linked"
    assert second.before == {"likeness": "linked", "note": "Visti insieme"}


def test_nothing_is_merged(known):
    before = [(each.id, each.name, each.version) for each in known.session.query(Organisation)]
    decide(known, Likeness.SAME)
    assert [(each.id, each.name, each.version) for each in known.session.query(Organisation)] == before


def test_only_officers_decide_and_never_on_their_own_organisation(known, now):
    auditor = make_person(known.session, now=now, roles=(Role.AUDITOR,), authority=known.authority)
    assert likeness_page(known.session, known.actor(auditor), None).total == 1
    for stranger in (auditor, known.maker, known.owner):
        with pytest.raises((NotFound, Forbidden)):
            decide(known, by=stranger)
    join(known.session, known.officer, known.twin, Tie.VIEWER, now=now)
    with pytest.raises(OwnPair):
        decide(known)


# ---- through the pages ----


def test_an_officer_reads_compares_and_says_within_eight_statements(page, store, now, statements):
    with store() as session:
        known = make_known(session, now=now)
        known.verify(known.propose())
        twin_of(known)
    sign_in(page, known.officer.email)
    with statements() as sent:
        page.get("/manage/likeness")
    assert len(sent) <= LIST, sent
    assert page.shows("Marta Rossi")
    with statements() as sent:
        page.get(page.tree.xpath("//article//a[contains(@href, '/manage/likeness/')]/@href")[0])
    assert len(sent) <= 12
    assert IBAN not in page.html
    page.submit("#likeness", 422, note="Senza dire che cosa sono")
    assert page.field("note").get("value") == "Senza dire che cosa sono"
    page.submit("#likeness", likeness="same", note="Stessa associazione")
    assert page.shows("Stessa associazione")
    assert not page.tree.xpath("//article")
