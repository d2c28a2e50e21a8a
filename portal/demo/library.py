"""The library of the demonstration, and the calls that compose their agreements from it."""

from typing import Any

from portal.calls.rules.design import AgreementDesign, SignatureWay
from portal.demo import texts
from portal.demo.stage import Stage
from portal.grants.library.fields import TextKind
from portal.grants.library.operations import Words, write_text

AGREEMENT = AgreementDesign(
    clauses=["parti", "oggetto", "importo", "durata", "pagamenti", "impegni", "soci_lavoratori", "revoca",
             "pubblicita_e_dati"],
    signed_by=[SignatureWay.PAPER, SignatureWay.DIGITAL, SignatureWay.PORTAL],
    countersigned_by=[SignatureWay.PORTAL, SignatureWay.DIGITAL],
)  # fmt: skip
"""Of the calls whose office has a library here."""


def fill_library(stage: Stage, authority_code: str) -> None:
    """Clauses and drafts of statutes, written by the officer before the call opened."""
    for kind, name in ((TextKind.CLAUSE, "clauses"), (TextKind.STATUTE, "statutes")):
        for each in texts.library()[name]:
            _write(stage, authority_code, kind, each)


def _write(stage: Stage, authority_code: str, kind: TextKind, each: dict[str, Any]) -> None:
    words = Words(each["title"], each["body"], tuple(each.get("forms", ())))
    write_text(
        stage.session, authority_id=stage.authorities[authority_code].id, kind=kind, key=each["key"], words=words,
        actor=stage.actor("officer"), now=stage.at(-450),
    )  # fmt: skip
