"""The office's page of files that evaluators are not shown while names are hidden."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.calls.models import Phase
from portal.core.actor import Actor
from portal.evaluation.queries.naming import kept_from
from portal.evaluation.queries.progress import seated
from portal.evaluation.queries.withheld import WithheldFile, withheld_files


@dataclass(frozen=True, slots=True)
class WithheldPage:
    """A phase and the files withheld in its round, as far as the reader may know."""

    phase: Phase
    files: list[WithheldFile]

    @property
    def waiting(self) -> list[WithheldFile]:
        """About which nothing was done yet."""
        return [each for each in self.files if each.waits]

    @property
    def done(self) -> list[WithheldFile]:
        """Those that are shown after all."""
        return [each for each in self.files if not each.waits]


def withheld_page(session: Session, actor: Actor, slug: str, phase_key: str | None) -> WithheldPage:
    """The files of the last phase that has a commission, or of the one asked for."""
    phase, _commission = seated(session, actor, slug, phase_key, Action.FILE_RELEASE)
    return WithheldPage(phase, withheld_files(session, [phase], without=kept_from(session, actor, phase.id)))
