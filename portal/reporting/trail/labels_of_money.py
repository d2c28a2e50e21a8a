"""Events of guarantees, taxes, limits and batches in words, and what they happen to."""

from portal.core.i18n import lazy_

RELEASING = {
    "guarantee.record": lazy_("Guarantee recorded by the recipient"),
    "guarantee.verify": lazy_("Guarantee verified by finance"),
    "guarantee.refuse": lazy_("Guarantee refused"),
    "guarantee.release": lazy_("Guarantee given back by an act"),
    "guarantee.call": lazy_("Guarantee called"),
    "irregularity.open": lazy_("Irregularity opened: payments stop"),
    "irregularity.reply": lazy_("The recipient replied to an irregularity"),
    "irregularity.close": lazy_("Irregularity closed"),
    "irregularity.open_again": lazy_("Irregularity opened again: payments stop"),
    "irregularity.report": lazy_("Irregularity reported to the European body"),
    "recovery.decide": lazy_("Money asked back by an act"),
    "recovery.record": lazy_("Money that came back recorded"),
    "recovery.reverse": lazy_("Recovery taken back"),
    "recovery.receipt_reversed": lazy_("Receipt of a recovery taken out"),
    "tax_check.record": lazy_("Answer on tax debts recorded"),
    "release_limit.set": lazy_("Limit of releases set"),
    "release_batch.released": lazy_("Several tranches released together"),
}
THINGS = {
    "guarantee": lazy_("Guarantee"),
    "irregularity": lazy_("Irregularity"),
    "irregularity_step": lazy_("Irregularity"),
    "recovery": lazy_("Recovery"),
    "release_batch": lazy_("Batch of releases"),
}
