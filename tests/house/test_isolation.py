"""Nothing of one authority reaches the staff of another; an administrator reads no content, not even at home.

Every text of Venezia carries a mark. Then every page, list, search, file, desk, mail and notice of Bari's staff is
read, on their own objects and on Venezia's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.operations.signing_in import sign_in
from portal.core import clock
from portal.core.audit.models import AuditEvent
from portal.core.db import database
from portal.core.mail import OutgoingMail
from portal.notices.models import Notice
from tests.conftest import NOW
from tests.engines import Portals
from tests.factories.house import House, make_house
from tests.house.matrix import Matrix
from tests.house.planting import CANARY, Planted, plant
from tests.house.test_matrix import roles_of, table
from tests.page import SAME_ORIGIN

STAFF = (
    "officer", "evaluator", "chair", "coach", "finance_maker", "finance_approver", "auditor", "administrator",
    "data_protection",
)  # fmt: skip
ASKED = "q=Zq&view=ended&among=applicants&status=paid&state=all&after={key}&before={key}"
"""Searches, filters and places in a list, all at once: a page takes what it knows."""
WITH_KEYS = re.compile(r"\?q=Zq|^/manage/trail/anchors/")
"""Where keys of Venezia may stand: an address that was asked with one, and an anchor, which covers every chain of the
portal: keys and hashes, no word of what they are about."""
FOR_ANYBODY = {"everybody", "signed-in"}
"""Pages of one's own, which list nothing of others."""
PUBLISHED = {"authority.name", "authority.office", "authority.email", "authority.pec", "authority.rup", "call.title",
             "identity_provider.name"}  # fmt: skip
"""What stands on the public pages of a city as well."""
CONTENT = {
    "answer", "answer_file", "answer_version", "application", "submission", "application_file", "stored_file",
    "admissibility_decision", "conflict_declaration", "score", "score_sheet", "ranking", "ranking_row", "grant_award",
    "agreement", "incorporation", "milestone", "milestone_report", "coaching_session", "engagement", "tranche",
    "payment_order", "payment_line", "bank_file", "bank_message", "bank_details", "ledger_account", "protocol_entry",
    "notice", "verified_fact",
    "offered_fact", "draft_comment",
}  # fmt: skip
"""What people write, and what is decided and paid about it: no administrator's business."""


@dataclass(frozen=True)
class Cities:
    """Bari's people and objects, Venezia's as the foreign ones."""

    matrix: Matrix
    planted: Planted
    secret: House

    def pages(self, who: str, whose: str, *, only: str = "", lists: bool = True) -> Iterator[tuple[str, str]]:
        """Every answer to a person, by address; `only` what the table of permissions opens to this role.

        Left out is what is for everybody, and what lies behind the secret of a link.
        """
        for rule, method in self.matrix.rules():
            if (
                method != "GET"
                or self.matrix.is_for_everybody(rule.endpoint)
                or any("token" in name for name in rule.arguments)
            ):
                continue
            if (only and only not in roles_of(rule.endpoint)) or not (lists or rule.arguments):
                continue
            path = self.matrix.path(rule, whose, "GET")
            yield path, self.read(path, who)
            if not rule.arguments and not FOR_ANYBODY & set(table()[rule.endpoint].split()):
                asked = f"{path}?{ASKED.format(key=self.secret.named['person_id'])}"
                yield asked, self.read(asked, who)

    def let_in(self, name: str, person: Person) -> None:
        """One more person who reads."""
        client = self.matrix.app.test_client()
        with self.matrix.app.app_context(), Session(database.engine) as session:
            token, _ = sign_in(session, person=person, user_agent="", now=NOW, strong=True)
            session.commit()
        with client.session_transaction() as kept:
            kept["_user_id"] = token
        cookie = client.get_cookie("session")
        assert cookie is not None
        self.matrix.cookies[name] = {"Cookie": f"session={cookie.value}"}

    def read(self, path: str, role: str) -> str:
        """What the portal says, files included."""
        with self.matrix.client.get(path, headers={**SAME_ORIGIN, **self.matrix.cookies[role]}) as answer:
            assert answer.status_code < 500, f"{path} as {role} answered {answer.status_code}"
            return answer.get_data().decode("utf-8", "replace") + str(answer.headers)


@pytest.fixture(scope="module")
def cities(portals: Portals) -> Iterator[Cities]:
    """Two whole authorities in one portal."""
    clock.set_source(lambda: NOW)
    app = portals.fresh("sqlite", "isolation")
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        secret = make_house(session, now=NOW, code="venezia")
        session.commit()
    planted = plant(app)
    with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        ours = make_house(session, now=NOW, code="bari")
        session.commit()
    yield Cities(Matrix(app, ours, secret, NOW), planted, secret)
    app.config["WTF_CSRF_ENABLED"] = True
    clock.reset_source()


def test_the_marks_are_seen_by_whom_they_are_meant_for(cities: Cities):
    """The guard of this test itself: Venezia's own officer meets them on the same pages."""
    pages = cities.pages("foreign_officer", "foreign", only="officer")
    seen = {column for _, text in pages for column in CANARY.findall(text)}
    assert {table for table, _ in seen} >= {"application", "submission", "person", "organisation", "milestone"}


def test_nothing_of_one_authority_is_on_any_page_of_another_s_staff(cities: Cities):
    """Lists, searches and files included; keys are looked for wherever the address itself holds none."""
    leaks = {
        (role, path): found
        for role in STAFF
        for path, text in cities.pages(role, "own", only=role)
        if (found := cities.planted.found_in(text, with_keys=not WITH_KEYS.search(path)) - PUBLISHED)
    }
    assert leaks == {}


def test_whoever_asks_for_another_authority_s_objects_learns_nothing_of_them(cities: Cities):
    """Asked by those who may open such objects at home: all others are stopped before anything is looked for."""
    leaks = {
        (role, path): found
        for role in STAFF
        for path, text in cities.pages(role, "foreign", only=role, lists=False)
        if (found := cities.planted.found_in(text, with_keys=False) - PUBLISHED)
    }
    assert leaks == {}


def test_no_mail_no_notice_and_no_trail_of_one_authority_speaks_of_another(cities: Cities):
    with cities.matrix.app.app_context(), Session(database.engine) as session:
        people = session.scalars(select(Person)).all()
        ours = {person.id: person.email for person in people if not CANARY.search(person.email)}
        mails = select(OutgoingMail).where(OutgoingMail.recipient.in_(ours.values()))
        notices = select(Notice).where(Notice.person_id.in_(ours))
        trail = select(AuditEvent).where(AuditEvent.actor_id.in_(ours))
        texts = [f"{mail.subject} {mail.body}" for mail in session.scalars(mails)]
        texts += [f"{notice.text} {notice.path}" for notice in session.scalars(notices)]
        texts += [f"{row.actor_name} {row.before} {row.after} {row.reason}" for row in session.scalars(trail)]
    assert len(texts) > 20
    assert [found for text in texts if (found := cities.planted.found_in(text))] == []


def test_an_administrator_reads_no_content_of_their_own_authority(cities: Cities):
    cities.let_in("at home", cities.secret.people["administrator"])
    leaks = {
        path: found
        for path, text in cities.pages("at home", "foreign")
        if (found := {f"{table}.{column}" for table, column in CANARY.findall(text) if table in CONTENT})
    }
    assert leaks == {}
