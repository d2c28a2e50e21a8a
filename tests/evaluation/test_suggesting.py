"""What two sides have in common: only what was said counts, and the order of nothing matters."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portal.access.rules.names import MAILBOXES
from portal.evaluation.suggesting import (
    Applicant,
    Likeness,
    Place,
    Somebody,
    codes_in,
    domain_of,
    domains_in,
    likenesses,
)

L = Likeness
KEYS = [UUID(int=each) for each in range(1, 7)]
keys = st.frozensets(st.sampled_from(KEYS), max_size=3)
codes = st.frozensets(st.sampled_from(["RSSMRA80A01A662S", "80015010723", "00514490010"]), max_size=2)
places = st.sampled_from(
    [Place(), Place("Via Sparano 10", "Bari"), Place("via sparano, 10", "BARI"), Place("Corso 1", "")]
)
people = st.sampled_from(["Anna Rossi", "De Luca Maria", "Piero", "Sara Bianchi Rossi", ""])
domains = st.sampled_from(["", "uniba.it", "gmail.com", "prova.example"])
somebody = st.builds(
    Somebody, name=people, email=domains.map(lambda each: f"a@{each}" if each else ""), codes=codes, home=places,
    organisations=st.sampled_from(["", "Associazione Il Ponte ETS\n00514490010"]), member_of=keys, was_member_of=keys,
    coaches=keys,
)  # fmt: skip
applicant = st.builds(
    Applicant, organisation=st.sampled_from(KEYS), names=st.just(("Il Ponte",)), partners=keys, partner_codes=codes,
    codes=codes, domains=st.frozensets(domains.map(lambda each: domain_of(f"a@{each}"))),
    places=st.tuples(places), people=st.lists(st.tuples(people, places), max_size=2).map(tuple), others=keys,
)  # fmt: skip
ONE = Somebody(name="Anna Rossi")
OTHER = Applicant(organisation=KEYS[0], names=("Associazione Il Ponte ETS",))


@given(somebody, applicant)
def test_whoever_says_nothing_of_themselves_has_nothing_in_common(one, other):
    silent = Somebody(name=one.name)
    assert likenesses(silent, other) == frozenset()
    assert likenesses(one, Applicant(organisation=UUID(int=99), names=())) == frozenset()


@given(somebody, applicant, keys, codes)
def test_saying_more_never_takes_a_likeness_away(one, other, more, code):
    found = likenesses(one, other)
    assert found <= likenesses(replace(one, coaches=one.coaches | more, codes=one.codes | code), other)
    assert found <= likenesses(one, replace(other, partners=other.partners | more, codes=other.codes | code))


@given(somebody, applicant)
def test_neither_order_nor_spelling_of_places_and_people_matters(one, other):
    turned = replace(other, people=other.people[::-1], places=other.places[::-1], names=other.names[::-1])
    louder = replace(one, name=one.name.upper(), home=Place(one.home.street.upper(), one.home.city.upper()))
    assert likenesses(one, other) == likenesses(one, turned) == likenesses(louder, turned)


@given(somebody, applicant)
def test_the_family_name_needs_the_same_address_and_is_found_with_it(one, other):
    found = likenesses(one, other)
    if L.FAMILY_AND_ADDRESS in found:
        assert one.home.compared in {where.compared for _name, where in other.people}
    if not one.home.compared:
        assert not found & {L.ADDRESS, L.FAMILY_AND_ADDRESS}


def test_each_likeness_by_its_example():
    home = Place("Via Sparano, 10", "Bari")
    cases = [
        (replace(ONE, member_of=frozenset(KEYS[:1])), OTHER, {L.MEMBER}),
        (replace(ONE, was_member_of=frozenset(KEYS[:1])), OTHER, {L.FORMER_MEMBER}),
        (replace(ONE, was_member_of=frozenset(KEYS[1:2])), replace(OTHER, partners=frozenset(KEYS[1:2])), {L.PARTNER}),
        (replace(ONE, organisations="il ponte, associazione"), OTHER, {L.NAMED_ORGANISATION}),
        (replace(ONE, organisations="00514490010"), replace(OTHER, partner_codes=frozenset({"00514490010"})),
         {L.NAMED_ORGANISATION}),
        (replace(ONE, codes=frozenset({"RSSNNA80A41A662X"})), replace(OTHER, codes=frozenset({"RSSNNA80A41A662X"})),
         {L.FISCAL_CODE}),
        (replace(ONE, email="anna@UNIBA.it"), replace(OTHER, domains=frozenset({"uniba.it"})), {L.EMAIL_DOMAIN}),
        (replace(ONE, home=home), replace(OTHER, places=(Place("via sparano 10", "bari"),)), {L.ADDRESS}),
        (replace(ONE, coaches=frozenset(KEYS[2:3])), replace(OTHER, others=frozenset(KEYS[2:3])), {L.COACH}),
        (replace(ONE, home=home), replace(OTHER, people=(("ROSSI Piero", home),)), {L.FAMILY_AND_ADDRESS}),
        (replace(ONE, home=home), replace(OTHER, people=(("Anna Verdi", home),)), set()),
    ]  # fmt: skip
    for one, other, expected in cases:
        assert likenesses(one, other) == expected


def test_mailboxes_of_everybody_and_addresses_of_nobody_say_nothing():
    assert not any(domain_of(f"anna@{each}") for each in (*MAILBOXES, "prova.example", "example.org", "localhost"))
    assert domains_in(["Scrivere a Info@Ponte.org, oppure a b@gmail.com."]) == {"ponte.org"}
    assert codes_in("il sottoscritto rssmra80a01a662s, nato") == {"RSSMRA80A01A662S"}
