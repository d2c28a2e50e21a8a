"""Every column says whether it is personal; what the tags promise can be kept by the tables they stand on."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Engine, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Uuid, text

from portal.core.db import Base, UtcDateTime
from portal.core.privacy import PURPOSES, impersonal, personal
from portal.core.privacy.nature import IMPERSONAL_NAMES, Nature, holding_of, nature_of, tables, tags_of, untagged
from portal.core.privacy.register import register
from portal.core.privacy.tags import Match, Personal
from portal.core.privacy.treatment import Fate
from portal.core.privacy.words import FIELDS

pytestmark = pytest.mark.usefixtures("app")
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
Tagged = list[tuple[Table, Column[Any], Personal]]


@pytest.fixture
def tagged(app: Flask) -> Tagged:
    """Every personal column of the house."""
    return [(table, column, tag) for table in tables(Base.metadata) for column, tag in tags_of(table)]


@pytest.fixture
def triggers(engines: Callable[[str], Engine]) -> set[str]:
    with engines("sqlite").connect() as connection:
        return set(connection.scalars(text(TRIGGERS)))


def test_every_column_says_whether_it_is_personal():
    assert list(untagged(Base.metadata)) == []


ADDED: dict[str, Any] = {
    "phone": String(40), "nickname": String(10), "diary": LargeBinary(), "birth_year": Integer(), "gender": Integer(),
    "born_on": UtcDateTime(),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDED)
def test_a_column_that_somebody_adds_without_a_tag_is_named(name):
    world = MetaData()
    Table("visitor", world, Column("id", Uuid, primary_key=True), Column(name, ADDED[name]))
    told = list(untagged(world))
    assert len(told) == 1
    assert told[0].startswith(f"visitor.{name} may hold personal data")


@pytest.mark.parametrize("info", [impersonal, personal("contact")])
def test_a_tag_settles_it(info):
    world = MetaData()
    Table("visitor", world, Column("phone", String(40), info=info))
    assert list(untagged(world)) == []


def test_references_to_people_are_known_by_their_key():
    world = MetaData()
    Table("person", world, Column("id", Uuid, primary_key=True))
    key = Column("anybody", Uuid, ForeignKey("person.id"))
    table = Table("visit", world, key, Column("seen_by", Uuid), Column("place_id", Uuid))
    assert [nature_of(column) for column in table.columns] == [
        Nature.REFERENCE, Nature.REFERENCE, Nature.IMPERSONAL,
    ]  # fmt: skip


def test_the_reviewed_list_of_names_holds_no_name_that_is_gone():
    assert (
        IMPERSONAL_NAMES.keys() - {column.name for table in tables(Base.metadata) for column in table.columns} == set()
    )


def test_every_purpose_is_used():
    assert [each.purpose.key for each in register(Base.metadata)] == list(PURPOSES)


def test_every_subject_leads_to_a_person(tagged: Tagged):
    astray = []
    for table, column, tag in tagged:
        if tag.subject is None:
            continue
        here, *way = table, *tag.subject.path.split(".")
        for step in way[:-1]:
            here = next(iter(here.columns[step].foreign_keys)).column.table
        last = here.columns[way[-1]]
        by_key = nature_of(last) is Nature.REFERENCE or (here.name == "person" and last.name == "id")
        if (tag.subject.by is Match.KEY) != by_key:
            astray.append(f"{table.name}.{column.name}: {tag.subject}")
    assert astray == []


def test_everything_personal_has_a_name_in_words(tagged: Tagged):
    unnamed = [f"{t.name}.{c.name}" for t, c, tag in tagged if tag.what is None and c.name not in FIELDS]
    assert unnamed == []


def test_every_table_about_people_has_a_name_in_words():
    about = (Nature.PERSONAL, Nature.REFERENCE)
    unnamed = [
        table.name
        for table in tables(Base.metadata)
        if holding_of(table) is None and any(nature_of(column) in about for column in table.columns)
    ]
    assert unnamed == [], 'say __table_args__ = (…, holding(lazy_("What these records are called")))'


def test_what_stays_says_why(tagged: Tagged):
    assert [f"{t.name}.{c.name}" for t, c, tag in tagged if tag.erasure.stays and not tag.erasure.because] == []


def test_nothing_is_erased_where_the_database_forbids_it(tagged: Tagged, triggers):
    promised = [
        f"{table.name}.{column.name}"
        for table, column, tag in tagged
        if f"{table.name}_no_update" in triggers and tag.erasure.fate not in (Fate.KEPT, Fate.TRAIL)
    ]
    assert promised == []


def test_what_replaces_a_unique_value_is_unique_too(tagged: Tagged):
    alike = [
        f"{table.name}.{column.name}"
        for table, column, tag in tagged
        if any(column.name in index.columns and index.unique for index in table.indexes) or column.unique
        if tag.erasure.fate is Fate.BLANK or (tag.erasure.fate is Fate.REPLACE and "{id}" not in tag.erasure.value)
    ]
    assert alike == []


def test_rows_that_go_by_themselves_can_go(triggers):
    going = {table.name: table for table in tables(Base.metadata) if (h := holding_of(table)) and h.kept}
    assert {"web_session", "outgoing_mail", "request_effect"} <= going.keys()
    for name, table in going.items():
        holding = holding_of(table)
        assert holding is not None
        assert isinstance(table.columns[holding.since].type, UtcDateTime), name
        assert f"{name}_no_delete" not in triggers, name
    pointing = [
        f"{table.name}.{column.name}"
        for table in tables(Base.metadata)
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in going
    ]
    assert pointing == [], "rows of these tables go by themselves: nothing may point to them"
