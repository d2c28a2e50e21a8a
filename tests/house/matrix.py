"""The permission matrix, asked cell by cell: who, which route, whose object, plain or htmx."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from flask import Flask, g
from jinja2 import BaseLoader, ChoiceLoader, DictLoader
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from portal.access.operations.signing_in import sign_in
from portal.access.policy import Action
from portal.access.web.who import SignedIn, load
from portal.core.db import Base, database
from tests.engines import Portals
from tests.factories.house import House, make_house
from tests.factories.house_coaching import NOTES
from tests.house.test_routes import WITHOUT_ACTION
from tests.page import HTMX, SAME_ORIGIN

OWN_PEOPLE = (
    "owner", "editor", "viewer", "officer", "evaluator", "conflicted", "chair", "coach", "finance_maker",
    "finance_approver", "auditor", "administrator", "data_protection",
)  # fmt: skip
ROLES = ("visitor", *OWN_PEOPLE, "foreign_applicant", "foreign_officer")
WHOSE = ("own", "foreign", "random")
FRAGMENTS_OF_OTHERS = ("visitor", "owner", "officer", "auditor", "foreign_applicant", "foreign_officer")
"""Roles that ask for fragments of foreign objects too."""
IN_PLACE_OF_A_DOCUMENT = {
    "section": "section",
    "save": "section",
    "here": "section",
    "comments": "section",
    "write_comment": "section",
    "reply_to_comment": "section",
    "resolve_comment": "section",
    "history": "question",
    "restore": "question",
    "reuse": "verified_document",
}
"""What the key in an address of an application names, where it is not a document asked for."""
DRAFTS = ("section", "save", "here", "comments", "write_comment", "reply_to_comment", "resolve_comment", "history",
          "restore", "offers", "take_over", "attach", "reuse", "remove", "documents", "check", "send", "ask_sign_off",
          "sign_off")  # fmt: skip
"""Routes of applications that are about one that is still being written; the others are about one that was sent."""
FIXED = {"kind": "xml", "subject_type": "grant_award"}
"""Parameters that name no object."""
INSIDE = {"key"}
"""Parameters that name a part of the object before them."""
FORMS = {"payments.approve": {"version": "1"}}
"""What a form must say before its object is looked for."""
SHORT = dict.fromkeys(("errors/page.html", "errors/_fragment.html"), "{{ code }} {{ title }} {{ message }}")
"""Refusals in few words: they are thousands; the whole page of them is shown to every role by a test of its own."""
UNWATCHED = {"web_session"}
"""The sign-in itself notes when it was last seen."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to the portal."""

    endpoint: str
    method: str
    path: str
    whose: str
    role: str
    htmx: bool


class Matrix:
    """The portal with two authorities, and a signed-in client for every role."""

    def __init__(self, app: Flask, own: House, foreign: House, now: datetime) -> None:
        self.app = app
        self._pages = cast("BaseLoader", app.jinja_env.loader)
        self.now = now
        self.people = {role: own.people[role] for role in OWN_PEOPLE}
        self.people |= {"foreign_applicant": foreign.people["owner"], "foreign_officer": foreign.people["officer"]}
        tokens = self._sign_everybody_in()
        self._named = {"own": own.named, "foreign": foreign.named}
        self.heard: dict[str, set[str]] = {}
        self.cookies = {role: _cookie(app, tokens.get(role)) for role in ROLES}
        self.client = app.test_client(use_cookies=False)
        self._known: dict[str, SignedIn | None] = {}
        vars(app)["login_manager"].user_loader(self._who)
        self._kept, self._built = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
        with self._database() as live:
            live.backup(self._built)
            path = live.execute("PRAGMA database_list").fetchone()[2]
        self._watching = sqlite3.connect(path, isolation_level=None)
        self.begin_again()

    def begin_again(self) -> None:
        """Everything as it was built, whatever a test did."""
        self.objects = {whose: dict(named) for whose, named in self._named.items()}
        self._built.backup(self._kept)
        self.undo()
        self._known.clear()

    def refuse(self, *, at_length: bool) -> None:
        """Whether those who are refused are shown the page of it, or its few words alone."""
        loaders = [self._pages] if at_length else [DictLoader(SHORT), self._pages]
        self.app.jinja_env.loader = ChoiceLoader(loaders)

    def _sign_everybody_in(self) -> dict[str, str]:
        with self.app.app_context(), Session(database.engine) as session:
            tokens = {
                role: sign_in(session, person=person, user_agent="", now=self.now, strong=True)[0]
                for role, person in self.people.items()
            }
            session.commit()
        return tokens

    def rules(self) -> Iterator[tuple[Rule, str]]:
        """Every route that declares an action, with its method."""
        for rule in self.app.url_map.iter_rules():
            if not rule.endpoint.startswith(WITHOUT_ACTION):
                yield rule, "POST" if "POST" in (rule.methods or ()) else "GET"

    def cells(self, method: str, roles: tuple[str, ...] = ROLES) -> Iterator[Cell]:
        """Own, foreign and random objects, as a page and as a fragment.

        As a page alone: random objects, foreign ones but for a few roles, and what is for everybody but for a visitor.
        """
        for rule, asked in self.rules():
            if asked != method:
                continue
            for whose in WHOSE if rule.arguments - FIXED.keys() - INSIDE else ("own",):
                path = self.path(rule, whose, method)
                for role in roles:
                    once = whose == "random" or (whose == "foreign" and role not in FRAGMENTS_OF_OTHERS)
                    once |= role != "visitor" and self.is_for_everybody(rule.endpoint)
                    for htmx in (False,) if once else (False, True):
                        yield Cell(rule.endpoint, method, path, whose, role, htmx)

    def is_for_everybody(self, endpoint: str) -> bool:
        """Whether the route declares to be public."""
        return getattr(self.app.view_functions[endpoint], "declared_action", None) is Action.PUBLIC_READ

    def path(self, rule: Rule, whose: str, method: str) -> str:
        """The address of an object; a parameter that nobody registered fails."""
        values = {name: self.value(rule.endpoint, name, whose) for name in rule.arguments}
        return str(self.app.url_map.bind("localhost").build(rule.endpoint, values, method=method))

    def value(self, endpoint: str, name: str, whose: str) -> Any:
        """What stands in the address for a parameter."""
        if name in FIXED:
            return FIXED[name]
        known = self.objects["own" if whose == "random" else whose]
        name = meant(endpoint, name)
        assert name in known, f"{endpoint}: say in tests/factories/house.py which object {name!r} names"
        if whose == "random" and name not in ("section", "document", "verified_document"):
            return "nothing-of-this-name" if isinstance(known[name], str) else uuid4()
        return known[name]

    def ask(self, cell: Cell) -> tuple[str, int]:
        """allow, deny or sign-in, with the status; whatever a form changed is undone."""
        with self.answer(cell) as answer:
            status, location = answer.status_code, answer.headers.get("Location", "")
            self._listen(cell, answer)
        assert status < 500, f"{cell} answered {status}"
        if cell.method == "POST" and status < 400 and self._version() != self._left_at:
            self.undo()
        if status == 401 or (status in (302, 303) and location.startswith("/sign-in")):
            return "sign-in", status
        return ("deny" if status in (403, 404) else "allow"), status

    def _listen(self, cell: Cell, answer: Response | TestResponse) -> None:
        """Note which notes of coaching an answer about the own objects carries: they have their readers."""
        if cell.method == "GET" and cell.whose == "own":
            told = answer.get_data() + str(answer.headers).encode()
            self.heard.setdefault(cell.role, set()).update(key for key, what in NOTES.items() if what.encode() in told)

    def answer(self, cell: Cell) -> TestResponse:
        """What the portal says."""
        headers = {**SAME_ORIGIN, **self.cookies[cell.role], **(HTMX if cell.htmx else {})}
        return self.client.open(cell.path, method=cell.method, headers=headers, data=FORMS.get(cell.endpoint))

    def keep(self) -> None:
        """Note the database as it stands: `undo` comes back to it."""
        with self._database() as live:
            live.backup(self._kept)
        self._left_at = self._version()
        self._known.clear()

    def undo(self) -> None:
        """Put the database back as it was."""
        with self._database() as live:
            self._kept.backup(live)
        self._left_at = self._version()

    def _version(self) -> int:
        """Another number after every commit of anybody."""
        return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def _who(self, token: str) -> SignedIn | None:
        """Who asks: read once, as every cell finds the same sessions, roles and ties; within a request, read again."""
        if "has_been_asked" in g:
            return load(token)
        g.has_been_asked = True
        if token not in self._known:
            self._known[token] = load(token)
        return self._known[token]

    def contents(self) -> dict[str, int]:
        """A checksum of every table."""
        with self._database() as live:
            return {
                name: hash(tuple(sorted(live.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)))
                for name in sorted(Base.metadata.tables.keys() - UNWATCHED)
            }

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with self.app.app_context():
            raw = database.engine.raw_connection()
            try:
                assert isinstance(raw.driver_connection, sqlite3.Connection)
                yield raw.driver_connection
            finally:
                raw.close()


def meant(endpoint: str, name: str) -> str:
    """Which object of the house a parameter names, where its name alone does not tell."""
    room, _, view = endpoint.partition(".")
    by_room = {
        ("applications", "application_id"): "draft_id" if view in DRAFTS else "sent_id",
        ("applications", "file_id"): "sent_file_id",
        ("applications", "key"): IN_PLACE_OF_A_DOCUMENT.get(view, "document"),
        ("grants", "file_id"): "file_id" if view in {"step_file", "change_file", "reply_file"} else "agreement_file_id",
        ("grants", "key"): "declared_key",
        ("checks", "key"): "declared_key",
        ("costs", "key"): "technical_key",
        ("grants", "application_id"): "team_id",
        ("library", "application_id"): "team_id",
        ("accompaniment", "application_id"): "team_id",
        ("accompaniment", "phase_id"): "register_phase_id",
        ("agenda", "token"): "feed_token",
    }
    return by_room.get((room, name), name)


def make_matrix(portals: Portals, now: datetime) -> Matrix:
    """Build both authorities and sign everybody in."""
    app = portals.fresh("sqlite", "matrix")
    app.config["WTF_CSRF_ENABLED"] = False  # every cell would stop at the missing token
    with app.app_context():
        event.listen(database.engine, "connect", _without_waiting)
    with app.app_context(), Session(database.engine, expire_on_commit=False) as session:
        own, foreign = (make_house(session, now=now, code=code) for code in ("venezia", "bari"))
        session.commit()
    return Matrix(app, own, foreign, now)


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _cookie(app: Flask, token: str | None) -> dict[str, str]:
    client = app.test_client()
    if token is None:
        return {}
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    cookie = client.get_cookie("session")
    assert cookie is not None
    return {"Cookie": f"session={cookie.value}"}
