"""Events of grants and milestones in words."""

from portal.core.i18n import lazy_
from portal.grants.changes.labels import EVENTS as CHANGES
from portal.milestones.costs.labels import EVENTS as COSTS

GRANT = {
    **CHANGES,
    **COSTS,
    "grant.award": lazy_("Grant awarded"),
    "grant.answer": lazy_("Grant accepted by the recipient"),
    "check.record": lazy_("Check before signing recorded"),
    "sample.draw": lazy_("Sample of grants drawn"),
    "aid.record": lazy_("De minimis aid written into the register"),
    "aid.cor": lazy_("Code of the aid register recorded"),
    "aid.linked": lazy_("Linked undertaking recorded"),
    "aid.link_ended": lazy_("Link between undertakings ended"),
    "aid.activity": lazy_("Economic activity of the organisation decided"),
    "incorporation.step": lazy_("Step to the legal entity shown by the group"),
    "grant.published_again": lazy_("Published text of the grant corrected"),
    "grant.verification_confirmed": lazy_("Requirements checked"),
    "grant.activated": lazy_("Agreement in force: the project begins"),
    "grant.publish": lazy_("Grant published (art. 26-27 of D.Lgs. 33/2013)"),
    "incorporation.record": lazy_("Legal entity recorded by the group"),
    "incorporation.confirm": lazy_("Legal entity confirmed by the office"),
    "agreement.prepare": lazy_("Agreement prepared"),
    "agreement.sign": lazy_("Agreement signed by the recipient"),
    "agreement.countersign": lazy_("Agreement countersigned"),
    "agreement.accept": lazy_("Agreement accepted on the portal by the recipient"),
    "agreement.returned": lazy_("Signature of the agreement sent back by the office"),
    "library.written": lazy_("Text of the library written"),
    "library.retired": lazy_("Text of the library retired"),
    "library.offered_again": lazy_("Text of the library offered again"),
    "cup.record": lazy_("CUP recorded"),
    "milestone.planned": lazy_("Milestone planned"),
    "milestone.plan": lazy_("Milestone changed"),
    "milestone.forecast": lazy_("Another day expected for a milestone"),
    "milestone.replanned": lazy_("Milestone changed with the plan"),
    "milestone.waived": lazy_("Milestone fell away with the grant"),
    "report.submit": lazy_("Report sent"),
    "report.return": lazy_("Report returned to the team"),
    "report.accept": lazy_("Report accepted"),
}
