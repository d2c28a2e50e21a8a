"""How payments leave the portal: one small interface, and one exporter chosen for each authority."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.access.rules.authorities import PaymentExporter
from portal.payments.exporters.batch import Batch, Debtor, OutFile, Payment, Unwritable
from portal.payments.exporters.payment_list import payments_csv, payments_xlsx
from portal.payments.exporters.sepa import sepa_file


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes the files of a batch, the one that is sent first; `from_an_account`: it names the account that pays."""

    write: Callable[[Batch], tuple[OutFile, ...]]
    from_an_account: bool = False


def _sepa(batch: Batch) -> tuple[OutFile, ...]:
    return sepa_file(batch), payments_csv(batch.payments)


def _list(batch: Batch) -> tuple[OutFile, ...]:
    return payments_xlsx(batch.payments), payments_csv(batch.payments)


EXPORTERS = {
    PaymentExporter.SEPA: Exporter(_sepa, from_an_account=True),
    PaymentExporter.LIST: Exporter(_list),
}
"""How the authority that pays has chosen: a file for its bank, or a list for its accounting, which orders the rest."""

__all__ = ["EXPORTERS", "Batch", "Debtor", "Exporter", "OutFile", "Payment", "Unwritable"]
