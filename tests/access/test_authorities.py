"""What authorities say of themselves: who may change it, within which limits, and where it shows."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.access.models import Authority, Person, RoleGrant
from portal.access.operations import authorities as operations
from portal.access.operations.authorities import ChangedMeanwhile, Particulars
from portal.access.policy import Role
from portal.access.rules.authorities import (
    LARGEST_LOGO,
    LEAST_CONTRAST,
    ContrastTooLow,
    PaymentExporter,
    contrast_with_white,
    darker_shade,
    look_of,
    readable_shade,
    valid_colour,
)
from portal.core.audit import AuditEvent
from portal.core.errors import Forbidden, Invalid, InvalidForm, NotFound
from tests.factories.base import as_actor, make_authority, make_call, make_staff, sign_in

HERE = "/admin/authorities/bari"
COLOURS = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")
SETTINGS = {
    "name": "Comune di Bari", "office": "Ufficio", "email": "u@bari.example", "pec": "pec@bari.example",
    "rup": "Anna Neri", "register_code": "AOO-01",
}  # fmt: skip


def png(*, text: bytes = b"") -> bytes:
    """A picture of one pixel, with a text beside it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    beside = chunk(b"tEXt", b"Author\0" + text) if text else b""
    drawn = chunk(b"IDAT", zlib.compress(b"\0\x12\x39\x2e"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + beside + drawn + chunk(b"IEND", b"")


@pytest.fixture
def bari(store, now):
    """An authority with two administrators."""
    with store() as session:
        authority = make_authority(session)
        for name in ("ada", "bruno"):
            person = make_staff(session, authority, Role.ADMINISTRATOR, now=now)
            person.email = f"{name}@prova.example"
        return authority


@pytest.fixture
def admin(page, bari):
    """An administrator, signed in."""
    return sign_in(page, "ada@prova.example")


def save(session, authority, now, *, actor=None, version=1, **changes):
    actor = actor or as_actor(session, make_staff(session, authority, Role.ADMINISTRATOR, now=now), now=now)
    told = Particulars(**(SETTINGS | {"payment_exporter": PaymentExporter.SEPA} | changes))
    return operations.save_particulars(
        session, authority_code=authority.code, particulars=told, version_seen=version, actor=actor, now=now
    )


# ---- colours ----


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54), ("#0000ff", 8.59), ("#ff0000", 4.0)]
)
def test_contrast_is_that_of_the_standard(colour, ratio):
    assert contrast_with_white(colour) == pytest.approx(ratio, abs=0.01)


@given(COLOURS)
def test_the_offered_shade_always_passes_and_is_the_colour_itself_where_that_does(colour):
    shade = readable_shade(colour)
    assert contrast_with_white(shade) >= LEAST_CONTRAST
    assert (shade == colour) == (contrast_with_white(colour) >= LEAST_CONTRAST)
    assert contrast_with_white(darker_shade(shade)) >= contrast_with_white(shade)
    assert valid_colour(shade.upper()) == shade


def test_a_pale_colour_is_refused_with_the_nearest_shade_that_passes():
    with pytest.raises(ContrastTooLow) as refused:
        valid_colour("#d9a441")
    assert (refused.value.field, refused.value.offered) == ("colour", readable_shade("#d9a441"))
    assert contrast_with_white(refused.value.offered) < LEAST_CONTRAST + 0.2


@pytest.mark.parametrize(
    "text", ["red", "#12392", "#12392g", "#１２３９２ｅ", "#12392e;}", "rgb(0,0,0)", "#12392e\x00"]
)
def test_what_is_no_colour_is_named_and_never_reaches_a_style_sheet(text):
    with pytest.raises(Invalid):
        valid_colour(text)
    with pytest.raises(ValueError):
        look_of(text)


# ---- saving ----


def test_a_change_is_recorded_with_what_differs_and_nothing_twice(session, now):
    authority = make_authority(session)
    save(session, authority, now)
    save(session, authority, now, version=2)
    assert (authority.rup, authority.version, authority.iban) == ("Anna Neri", 2, "IT60X0542811101000000123456")
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == authority.id))
    assert event.event == "authority.edit"
    assert (event.before["rup"], event.after["rup"], "name" in event.after) == (None, "Anna Neri", False)


def test_whoever_saw_an_older_version_overwrites_nothing(session, now):
    authority = make_authority(session)
    save(session, authority, now)
    with pytest.raises(ChangedMeanwhile):
        save(session, authority, now, rup="Un'altra")
    assert authority.rup == "Anna Neri"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.FINANCE_APPROVER])
def test_only_administrators_of_this_authority_change_it(session, now, role):
    authority, other = make_authority(session), make_authority(session, code="venezia", name="Comune di Venezia")
    for home, held in ((authority, role), (other, Role.ADMINISTRATOR)):
        actor = as_actor(session, make_staff(session, home, held, now=now), now=now)
        with pytest.raises(Forbidden):
            save(session, authority, now, actor=actor)
    with pytest.raises(NotFound):
        operations.save_colour(session, authority_code="a\x00", colour="", version_seen=1, actor=actor, now=now)


@pytest.mark.parametrize(
    ("field", "value"), [("name", " \u200b "), ("register_code", "a b"), ("register_code", "x" * 17)]
)
def test_a_wrong_particular_is_named(session, now, field, value):
    with pytest.raises(Invalid) as refused:
        save(session, make_authority(session), now, **{field: value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("notice", "wrong"), [({"it": "x", "en": " "}, "notice_en"), ({"it": "x" * 20_001, "en": "x"}, "notice_it")]
)
def test_a_notice_is_in_both_languages_or_in_none(session, now, notice, wrong):
    authority = make_authority(session)
    actor = as_actor(session, make_staff(session, authority, Role.ADMINISTRATOR, now=now), now=now)
    given_by = {"authority_code": "bari", "actor": actor, "now": now}
    with pytest.raises(InvalidForm) as refused:
        operations.save_privacy_notice(session, notice=notice, version_seen=1, **given_by)
    assert list(refused.value.errors) == [wrong]
    operations.save_privacy_notice(session, notice={"it": "Ciao", "en": "Hello"}, version_seen=1, **given_by)
    operations.save_privacy_notice(session, notice={"it": "", "en": ""}, version_seen=2, **given_by)
    assert authority.privacy_notice is None


# ---- the pages ----


def test_particulars_are_changed_by_their_form_and_shown_where_a_call_says_nothing(admin, store, visitors, now):
    admin.get(f"{HERE}/particulars").submit("#particulars", **SETTINGS)
    assert admin.led_to == [HERE]
    assert admin.shows("Anna Neri")
    with store() as session:
        call = make_call(session, session.scalars(select(Authority)).one(), now=now, slug="avviso")
        call.definition = call.definition | {"officer": "", "office": {"it": "", "en": ""}}
    visitor = visitors().get("/calls/avviso")
    assert visitor.shows("Anna Neri")
    assert visitor.shows("Ufficio")


def test_somebody_who_was_slower_keeps_what_was_typed_and_may_send_it_again(admin, visitors):
    slower = sign_in(visitors(), "bruno@prova.example").get(f"{HERE}/particulars")
    admin.get(f"{HERE}/particulars").submit("#particulars", rup="Anna Neri")
    slower.submit("#particulars", 409, rup="Carlo Blu")
    assert slower.field("rup").get("value") == "Carlo Blu"
    slower.submit("#particulars")
    assert slower.get(HERE).shows("Carlo Blu")


@pytest.mark.parametrize("field", ["email", "pec"])
def test_a_wrong_address_is_named_and_stays(admin, field):
    admin.get(f"{HERE}/particulars").submit("#particulars", 422, **{field: "no address"})
    assert admin.field(field).get("value") == "no address"
    assert admin.field(field).get("aria-invalid") == "true"


def test_the_colour_reaches_the_pages_of_the_calls_and_the_desk_and_no_other(admin, store, visitors, client, now):
    with store() as session:
        authority = session.scalars(select(Authority)).one()
        make_call(session, authority, now=now, slug="avviso")
        other = make_authority(session, code="venezia", name="Comune di Venezia")
        make_call(session, other, now=now, slug="altro")
    admin.get(f"{HERE}/look").submit("#look", 422, colour="#d9a441")
    offered = readable_shade("#d9a441")
    assert admin.shows(offered)
    button = next(b for b in admin.tree.iter("button") if offered in b.text_content())
    admin.submit(button.text_content().strip())
    assert sheets(admin) == ["/authorities/bari/look.css?v=2"]
    assert sheets(visitors().get("/calls/avviso")) == ["/authorities/bari/look.css?v=2"]
    assert sheets(visitors().get("/calls/altro")) == sheets(visitors().get("/")) == []
    answer = client.get("/authorities/bari/look.css?v=2")
    assert (answer.mimetype, "immutable" in answer.headers["Cache-Control"]) == ("text/css", True)
    assert f"--v-head: {offered};" in answer.get_data(as_text=True)
    assert "no-cache" in client.get("/authorities/bari/look.css?v=1").headers["Cache-Control"]
    assert client.get("/authorities/venezia/look.css").get_data() == b""


def sheets(page) -> list[str]:
    """The style sheets of a page besides the portal's own."""
    links = page.tree.xpath("//link[@rel='stylesheet']/@href")
    return [str(link) for link in links if not link.startswith("/static/")]


def test_a_picture_is_taken_shown_and_removed_without_what_it_hides(admin, store, visitors, client):
    picture = png(text=b"Mario Rossi, via Sparano 10")
    admin.get(f"{HERE}/picture").submit("#picture", logo=(io.BytesIO(picture), "stemma.png"))
    assert admin.tree.xpath("//main//img/@src") == ["/authorities/bari/logo?v=2"]
    answer = client.get("/authorities/bari/logo?v=2")
    assert (answer.mimetype, answer.get_data()) == ("image/png", png())
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"]
    admin.get(f"{HERE}/picture").submit(f"{HERE}/picture/remove")
    assert client.get("/authorities/bari/logo").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("a.png", b"<html>"), ("a.gif", b"GIF89a"),
        ("a.png", b""), ("a.png", png() + b"x" * LARGEST_LOGO), ("a.pdf", b"%PDF-1.4"),
    ],
)  # fmt: skip
def test_what_is_no_small_picture_is_refused_with_the_mend(admin, client, name, content):
    admin.get(f"{HERE}/picture").submit("#picture", 422, logo=(io.BytesIO(content), name))
    assert client.get("/authorities/bari/logo").status_code == 404


def test_the_notice_is_everybodys_in_their_language_and_harmless(admin, visitors):
    admin.get(f"{HERE}/notice").submit(
        "#notice", notice_it="## Titolare\n\n<script>x</script>[qui](javascript:x)", notice_en="## Controller"
    )
    visitor = visitors().get("/authorities/bari/privacy?lang=it")
    assert visitor.tree.xpath("//main//h2")[0].text_content() == "Titolare"
    assert "javascript:" not in visitor.html
    assert visitor.get("/authorities/bari/privacy?lang=en").shows("Controller")
    assert visitors().get("/privacy").tree.xpath("//main//a[@href='/authorities/bari/privacy']")


def test_staff_of_several_authorities_choose_and_of_one_go_straight(admin, store, now):
    assert admin.get("/admin/authorities").led_to == [HERE]
    with store() as session:
        other = make_authority(session, code="venezia", name="Comune di Venezia")
        ada = session.scalars(select(Person).where(Person.email == "ada@prova.example")).one()
        session.add(RoleGrant(person_id=ada.id, authority_id=other.id, role=Role.AUDITOR, since=now))
    links = admin.get("/admin/authorities").tree.xpath("//main//li/a/@href")
    assert links[-2:] == [HERE, "/admin/authorities/venezia"]
    assert sheets(admin) == []


def test_staff_read_and_others_of_another_authority_do_not(page, visitors, store, bari, now):
    with store() as session:
        other = make_authority(session, code="venezia", name="Comune di Venezia")
        emails = [
            make_staff(session, home, role, now=now).email
            for home, role in ((bari, Role.OFFICER), (other, Role.ADMINISTRATOR))
        ]
    officer = sign_in(page, emails[0]).get(HERE)
    assert not officer.tree.xpath("//main//a[contains(@href, '/particulars')]")
    foreign = sign_in(visitors(), emails[1])
    for path in ("", "/particulars", "/look", "/picture", "/notice", "/providers/new"):
        foreign.get(HERE + path, 403)
