"""What applicants are asked: the form, and files beside it."""

from dataclasses import dataclass, field

from portal.questionnaires.rules.design import Exact, Section, Text


@dataclass(frozen=True)
class DocumentRequest(Exact):
    """A file asked of applicants of these kinds."""

    key: str
    name: Text
    required_for: list[str] = field(default_factory=list)
    accept: list[str] = field(default_factory=lambda: ["pdf"])
    max_mb: int = 10
    help: Text | None = None
    strip_metadata: bool = False


@dataclass(frozen=True)
class Questionnaire(Exact):
    """A form: of the application, or of the technical part of a report."""

    sections: list[Section]
