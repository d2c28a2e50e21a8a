"""The call of the twin: what can be interpreted, written by one officer, approved by another, published by an act."""

from datetime import timedelta

from portal.access.policy import Role
from portal.calls.callfile import design_from_json
from portal.calls.operations import approve_call, import_call, publish_call
from portal.calls.rules import CallDesign
from portal.calls.rules.validity import Fault, faults_of, not_yet, publication_faults
from portal.core.i18n import lazy_
from portal.core.instants import Instant
from portal.rehearsal.play import CannotGoOn, Play
from portal.rehearsal.playable import playable
from portal.rehearsal.rules import ROME
from portal.rehearsal.saying import Said
from portal.rehearsal.twin import STAFF, evaluators_of, info_of

FOUNDED = timedelta(days=400)
"""How long before the call opens everybody was there already."""
ACT = "PROVA/1"


def publish_the_twin(play: Play) -> None:
    """Copy the design into the past, and publish it; what is left out stands in the report with its place."""
    source = design_from_json(play.rehearsal.definition)
    _must_be_whole(play, faults_of(source))
    for fault in not_yet(source):
        play.impossible(lazy_("Left out of the rehearsal: %(words)s", words=fault.words), place=fault.place)
    design = playable(
        source, twin=info_of(play.rehearsal.twin), number=play.rehearsal.number,
        today=play.now.astimezone(ROME).date(),
    )  # fmt: skip
    _must_be_whole(play, publication_faults(design))
    _publish(play, design)


def _must_be_whole(play: Play, faults: list[Fault]) -> None:
    for fault in faults:
        play.impossible(lazy_("%(words)s %(mend)s", words=fault.words, mend=fault.mend), place=fault.place)
    if faults:
        raise CannotGoOn


def _publish(play: Play, design: CallDesign) -> None:
    opens = design.phases[0].opens.replace(tzinfo=ROME)
    for key, role in STAFF:
        play.troupe.invite(key, role=role, now=opens - FOUNDED)
    most = max(design.at_phase(each.key).evaluators_per_application for each in design.phases)
    wanted = evaluators_of(most)
    for key in wanted:
        play.troupe.invite(key, role=Role.EVALUATOR, now=opens - FOUNDED)
    before = opens - timedelta(days=12)
    call = import_call(play.session, design=design, actor=play.actor("author", before), now=before)
    play.rehearsal.call = call
    play.session.flush()
    approved = opens - timedelta(days=9)
    approve_call(play.session, call_id=call.id, actor=play.actor("officer", approved), now=approved)
    published = opens - timedelta(days=5)
    act = design.acts[0] if design.acts and design.acts[0].date <= published.date() else None
    publish_call(
        play.session, call_id=call.id, act_number=act.number if act else ACT,
        act_date=act.date if act else (published - timedelta(days=1)).date(),
        actor=play.actor("officer", published), now=published,
    )  # fmt: skip
    play.session.refresh(call)
    play.done(
        lazy_("“%(title)s” was approved by a second person and published: open from %(opens)s to %(closes)s.",
              title=Said(call.title), opens=Instant(call.phases[0].opens_at),
              closes=Instant(call.phases[0].closes_at)),
        path=f"/manage/calls/{call.slug}",
    )  # fmt: skip
