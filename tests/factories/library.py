"""Texts of the library, and calls whose agreements are composed from it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.calls.rules import CallDesign
from portal.calls.rules.design import AgreementDesign
from portal.core.actor import Actor
from portal.grants.library.fields import TextKind
from portal.grants.library.operations import Words, write_text
from portal.grants.models import LibraryText
from tests.factories.base import bari_design

CLAUSES = {
    "oggetto": ("Oggetto", "Contributo a {{ recipient }} per «{{ project }}»: **{{ amount }}**."),
    "durata": ("Durata", "Si conta dalla firma.\n\n{{ milestones }}\n\n{{ tranches }}"),
    "soci": ("Soci lavoratori", "La cooperativa li comunica."),
}


def make_text(
    session: Session, authority: Authority, *, by: Actor, now: datetime, kind: TextKind = TextKind.CLAUSE,
    key: str = "oggetto", title: str = "Oggetto", body: str = "Tra {{ recipient }} e {{ authority }}.",
    forms: tuple[str, ...] = (),
) -> LibraryText:  # fmt: skip
    """One text with its first version."""
    words = Words(title, body, forms)
    return write_text(session, authority_id=authority.id, kind=kind, key=key, words=words, actor=by, now=now)


def fill(session: Session, authority: Authority, *, by: Actor, now: datetime) -> dict[str, LibraryText]:
    """The clauses above; the last serves cooperatives alone."""
    return {
        key: make_text(
            session, authority, by=by, now=now, key=key, title=title, body=body,
            forms=("social_cooperative",) if key == "soci" else (),
        )
        for key, (title, body) in CLAUSES.items()
    }  # fmt: skip


def composed_design(**given: Any) -> CallDesign:
    """A call whose agreement is made of the clauses above."""
    return replace(bari_design(), agreement=AgreementDesign(**({"clauses": list(CLAUSES)} | given)))
