"""Steps that several forms of an account take."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.access.forms.accounts import AddressForm
from portal.access.operations.links import ask_for_link
from portal.access.operations.passwords import WrongPassword
from portal.access.operations.signing_in import count_attempt, take_back_attempt
from portal.access.queries.accounts import own_person
from portal.access.rules import LinkPurpose
from portal.access.views.signing_in import safe_path
from portal.access.web import current_actor
from portal.core.clock import now
from portal.core.errors import InvalidForm, Refusal
from portal.core.i18n import locale
from portal.core.unit_of_work import AlreadyDone, reading, unit_of_work
from portal.core.web import page
from portal.core.web.forms import show_refusal
from portal.core.web.respond import go_to


def ask(purpose: LinkPurpose, template: str, sent: str) -> ResponseReturnValue:
    form = AddressForm()
    try:
        validated(form)
        wanted = safe_path(form.next.data)
        with unit_of_work() as db:
            ask_for_link(db, purpose=purpose, email=form.email.data, locale=locale(), wanted=wanted, now=now())
    except Refusal as refusal:
        return page(template, show_refusal(form, refusal), form=form)
    return go_to(url_for(sent))


def validated(form: Any) -> None:
    """Refuse what the form itself refuses; its messages stand beside their fields already."""
    if not form.validate():
        raise InvalidForm({})


@contextmanager
def counted_attempt() -> Iterator[None]:
    """Who is signed in may not guess the password either: wrong ones count as those of signing in."""
    with unit_of_work(once=False) as db:
        attempt_id = count_attempt(db, email=own_person(db, current_actor()).email, now=now())
    try:
        yield
    except WrongPassword:
        raise
    except (Refusal, AlreadyDone):
        with unit_of_work(once=False) as db:
            take_back_attempt(db, attempt_id=attempt_id)
        raise


def own_form(template: str, form: Any, status: int = 200) -> ResponseReturnValue:
    with reading() as db:
        return page(template, status, form=form, person=own_person(db, current_actor()))


def said(message: str, location: str) -> ResponseReturnValue:
    flash(message, "success")
    return go_to(location)
