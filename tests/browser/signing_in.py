"""How people of browser tests come in: by an open session where signing in is not the matter, or by form and code."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person, Totp
from portal.access.operations.second_factor import APP_SEAL
from portal.access.operations.signing_in import sign_in
from portal.access.rules.second_factor import step_of, usable_steps
from portal.core import clock
from portal.core.db import database
from portal.core.secrets import unseal
from tests.factories.second_factor import app_code
from tests.servers import Live


def enter(page: Page, live: Live, email: str) -> Page:
    """Open a whole session for somebody and show their desk: no form, no hash, no code."""
    open_session(page, live, email)
    page.goto("/desk")
    return page


def open_session(page: Page, live: Live, email: str, *, strong: bool = True) -> None:
    """Open a session for somebody: with a second factor given just now, or with the password alone."""
    with live.app.app_context(), Session(database.engine) as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        token, _ = sign_in(session, person=person, user_agent="Chromium", now=clock.now(), strong=strong)
        whose = str(person.id)
        session.commit()
    value = _signed(live.app, {"_user_id": token, "whose": whose})
    page.context.add_cookies([{"name": "session", "value": value, "url": live.url, "httpOnly": True}])


def next_code(app: Flask, email: str) -> str | None:
    """A code of somebody's app that was not used yet; None when those of this minute are used up."""
    instant = clock.now()
    with app.app_context(), Session(database.engine) as session:
        found = session.scalars(
            select(Totp).join(Person, Person.id == Totp.person_id).where(Person.email == email)
        ).one()
        key = unseal(found.sealed_secret, purpose=APP_SEAL)
        steps = usable_steps(instant, found.last_step)
    return app_code(instant, step=steps[0] - step_of(instant), key=key) if steps else None


def _signed(app: Flask, kept: dict[str, str]) -> str:
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(kept))
