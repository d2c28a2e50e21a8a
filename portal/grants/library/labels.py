"""Words of the library."""

from portal.core.i18n import lazy_
from portal.grants.library.fields import TextKind

KINDS = {
    TextKind.CLAUSE: lazy_("clause of the agreement"),
    TextKind.STATUTE: lazy_("draft of a statute"),
}
