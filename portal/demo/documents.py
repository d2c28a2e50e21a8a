"""What the office knows of one applicant: a statute it verified, an extract that waits on its desk."""

from portal.access.operations.facts import FactSeen, offer_fact, record_fact
from portal.access.rules import FactKind
from portal.demo.stage import Stage

WHOSE = "punto-croce-largo"


def hand_in_documents(stage: Stage) -> None:
    """The statute is attached to applications with one click; the officer finds the extract among the due steps."""
    organisation_id = stage.organisations[WHOSE]
    record_fact(
        stage.session, organisation_id=organisation_id, actor=stage.actor("officer"), now=stage.at(-30),
        seen=FactSeen(FactKind.STATUTE, stage.day(-400), "Registro imprese, copia conforme"),
        upload=stage.pdf("Statuto", "Copia conforme all'originale."),
    )  # fmt: skip
    offer_fact(
        stage.session, organisation_id=organisation_id, kind=FactKind.REGISTER_EXTRACT, issued_on=stage.day(-6),
        upload=stage.pdf("Visura camerale", "Camera di commercio di Bari."), actor=stage.actor(stage.owner_of(WHOSE)),
        now=stage.at(-2),
    )  # fmt: skip
