"""Writing together: the history of an answer and the way back, comments, who is where, the sheet of paper."""

from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from portal.applications.models import DraftComment, SectionPresence, Submission
from portal.core.audit.models import AuditEvent
from portal.core.db import Base
from portal.core.privacy.erasing import emptied
from portal.core.privacy.nature import tags_of
from portal.notices.models import Notice
from portal.questionnaires.models import Answer, AnswerVersion
from portal.questionnaires.rules.history import Went, in_one_go
from tests.factories.base import sign_in
from tests.page import SAME_ORIGIN

CANARY = "Zqcanarino"


def section_of(page, people, address, field="title"):
    """The key of the section in which a field stands; the page shows it."""
    for key in people.sections:
        page.get(f"{address}/sections/{key}")
        if page.tree.xpath(f"//*[@name='{field}']"):
            return key
    raise AssertionError(field)


def write(draft, who, text):
    """Open the section and save the title."""
    who.get(f"{draft.address}/sections/{draft.key}").submit("#section", title=text)


@pytest.fixture
def draft(visitors, people, begun):
    """An empty draft that two people have open, and the section of its title."""
    address = begun(whole=False)
    owner, editor = sign_in(visitors(), people.owner), sign_in(visitors(), people.editor)
    key = section_of(owner, people, address)
    editor.get(f"{address}/sections/{key}")
    return SimpleNamespace(address=address, owner=owner, editor=editor, key=key)


def written_in(file: bytes) -> str:
    """Everything that a file says, a workbook unpacked."""
    if not file.startswith(b"PK"):
        return file.decode("utf-8-sig")
    with ZipFile(BytesIO(file)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


# ---- history ----


def test_of_what_one_person_wrote_in_one_go_the_last_version_is_told(now):
    def version(number, minutes, who):
        return SimpleNamespace(version=number, saved_at=now.replace(minute=minutes), saved_by=who)

    rows = [version(1, 0, "a"), version(2, 5, "a"), version(3, 6, "b"), version(4, 7, "a"), version(5, 20, "a")]
    assert in_one_go(rows) == [Went(5, 1), Went(4, 1), Went(3, 1), Went(2, 2)]
    assert in_one_go([]) == []


def test_an_earlier_version_comes_back_as_a_new_one(draft, store, clock):
    write(draft, draft.owner, "La prima")
    clock.advance(minutes=20)
    write(draft, draft.editor, "La seconda")
    page = draft.owner.get(f"{draft.address}/sections/{draft.key}")
    assert page.tree.xpath(f"//a[@href='{draft.address}/answers/title']")
    page.get(f"{draft.address}/answers/title")
    assert page.shows("La prima")
    assert page.shows("La seconda")
    page.submit(f"{draft.address}/answers/title/restore")
    with store() as session:
        answer = session.scalars(select(Answer).where(Answer.key == "title")).one()
        assert (answer.value, answer.version) == ({"value": "La prima"}, 3)
        kept = session.scalars(select(AnswerVersion.value).where(AnswerVersion.key == "title"))
        assert len(kept.all()) == 3
        event = session.scalars(select(AuditEvent).where(AuditEvent.event == "application.answer_restored")).one()
        assert event.after == {"question": "title", "from_version": 1, "version": 3}


def test_what_somebody_wrote_meanwhile_is_not_restored_away(draft, store):
    write(draft, draft.owner, "La prima")
    write(draft, draft.owner, "La seconda")
    form = {"version": 1, "base": 2, "idempotency_key": ""}
    write(draft, draft.editor, "La terza")
    draft.owner.post(f"{draft.address}/answers/title/restore", 409, **form)
    assert draft.owner.shows("La terza"), "the newest one stands in the page that refuses"
    draft.owner.post(f"{draft.address}/answers/title/restore", 404, **form | {"version": 9})
    with store() as session:
        assert session.scalars(select(Answer.value).where(Answer.key == "title")).one() == {"value": "La terza"}


def test_after_the_term_the_history_is_read_and_nothing_comes_back(draft, people, clock):
    write(draft, draft.owner, "La prima")
    write(draft, draft.owner, "La seconda")
    clock.advance(days=11)
    sign_in(draft.owner, people.owner).get(f"{draft.address}/answers/title?every=1")
    assert draft.owner.shows("La prima")
    assert not draft.owner.tree.xpath("//form[contains(@action, '/restore')]")
    draft.owner.post(f"{draft.address}/answers/title/restore", 423, version=1, base=2)


def test_a_declaration_is_not_restored(page, people, begun, store):
    address = begun()
    with store() as session:
        key = session.scalars(select(Answer.key).where(Answer.key.like("declaration%")).order_by(Answer.key)).first()
    sign_in(page, people.owner).get(f"{address}/answers/{key}")
    page.post(f"{address}/answers/{key}/restore", 422, version=1, base=1)


def test_rows_are_readable_in_the_history(page, people, begun, store):
    """Whatever the type of an answer, its history can be opened."""
    address = begun()
    with store() as session:
        keys = session.scalars(select(Answer.key).order_by(Answer.key)).all()
    sign_in(page, people.viewer)
    for key in keys:
        page.get(f"{address}/answers/{key}")
    page.get(f"{address}/answers/nothing", 404)


# ---- comments ----


def test_a_comment_is_told_answered_and_settled(draft, people, store):
    draft.editor.get(f"{draft.address}/comments/{draft.key}?about=title")
    draft.editor.submit("#write", text="Più corto?")
    assert draft.editor.shows("Più corto?")
    with store() as session:
        notices = session.scalars(select(Notice).where(Notice.path.like("%/comments/%"))).all()
        assert len(notices) == 2, "the owner and the viewer, not who wrote it"
        assert CANARY not in str([each.text for each in notices])
        comment = session.scalars(select(DraftComment)).one()
        assert comment.question_key == "title"
        where = f"{draft.address}/comments/{draft.key}/{comment.id}"
    page = draft.owner.get(f"{draft.address}/sections/{draft.key}")
    assert page.shows("1 commento")
    page.post(f"{where}/reply", text="Fatto")
    page.post(f"{where}/resolve")
    with store() as session:
        assert session.get_one(DraftComment, comment.id).resolved_at is not None
    page.post(f"{where}/reply", text="Anzi no")
    with store() as session:
        assert session.get_one(DraftComment, comment.id).resolved_at is None
        events = session.scalars(select(AuditEvent.after).where(AuditEvent.event.like("comment.%"))).all()
        assert len(events) == 4
        assert "Fatto" not in str(events)


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * 2001])
def test_a_comment_says_something_and_not_too_much(draft, text, store):
    draft.owner.get(f"{draft.address}/comments/{draft.key}")
    draft.owner.submit("#write", 422, text=text)
    with store() as session:
        assert session.scalar(select(func.count(DraftComment.id))) == 0


def test_a_reply_that_is_refused_comes_back_with_what_was_written(draft, store):
    page = draft.owner.get(f"{draft.address}/comments/{draft.key}").submit("#write", text="Chi lo scrive?")
    with store() as session:
        comment = session.scalars(select(DraftComment.id)).one()
    page.post(f"{draft.address}/comments/{draft.key}/{comment}/reply", 422, text=CANARY + "x" * 2000)
    assert CANARY in page.tree.xpath(f"string(//textarea[@id='reply-{comment}'])")
    assert page.tree.xpath("//details[@open]//p[@role='alert']")


def test_no_office_and_no_stranger_meets_a_comment_and_no_submission_holds_it(visitors, people, begun, store):
    address = begun()
    owner = sign_in(visitors(), people.owner)
    owner.get(f"{address}/comments/{people.sections[0]}").submit("#write", text=CANARY)
    assert CANARY not in owner.get(f"{address}/send").html
    assert CANARY not in owner.get(f"{address}/print").html
    assert CANARY in owner.get(f"{address}/comments/{people.sections[0]}").html
    for who in (people.officer, people.stranger):
        other = sign_in(visitors(), who)
        for path in ("", "/print", f"/comments/{people.sections[0]}", "/answers/title"):
            assert other.client.get(address + path).status_code in {403, 404}


def test_a_sent_application_shows_the_office_no_comment(visitors, people, begun, store):
    address = begun(sent=True)
    with store() as session:
        submission = session.scalars(select(Submission)).one()
        application = submission.application
        session.add(DraftComment(
            application_id=application.id, section_key=people.sections[0], at=application.created_at,
            written_by=application.created_by, text=CANARY,
        ))  # fmt: skip
        assert CANARY not in str(submission.content)
    officer = sign_in(visitors(), people.officer)
    trail = f"/trail/application/{address.rsplit('/', 1)[1]}"
    for kind in ("csv", "xlsx"):
        fields = {"csrf_token": officer.get("/manage/applications/export").csrf_token, "format": kind}
        taken = officer.client.post("/manage/applications/export", data=fields, headers=SAME_ORIGIN)
        assert taken.status_code == 200
        assert CANARY not in written_in(taken.get_data()), kind
    for path in (address, f"{address}/content", f"{address}/print", f"{address}/admissibility", "/desk", trail,
                 "/manage/calls/prossimita/applications", f"/manage/applications?q={CANARY}"):  # fmt: skip
        assert f">{CANARY}" not in officer.get(path).html, path
    assert officer.client.get(f"{address}/comments/{people.sections[0]}").status_code in {403, 404}
    team = sign_in(visitors(), people.viewer).get(f"{address}/comments/{people.sections[0]}")
    assert team.shows(CANARY), "the team goes on reading it"
    assert not team.tree.xpath("//form[@id='write']")


def test_the_words_of_a_comment_go_with_their_writer():
    (found,) = list(tags_of(Base.metadata.tables["draft_comment"]))
    assert emptied(*found, None) is not None
    assert found[0].name == "text"


# ---- who is where ----


def test_two_people_see_where_the_other_is_and_what_changed(draft, people, store, clock):
    other = next(key for key in people.sections if key != draft.key)
    where = f"{draft.address}/sections/{other}/here"
    draft.editor.post(where, 204, htmx=True, stamp="")
    draft.owner.post(f"{draft.address}/sections/{draft.key}/here", htmx=True, stamp="", **{"v-title": 0})
    (stamp,) = draft.owner.tree.xpath("//@data-stamp")
    assert stamp.endswith(f"@{other}")
    assert "prossimita" not in stamp
    again = f"{draft.address}/sections/{draft.key}/here"
    draft.owner.post(again, 204, htmx=True, stamp=stamp, **{"v-title": 0})
    write(draft, draft.editor, "Scritto intanto")
    draft.owner.post(again, htmx=True, stamp=stamp, **{"v-title": 0})
    assert draft.owner.tree.xpath(f"//a[@href='{draft.address}/answers/title']")
    assert draft.owner.tree.xpath("string(//details/blockquote)").strip() == "Scritto intanto", "theirs, in place"
    assert not draft.owner.tree.xpath("//input|//textarea"), "no field is touched"
    clock.advance(minutes=2)
    draft.owner.post(again, htmx=True, stamp=stamp, **{"v-title": 1})
    assert draft.owner.tree.xpath("//@data-stamp") == [""], "whoever missed three beats is no longer told"
    with store() as session:
        assert session.scalar(select(func.count(SectionPresence.id))) == 2


def test_a_viewer_reads_without_a_beat(page, people, begun):
    address = begun()
    sign_in(page, people.viewer).get(f"{address}/sections/{people.sections[0]}")
    assert not page.tree.xpath("//@data-together")
    page.post(f"{address}/sections/{people.sections[0]}/here", 403)


# ---- on paper ----


@pytest.mark.parametrize("sent", [False, True])
def test_a_whole_application_is_printed_without_the_frame(page, people, begun, sent):
    address = begun(sent=sent)
    sign_in(page, people.owner).get(f"{address}/print")
    assert page.shows("La casa delle bici")
    assert not page.tree.xpath("//nav|//form")
    assert page.shows("Bozza: non inviata") is not sent


# ---- how long it takes ----


def test_a_save_asks_the_database_no_more_than_before(draft, statements):
    form = draft.owner.tree.xpath("//form[@id='section']")[0]
    fields = dict(form.form_values()) | {"title": "Con calma"}
    with statements() as seen:
        draft.owner.post(form.get("action"), htmx=True, **fields)
    assert len(seen) <= 30, len(seen)


def test_the_list_says_of_each_section_what_it_is(draft, people):
    write(draft, draft.owner, "Un titolo")
    draft.editor.post(f"{draft.address}/sections/{draft.key}/here", htmx=True, stamp="-")
    notes = [
        " ".join(each.text_content().split())
        for each in draft.owner.get(draft.address).tree.xpath("//span[@class='v-step-note']")
    ]
    assert sum(note.startswith("vuota") for note in notes) == len(people.sections) - 1
    assert sum(note.startswith("iniziata") for note in notes) == 1
    assert draft.owner.shows("sta scrivendo")
