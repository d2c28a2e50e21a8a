"""Teams of a call of two phases: their people write the idea, then the project that begins with what it said."""

from uuid import UUID

from playwright.sync_api import expect

from portal.access.policy import Tie
from portal.access.queries import person_by_email
from portal.applications.operations import submit_with_everything
from portal.applications.queries import application_of
from tests.browser.steps import applying, granting
from tests.browser.steps.people import Somebody, Stage, it, it_in_part
from tests.factories.base import join
from tests.factories.journey import Entity, Proposal, address_of
from tests.factories.phases import fill_draft

TEXT = (
    "Sui tetti del quartiere, in tre condomini che hanno già detto di sì, quaranta persone di ogni età coltivano "
    "insieme e imparano un mestiere; chi abita sotto sale quando vuole."
)
PEOPLE = (
    ("Giulia Conti", "coordina", "1996-05-12", "woman"),
    ("Omar Haddad", "tiene i laboratori", "1998-11-03", "man"),
)
IDEA = ("Il bisogno", "L'idea", "Che cosa c'è di nuovo", "Come può reggersi")
PROJECT = ("Il bisogno", "Le attività", "Le persone a cui è rivolto", "Che cosa c'è di nuovo")
COSTS = (("staff", "Formatrice", "300", "40,00"), ("equipment", "Cassoni e terra", "1", "6.500,00"))
NO = "No"
OF_GROUPS, OF_BODIES = "Le persone del gruppo", "Che cosa avete già fatto"
CARRIED = (
    "%(count)s answers came from your application %(reference)s and are marked. Read them again, and change what is"
    " different now."
)


def section(who: Somebody, draft: str, key: str) -> Somebody:
    """A section of a draft."""
    return who.visit(f"{draft}/sections/{key}")


def bring_a_mate(stage: Stage, proposal: Proposal, mate: str) -> None:
    """A second person of the group, who writes with the first: inviting somebody is shown elsewhere."""
    with stage.session() as session:
        person = person_by_email(session, address_of(mate))
        application = application_of(session, _key(stage, proposal))
        assert person is not None
        join(session, person, application.organisation, Tie.EDITOR, now=stage.clock())


def write_the_idea(stage: Stage, proposal: Proposal, mate: str) -> None:
    """One of the group says who they are, the other what they have in mind."""
    draft = stage.facts[proposal.person]
    who = section(stage.person(proposal.person), draft, "who")
    for number, cells in enumerate(PEOPLE):
        for key, text in zip(("name", "role", "born_on"), cells[:3], strict=True):
            who.page.fill(f"[name='team.{number}.{key}']", text)
        who.page.select_option(f"[name='team.{number}.gender']", cells[3])
    who.fill("Quante di queste persone hanno meno di 35 anni", "2")
    who.fill("Quante di queste persone sono donne", "1")
    who.tick("Dichiaro che tutte le persone")
    who.press("Save and go on").heading("L'idea")
    other = section(stage.person(mate), draft, "idea")
    other.fill("Titolo", proposal.title)
    other.page.select_option("[name=area]", "municipio_5")
    other.fill("In una frase", "Orti e laboratori sui tetti, per chi abita nei condomini.")
    for label in IDEA:
        other.fill(label, TEXT)
    other.press("Save and go on").heading("Dichiarazioni")
    other.choose("Avete ricevuto altri fondi pubblici", NO)
    other.press("Save and go on")


def begin_the_project(stage: Stage, proposal: Proposal) -> None:
    """From the desk: the invitation; the draft begins with what the idea said, and each answer is marked."""
    who = stage.person(proposal.person).take_step(it("Write the project of %(title)s", title=proposal.title))
    who.sees("may enter").press("Begin")
    stage.facts[f"{proposal.person}:idea"] = stage.facts[proposal.person]
    stage.facts[proposal.person] = who.path
    who.sees(it_in_part(CARRIED))


def write_the_project(stage: Stage, proposal: Proposal, mate: str) -> None:
    """What is new since the idea: activities, costs, what comes afterwards."""
    draft = stage.facts[proposal.person]
    who = section(stage.person(proposal.person), draft, "who")
    expect(who.page.locator("[name='team.0.name']")).to_have_value(PEOPLE[0][0])
    other = section(stage.person(mate), draft, "project")
    expect(other.page.locator("[name=title]")).to_have_value(proposal.title)
    for label in PROJECT:
        other.fill(label, TEXT)
    other.press("Save and go on").heading("Piano dei costi")
    section(who, draft, "budget")
    for number, (category, *cells) in enumerate(COSTS):
        if number:
            who.main.locator("#q-cost_plan-add").click()
        row = who.page.locator(f"[name='cost_plan.{number}.category']")
        row.select_option(category)
        for key, text in zip(("item", "quantity", "unit_cost"), cells, strict=True):
            who.page.fill(f"[name='cost_plan.{number}.{key}']", text)
    who.fill("Contributo richiesto", proposal.requested)
    who.press("Save and go on").heading("Dopo il contributo")
    who.fill("Come continuerà", TEXT)
    who.press("Save and go on").heading("Dichiarazioni")
    who.choose("Avete ricevuto altri fondi pubblici", NO)
    who.press("Save and go on")
    applying.attach_two_files(stage, proposal)


def find_the_own_form(stage: Stage, proposal: Proposal) -> None:
    """Each kind of applicant is asked what concerns it: the group for its people, the body for what it has done."""
    who = section(stage.person(proposal.person), stage.facts[proposal.person], "who")
    mine, other = (OF_GROUPS, OF_BODIES) if proposal.is_group else (OF_BODIES, OF_GROUPS)
    expect(who.main.get_by_text(mine).first).to_be_visible()
    expect(who.main.get_by_text(other)).to_have_count(0)
    section(who, stage.facts[proposal.person], "idea").fill("Titolo", proposal.title)
    who.press("Save").follow("To the list").heading(proposal.title)


def ask_for_too_much(stage: Stage, proposal: Proposal, amount: str) -> None:
    """The own share of its kind of applicant is not kept: said with the figures, and mended at the field."""
    who = section(stage.person(proposal.person), stage.facts[proposal.person], "budget")
    for typed in (amount, proposal.requested):
        who.fill("Contributo richiesto", typed)
        who.press("Save").follow("To the list").follow("Check everything")
        if typed == amount:
            who.sees("(10 %)").sees(f"€ {proposal.requested}").follow("Piano dei costi")
    who.sees("Nothing is missing.")


def read_the_own_share(stage: Stage, proposal: Proposal, own: str) -> None:
    """What the check shows before sending: enough for this kind of applicant."""
    who = stage.person(proposal.person).visit(f"{stage.facts[proposal.person]}/send")
    who.sees("Nothing is missing.").sees(f"€ {proposal.requested}").sees(f"€ {own}")


def fill(stage: Stage, proposal: Proposal) -> None:
    """The rest of a draft without pages: elsewhere they are shown."""
    with stage.session() as session:
        application = application_of(session, _key(stage, proposal))
        fill_draft(session, application, stage.actor(session, proposal.person), stage.clock())


def send(stage: Stage, proposal: Proposal) -> None:
    """Confirmed, declared and sent, without pages."""
    now = stage.clock()
    with stage.session() as session:
        actor = stage.actor(session, proposal.person)
        submit_with_everything(session, application_id=_key(stage, proposal), actor=actor, received_at=now, now=now)


def _key(stage: Stage, proposal: Proposal) -> UUID:
    return UUID(stage.facts[proposal.person].rsplit("/", 1)[1])


def become_an_entity_first(stage: Stage, proposal: Proposal, entity: Entity) -> None:
    """The project is closed to a group: it records its entity, the office confirms, and it says who represents it."""
    who = stage.person(proposal.person).visit(f"/calls/{proposal.call}/apply").sees("may not enter yet")
    who.follow("Record the legal entity").heading("The group becomes a legal entity")
    granting.record_the_entity(stage, proposal.person, entity, who.path)
    granting.confirm_the_entity(stage, proposal.person, entity, who.path)
    who.visit(f"{stage.facts[f'{proposal.person}:organisation']}/edit")
    who.fill("Legal representative", "Ciro Russo")
    who.press("Save").heading(entity.name)
