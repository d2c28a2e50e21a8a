"""What follows from the tags alone, on tables of the test: finding, copying, erasing, letting go, the register."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Column, Enum, ForeignKey, LargeBinary, MetaData, String, Table, Text, Uuid, insert, select
from sqlalchemy.orm import Session

from portal.core.db import UtcDateTime, make_engine
from portal.core.privacy import Term, address, holding, impersonal, personal, replaced, written_key
from portal.core.privacy.copies import acts_of, copied, held, referred_to
from portal.core.privacy.erasing import erase, names, struck_out, what_stays
from portal.core.privacy.expiry import expiring, let_go, outlook
from portal.core.privacy.reach import Identity
from portal.core.privacy.register import as_csv, as_markdown, register
from portal.core.privacy.tags import ERASED
from portal.core.privacy.terms import FOREVER, term_of
from portal.core.privacy.treatment import Because

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA, BEA = UUID(int=1), UUID(int=2)
WHO = Identity(ADA, "Ada Rossi", frozenset({"ada@prova.example", "prima@prova.example"}))
OTHER = Identity(BEA, "Bea Verdi", frozenset({"bea@prova.example"}))


def _key() -> Column[UUID]:
    return Column("id", Uuid, primary_key=True, default=uuid4)


WORLD = MetaData()
PERSON = Table(
    "person", WORLD, _key(),
    Column("name", String(200), nullable=False, info=personal("sign-in", subject="id", erasure=replaced(ERASED))),
    Column("secret", String(20), nullable=False, info=personal("sign-in", subject="id", export="never",
                                                               erasure=replaced("!"))),
)  # fmt: skip
DEVICE = Table(
    "device", WORLD, _key(),
    Column("person_id", ForeignKey("person.id")),
    Column("label", String(100), info=personal("security")),
    Column("picture", LargeBinary, info=personal("security", export="never")),
    Column("seen_at", UtcDateTime),
    **holding("Devices", kept=Term(years=1), since="seen_at"),
)  # fmt: skip
LETTER = Table(
    "letter", WORLD, _key(),
    Column("recipient", String(320), info=personal("notices", subject=address("recipient"), export="subject")),
    Column("body", Text, info=personal("notices", subject=address("recipient"), mentions=True)),
    Column("topic", Enum("news", "due", name="topic")),
    Column("facts", JSON, info=personal("notices", subject=address("recipient"), mentions=True)),
)  # fmt: skip
DEED = Table(
    "deed", WORLD, _key(),
    Column("signed_by", ForeignKey("person.id")),
    Column("signed_at", UtcDateTime),
    Column("seen_by", ForeignKey("person.id")),
    Column("words", Text, info=personal("grant", subject="signed_by")),
    Column("wish", String(100), nullable=False, info=personal("membership", subject="signed_by", erasure="blank")),
)  # fmt: skip
FORM = Table(
    "form", WORLD, _key(), Column("sender", String(64), info=personal("security", subject=written_key("sender")))
)
PLACE = Table("place", WORLD, _key(), Column("title", String(100), info=impersonal))


@pytest.fixture
def session(app) -> Iterator[Session]:
    """The tables of this test in memory, with two people in them."""
    engine = make_engine("sqlite://")
    WORLD.create_all(engine)
    with app.app_context(), Session(engine) as session:
        for who in (WHO, OTHER):
            session.execute(insert(PERSON).values(id=who.person_id, name=who.name, secret="s" + who.name))
            session.execute(
                insert(DEVICE).values(person_id=who.person_id, label=f"pc {who.name}", picture=b"x", seen_at=NOW)
            )
            session.execute(insert(FORM).values(sender=str(who.person_id)))
        session.execute(insert(LETTER).values(recipient="Ada@prova.example", body="A", topic="due", facts={}))
        to_bea = insert(LETTER).values(
            recipient="bea@prova.example", body="ADA ROSSI (ada@prova.example) e Ada Rossini", topic="news",
            facts={"chi": ["Ada Rossi", {"più": "prima@prova.example"}], "anni": 3},
        )  # fmt: skip
        session.execute(to_bea)
        session.execute(
            insert(DEED), [
                {"signed_by": ADA, "seen_by": BEA, "signed_at": NOW, "words": "Di Bea si dice", "wish": "vorrei"},
                {"signed_by": BEA, "seen_by": ADA, "signed_at": NOW, "words": "Altro", "wish": "vorrei anch'io"},
            ],
        )  # fmt: skip
        session.commit()
        yield session
    engine.dispose()


def rows(session: Session, table: Table) -> list[dict[str, object]]:
    return [dict(row) for row in session.execute(select(table).order_by(table.c.id)).mappings()]


def test_terms_are_read_and_told(app):
    assert (term_of("30d"), term_of("10y"), term_of("forever")) == (Term(days=30), Term(years=10), FOREVER)
    assert (Term(years=1).delta, FOREVER.delta) == (timedelta(days=365), None)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert [str(term) for term in (Term(years=1), Term(days=30), FOREVER)] == [
            "1 year",
            "30 days",
            "without an end",
        ]
    with pytest.raises(ValueError, match="30d, 10y or forever"):
        term_of("soon")


def test_a_name_of_one_word_is_struck_out_nowhere():
    assert Identity(ADA, "Ada", frozenset({"a@b.example"})).said == ("a@b.example",)
    assert not names("Ada scrive", Identity(ADA, "Ada", frozenset()))


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("Ada Rossi, ADA ROSSI", f"{ERASED}, {ERASED}"),
        ("Ada Rossini", "Ada Rossini"),
        ("a: ada@prova.example.", f"a: {ERASED}."),
        ({"a": ["Ada Rossi", 3, None]}, {"a": [ERASED, 3, None]}),
    ],
)
def test_a_name_is_struck_out_as_a_whole(text, struck):
    assert struck_out(text, WHO) == struck


def test_the_rows_of_a_person_are_found_by_the_tags(session):
    found = {(each.table, each.column): each for each in held(session, WORLD, WHO)}
    assert found.keys() == {
        ("person", "name"), ("device", "label"), ("letter", "recipient"), ("letter", "body"), ("letter", "facts"),
        ("deed", "words"), ("deed", "wish"), ("form", "sender"),
    }  # fmt: skip
    assert found["person", "name"].values == ("Ada Rossi",)
    assert found["deed", "words"].values == ()
    assert found["letter", "body"].rows == 1
    assert referred_to(session, WORLD, WHO) == [("deed", 2), ("device", 1)]


def test_a_copy_holds_nothing_of_others_and_no_secret(session):
    told = {table.name: found for table, found in copied(session, WORLD, WHO)}
    assert [row["label"] for row in told["device"]] == ["pc Ada Rossi"]
    assert told["device"][0].keys() == {"id", "person_id", "label", "seen_at"}
    assert told["letter"][0].keys() == {"id", "recipient", "topic"}
    assert told["person"][0].keys() == {"id", "name"}
    assert told["deed"][0]["wish"] == "vorrei"
    everything = str(told) + str(list(acts_of(session, WORLD, WHO)))
    for canary in ("Bea", "bea@", "Di Bea", str(BEA), "sAda", "vorrei anch'io"):
        assert canary not in everything
    acts = {(table.name, what): found for table, what, found in acts_of(session, WORLD, WHO)}
    assert acts.keys() == {("deed", "signed_by"), ("deed", "seen_by")}
    assert acts["deed", "signed_by"][0]["at"] == "2026-03-02T09:00:00Z"
    assert "at" not in acts["deed", "seen_by"][0]


def test_erasing_a_person_leaves_the_others_whole(session):
    done = erase(session, WORLD, WHO)
    people = {row["id"]: row for row in rows(session, PERSON)}
    assert (people[ADA]["name"], people[ADA]["secret"]) == (ERASED, "!")
    assert (people[BEA]["name"], people[BEA]["secret"]) == ("Bea Verdi", "sBea Verdi")
    assert [row["label"] for row in rows(session, DEVICE)] == ["pc Bea Verdi"]
    assert [row["sender"] for row in rows(session, FORM)] == [str(BEA)]
    letter, *more = rows(session, LETTER)
    assert not more
    assert letter["body"] == f"{ERASED} ({ERASED}) e Ada Rossini"
    assert letter["facts"] == {"chi": [ERASED, {"più": ERASED}], "anni": 3}
    deeds = {row["signed_by"]: row for row in rows(session, DEED)}
    assert (deeds[ADA]["words"], deeds[ADA]["wish"]) == ("Di Bea si dice", "")
    assert deeds[BEA]["wish"] == "vorrei anch'io"
    assert done.as_figures()["deleted"] == {"device": 1, "form": 1, "letter": 1}
    assert done.kept == {("deed", Because.PROGRAMME): 1}


def test_erasing_twice_changes_nothing_more(session):
    erase(session, WORLD, WHO)
    before = {table.name: rows(session, table) for table in WORLD.sorted_tables}
    erase(session, WORLD, WHO)
    assert {table.name: rows(session, table) for table in WORLD.sorted_tables} == before
    assert what_stays(session, WORLD, OTHER) == {("deed", Because.PROGRAMME): 1}


def test_rows_go_when_their_term_is_over_and_not_before(session):
    (device,) = expiring(WORLD)
    assert device.is_warned_of
    year = timedelta(days=365)
    assert outlook(session, WORLD, NOW + year - timedelta(seconds=1)) == {}
    assert outlook(session, WORLD, NOW + year) == {"device": 2}
    assert let_go(session, device, NOW + year - timedelta(seconds=1)) == 0
    assert let_go(session, device, NOW + year) == 2


def test_a_term_needs_the_instant_it_begins_at():
    with pytest.raises(ValueError, match="come together"):
        holding("Devices", kept=Term(days=1))


def test_the_register_names_every_column_and_changes_with_it(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        found = register(WORLD)
        told = as_markdown(found, "Comune")
        table = as_csv(found, "Comune").decode("utf-8-sig")
    assert [each.purpose.key for each in found] == ["sign-in", "security", "membership", "grant", "notices"]
    assert "device.label, device.picture, form.sender" in told
    assert "1 year from the end of the sign-in; Devices: 1 year" in told
    assert table.count("\r\n") == len(found) + 1
    assert "GDPR art. 6(1)(c)" in table
    assert "place.title" not in told
