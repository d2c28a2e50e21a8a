"""Which organisations may be the same one twice, or linked to each other, and why. Pure: nothing is ever merged.

A pair is judged by what both say of themselves; the result does not depend on the order of the two, nor on the order
in which organisations are given. Only pairs that share some key are compared, so that thousands take a second.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from uuid import UUID

from portal.access.rules.names import MAILBOXES, plain, telling


class Reason(StrEnum):
    """Why two organisations look alike."""

    SAME_CODE = "same_code"
    SAME_NAME = "same_name"
    LIKE_NAME = "like_name"
    SAME_ACCOUNT = "same_account"
    SAME_REPRESENTATIVE = "same_representative"
    NAMESAKE_REPRESENTATIVE = "namesake_representative"
    SHARED_PEOPLE = "shared_people"
    SAME_SEAT = "same_seat"
    SAME_EMAIL = "same_email"
    SAME_PHONE = "same_phone"
    SAME_WEBSITE = "same_website"
    SAME_CITY = "same_city"
    SAME_DOMAIN = "same_domain"


R = Reason
POINTS_OF_A_DUPLICATE = {
    R.SAME_CODE: 100, R.SAME_NAME: 60, R.LIKE_NAME: 40, R.SAME_SEAT: 25, R.SAME_EMAIL: 25, R.SAME_WEBSITE: 20,
    R.SAME_REPRESENTATIVE: 20, R.NAMESAKE_REPRESENTATIVE: 15, R.SAME_PHONE: 15, R.SAME_ACCOUNT: 25, R.SAME_CITY: 10,
    R.SHARED_PEOPLE: 15, R.SAME_DOMAIN: 5,
}  # fmt: skip
POINTS_OF_A_LINK = {
    R.SAME_ACCOUNT: 70, R.SAME_REPRESENTATIVE: 60, R.SHARED_PEOPLE: 60, R.SAME_SEAT: 50, R.SAME_EMAIL: 50,
    R.SAME_PHONE: 40, R.NAMESAKE_REPRESENTATIVE: 40, R.SAME_WEBSITE: 40, R.SAME_CITY: 10, R.SAME_DOMAIN: 10,
}  # fmt: skip
ENOUGH = 50
"""Points from which a pair is shown; a duplicate also needs a name or a code in common."""
IDENTIFYING = frozenset({R.SAME_CODE, R.SAME_NAME, R.LIKE_NAME})
LIKE = 0.82
MOST_IN_A_BLOCK = 50
"""A word, a seat or a domain that more organisations share says nothing of two of them."""
SHORTEST_WORD = 3
EDGE = 6
MOST_PAIRS = 12


@dataclass(frozen=True)
class Traits:
    """What is compared of an organisation. `accounts` are fingerprints: no account number comes here."""

    id: UUID
    name: str
    codes: frozenset[str] = frozenset()
    email: str = ""
    phone: str = ""
    website: str = ""
    street: str = ""
    city: str = ""
    representative: str = ""
    representative_id: UUID | None = None
    people: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    """The keys of the partners (hexadecimal), where it is a consortium: that link is known."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The telling words of its name."""
        return telling(self.name)

    @cached_property
    def seat(self) -> str:
        """Street and city, or nothing where one is missing."""
        street, city = plain(self.street), self.town
        return f"{street}, {city}" if street and city else ""

    @cached_property
    def town(self) -> str:
        """The city."""
        return plain(self.city)

    @cached_property
    def speaker(self) -> str:
        """The name of the legal representative, whatever the order of its words."""
        return " ".join(sorted(plain(self.representative).split()))

    @cached_property
    def line(self) -> str:
        """The last nine digits of the telephone number: the prefix may be written or not."""
        return re.sub(r"\D", "", self.phone)[-9:]

    @cached_property
    def host(self) -> str:
        """The host of its website."""
        found = re.sub(r"^[a-z]+://(www\.)?", "", self.website.casefold())
        return found.split("/")[0].split(":")[0]

    @cached_property
    def domain(self) -> str:
        """What follows the @ of its address, unless anybody may have an address there."""
        domain = self.email.rpartition("@")[2].casefold()
        return "" if domain in MAILBOXES else domain


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Two organisations that look alike, smaller key first: points, reasons, the people they share."""

    first_id: UUID
    second_id: UUID
    points: int
    is_duplicate: bool
    reasons: tuple[Reason, ...]
    people: tuple[str, ...]


def resemblance(one: Traits, other: Traits) -> Resemblance | None:
    """Why two organisations look alike, or None where too little says so."""
    if one.id == other.id or one.id.hex in other.parts or other.id.hex in one.parts:
        return None
    first, second = (one, other) if one.id < other.id else (other, one)
    found = frozenset(_reasons(first, second))
    reasons = tuple(reason for reason in Reason if reason in found)
    twice = sum(POINTS_OF_A_DUPLICATE[reason] for reason in reasons) if IDENTIFYING & found else 0
    linked = sum(POINTS_OF_A_LINK.get(reason, 0) for reason in reasons)
    if max(twice, linked) < ENOUGH:
        return None
    return Resemblance(
        first_id=first.id,
        second_id=second.id,
        points=max(twice, linked),
        is_duplicate=twice >= ENOUGH,
        reasons=reasons,
        people=tuple(sorted(first.people & second.people)),
    )


def _reasons(first: Traits, second: Traits) -> Iterator[Reason]:
    same = {
        R.SAME_SEAT: (first.seat, second.seat),
        R.SAME_CITY: (first.town, second.town),
        R.SAME_EMAIL: (first.email, second.email),
        R.SAME_PHONE: (first.line, second.line),
        R.SAME_WEBSITE: (first.host, second.host),
        R.SAME_REPRESENTATIVE: (first.representative_id, second.representative_id),
        R.NAMESAKE_REPRESENTATIVE: (first.speaker, second.speaker),
    }
    found = {reason for reason, (here, there) in same.items() if here and here == there}
    if R.SAME_REPRESENTATIVE in found:
        found.discard(R.NAMESAKE_REPRESENTATIVE)
    if first.domain and first.domain == second.domain and R.SAME_EMAIL not in found:
        found.add(R.SAME_DOMAIN)
    shared = {R.SAME_CODE: "codes", R.SAME_ACCOUNT: "accounts", R.SHARED_PEOPLE: "people"}
    found |= {reason for reason, name in shared.items() if getattr(first, name) & getattr(second, name)}
    yield from found
    if first.words == second.words:
        yield R.SAME_NAME
    elif _could_count(found) and similarity(first.words, second.words) >= LIKE:
        yield R.LIKE_NAME


def _could_count(found: set[Reason]) -> bool:
    """Whether a like name would make a difference: comparing names letter by letter is dear."""
    twice = sum(POINTS_OF_A_DUPLICATE[reason] for reason in found)
    return twice + POINTS_OF_A_DUPLICATE[R.LIKE_NAME] >= ENOUGH


def similarity(here: tuple[str, ...], there: tuple[str, ...]) -> float:
    """How alike two sets of telling words are, from 0 to 1, in either order; 0 where it is below LIKE by far."""
    first, second = sorted((" ".join(here), " ".join(there)))
    if 2 * min(len(first), len(second)) < LIKE * (len(first) + len(second)):
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= LIKE else 0.0


def _weak_keys(traits: Traits) -> Iterator[tuple[str, object]]:
    """What many may share; blocks that grow too large are left out."""
    whole = "".join(traits.words)
    yield from (("word", word) for word in traits.words if len(word) >= SHORTEST_WORD)
    yield from (("words", pair) for pair in combinations(traits.words[:6], 2))
    if len(whole) >= EDGE:
        yield from (("begins", whole[:EDGE]), ("ends", whole[-EDGE:]))
    named = {"seat": traits.seat, "speaker": traits.speaker, "host": traits.host}
    yield from ((name, value) for name, value in named.items() if value)


def _strong_keys(traits: Traits) -> Iterator[tuple[str, object]]:
    """What hardly two organisations share by chance; these blocks are never left out."""
    yield from (("code", code) for code in traits.codes)
    yield from (("account", account) for account in traits.accounts)
    yield from (("person", person) for person in traits.people)
    named = {"name": traits.words, "representative": traits.representative_id, "email": traits.email,
             "line": traits.line}  # fmt: skip
    yield from ((name, value) for name, value in named.items() if value)


def _blocks(everybody: Iterable[Traits]) -> Iterator[list[Traits]]:
    weak: dict[tuple[str, object], list[Traits]] = defaultdict(list)
    strong: dict[tuple[str, object], list[Traits]] = defaultdict(list)
    for traits in everybody:
        for key in frozenset(_weak_keys(traits)):
            weak[key].append(traits)
        for key in frozenset(_strong_keys(traits)):
            strong[key].append(traits)
    yield from (block for block in weak.values() if len(block) <= MOST_IN_A_BLOCK)
    yield from strong.values()


def resembling(everybody: Sequence[Traits]) -> list[Resemblance]:
    """Every pair that looks alike, the most alike first."""
    by_id = {traits.id: traits for traits in everybody}
    pairs = {
        (min(one.id, other.id), max(one.id, other.id))
        for block in _blocks(by_id.values())
        for one, other in combinations(block, 2)
    }
    found = [resemblance(by_id[one], by_id[other]) for one, other in pairs]
    return sorted((each for each in found if each), key=lambda each: (-each.points, each.first_id, each.second_id))


def resembling_one(subject: Traits, everybody: Iterable[Traits]) -> list[Resemblance]:
    """The pairs of one organisation alone, the most alike first."""
    keys = frozenset([*_weak_keys(subject), *_strong_keys(subject)])
    near = [each for each in everybody if not keys.isdisjoint([*_weak_keys(each), *_strong_keys(each)])]
    found = [resemblance(subject, each) for each in near]
    return sorted((each for each in found if each), key=lambda each: (-each.points, each.first_id, each.second_id))


@dataclass(frozen=True, slots=True)
class Cluster:
    """Organisations that hang together by pairs that look alike."""

    ids: tuple[UUID, ...]
    pairs: tuple[Resemblance, ...]

    @property
    def shown(self) -> tuple[Resemblance, ...]:
        """Its strongest pairs: where dozens hang together, these tell why."""
        return self.pairs[:MOST_PAIRS]


def clusters(pairs: Iterable[Resemblance]) -> list[Cluster]:
    """Pairs grouped so that no organisation stands in two groups, the strongest group first."""
    ordered = sorted(pairs, key=lambda each: (-each.points, each.first_id, each.second_id))
    leads: dict[UUID, UUID] = {}

    def head(key: UUID) -> UUID:
        while (lead := leads.setdefault(key, key)) != key:
            leads[key] = leads.setdefault(lead, lead)
            key = lead
        return key

    for pair in ordered:
        first, second = sorted((head(pair.first_id), head(pair.second_id)))
        leads[second] = first
    gathered: dict[UUID, list[Resemblance]] = defaultdict(list)
    for pair in ordered:
        gathered[head(pair.first_id)].append(pair)
    return [Cluster(_ids(held), tuple(held)) for held in gathered.values()]


def _ids(pairs: Iterable[Resemblance]) -> tuple[UUID, ...]:
    return tuple(sorted({key for pair in pairs for key in (pair.first_id, pair.second_id)}))
