"""What states, steps and lines of a rehearsal are called."""

from portal.core.i18n import lazy_
from portal.rehearsal.rules import Breach, Fate, Level, RehearsalStatus, Step

STATUS = {
    RehearsalStatus.PREPARED: (lazy_("about to begin"), "neutral"),
    RehearsalStatus.RUNNING: (lazy_("under way"), "progress"),
    RehearsalStatus.FINISHED: (lazy_("played to the end"), "success"),
    RehearsalStatus.FAILED: (lazy_("stopped before the end"), "danger"),
    RehearsalStatus.CLOSED: (lazy_("closed"), "neutral"),
}
STEP = {
    Step.DESIGN: lazy_("The call is published"),
    Step.CAST: lazy_("Invented applicants come"),
    Step.APPLICATIONS: lazy_("Applications are written and sent"),
    Step.ADMISSIBILITY: lazy_("Admissibility is decided"),
    Step.COMMISSION: lazy_("The commission is appointed"),
    Step.SCORES: lazy_("Applications are scored"),
    Step.RANKING: lazy_("The ranking is published"),
    Step.ACCOMPANIMENT: lazy_("Teams are accompanied and invited"),
    Step.ENTITIES: lazy_("Groups become legal entities"),
    Step.AWARDS: lazy_("Grants are awarded"),
    Step.AGREEMENTS: lazy_("Agreements are signed"),
    Step.COACHING: lazy_("Teams are coached"),
    Step.PAYMENTS: lazy_("Milestones are reported, tranches paid"),
    Step.FINDINGS: lazy_("The whole is looked at once more"),
}
LEVEL = {
    Level.DONE: (lazy_("done"), "success"),
    Level.HELD: (lazy_("held"), "info"),
    Level.WARNING: (lazy_("think about it"), "warning"),
    Level.IMPOSSIBLE: (lazy_("not possible"), "danger"),
}
BREACH = {
    Breach.AGES: lazy_("the ages of its people"),
    Breach.MEMBERS: lazy_("the least number of people"),
    Breach.ORGANISATIONS: lazy_("the least number of organisations"),
    Breach.OWN_SHARE: lazy_("the own share"),
    Breach.AMOUNT: lazy_("the largest grant"),
}
FATE = {
    Fate.SOUND: lazy_("does everything as it should"),
    Fate.WEAK: lazy_("gets low marks"),
    Fate.INADMISSIBLE: lazy_("has no right to take part"),
    Fate.INCOMPLETE: lazy_("leaves an answer out"),
    Fate.LATE: lazy_("sends too late"),
    Fate.UNFIT: lazy_("does not keep a duty"),
    Fate.ABSENT: lazy_("hardly attends the accompaniment"),
    Fate.STILL_INFORMAL: lazy_("does not become a legal entity"),
}
