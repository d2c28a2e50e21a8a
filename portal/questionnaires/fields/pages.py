"""The pages of a section: a question with `page` begins a new one."""

from dataclasses import dataclass

from portal.questionnaires.rules import FilledForm, Question, Section, Text


@dataclass(frozen=True, slots=True)
class PageOfSection:
    """Questions shown together: `number` counts from 1 among all pages of the section, hidden ones too."""

    number: int
    title: Text | None
    questions: list[Question]


def pages_of(section: Section) -> list[PageOfSection]:
    """Every page of a section, in order; one where no question begins another."""
    pages: list[PageOfSection] = []
    for question in section.questions:
        if not pages or question.page is not None:
            pages.append(PageOfSection(len(pages) + 1, question.page, []))
        pages[-1].questions.append(question)
    return pages or [PageOfSection(1, None, [])]


def shown_pages(section: Section, filled: FilledForm) -> list[PageOfSection]:
    """The pages on which something is asked; the first one where nothing is."""
    pages = pages_of(section)
    return [page for page in pages if any(filled.is_visible(question) for question in page.questions)] or pages[:1]
