"""Acts on several applications in words."""

from collections.abc import Callable, Mapping

from portal.applications.inbox.rules import Act
from portal.core.i18n import lazy_, ngettext

ACTS: Mapping[Act, object] = {
    Act.TAKE: lazy_("Take in charge"),
    Act.LEAVE: lazy_("Give back to the office"),
    Act.MARK: lazy_("Mark for admissibility"),
    Act.UNMARK: lazy_("Take the mark away"),
}
EFFECTS: Mapping[Act, object] = {
    Act.TAKE: lazy_("These applications are yours to follow: their messages are told to you alone."),
    Act.LEAVE: lazy_("Nobody has these applications in charge any more: the whole office is told of their messages."),
    Act.MARK: lazy_(
        "These applications are marked for the decision on admissibility: every officer finds them on the desk."
        " Nothing is decided, and no applicant is told."
    ),
    Act.UNMARK: lazy_("These applications are no longer marked for the decision on admissibility."),
}


def _taken(number: int) -> str:
    return str(ngettext("%(num)d application is now yours.", "%(num)d applications are now yours.", number))


def _left(number: int) -> str:
    return str(ngettext("%(num)d application was given back.", "%(num)d applications were given back.", number))


def _marked(number: int) -> str:
    return str(ngettext("%(num)d application was marked.", "%(num)d applications were marked.", number))


def _unmarked(number: int) -> str:
    return str(ngettext("%(num)d mark was taken away.", "%(num)d marks were taken away.", number))


DONE: Mapping[Act, Callable[[int], str]] = {
    Act.TAKE: _taken,
    Act.LEAVE: _left,
    Act.MARK: _marked,
    Act.UNMARK: _unmarked,
}
