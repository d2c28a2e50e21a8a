"""The dimensions of maturity that the designer offers first: six, with four described levels each.

They are texts of a call, in both languages: whoever designs one changes them as any other text.
"""

from typing import Any

USUAL: tuple[tuple[str, tuple[str, str], tuple[tuple[str, str], ...]], ...] = (
    (
        "governance", ("Governo e forma giuridica", "Governance and legal form"),
        (
            ("Un gruppo di persone, senza regole scritte.", "A group of people, with no written rules."),
            ("Regole scritte e ruoli; la forma giuridica è scelta.",
             "Written rules and roles; the legal form is chosen."),
            ("Ente costituito: gli organi si riuniscono e verbalizzano.",
             "A legal entity: its bodies meet and keep minutes."),
            ("Organi rinnovati, deleghe chiare, decisioni condivise con chi ne è toccato.",
             "Bodies are renewed, powers are clear, decisions are shared with those they touch."),
        ),
    ),
    (
        "team", ("Squadra", "Team"),
        (
            ("Tutto dipende da una o due persone.", "Everything depends on one or two people."),
            ("I compiti sono divisi; mancano alcune competenze.", "Tasks are divided; some skills are missing."),
            ("Le competenze ci sono, e chi manca viene sostituito.",
             "The skills are there, and whoever is missing is replaced."),
            ("Chi lavora è retribuito, si forma e forma altri.", "Those who work are paid, learn and teach others."),
        ),
    ),
    (
        "economy", ("Modello economico", "Economic model"),
        (
            ("Solo volontariato o questo contributo.", "Volunteers or this grant alone."),
            ("Un piano dei ricavi, ancora da provare.", "A plan of income, still to be tried."),
            ("Prime entrate proprie, ripetute.", "First income of its own, more than once."),
            ("Entrate da più fonti coprono i costi correnti.", "Income of several sources covers running costs."),
        ),
    ),
    (
        "impact", ("Impatto", "Impact"),
        (
            ("Il cambiamento atteso è un'intenzione.", "The change hoped for is an intention."),
            ("Si sa per chi e che cosa cambia; pochi dati.", "It is known for whom what changes; few data."),
            ("I risultati si misurano e si discutono.", "Results are measured and discussed."),
            ("Le misure guidano le scelte e si rendono pubbliche.", "Measures guide choices and are made public."),
        ),
    ),
    (
        "roots", ("Radici nel quartiere", "Roots in the district"),
        (
            ("Pochi contatti nel quartiere.", "Few contacts in the district."),
            ("Alcune realtà collaborano su singole attività.", "Some others work along on single activities."),
            ("Accordi stabili con scuole, servizi, associazioni.",
             "Lasting agreements with schools, services, associations."),
            ("Gli abitanti partecipano e sostengono l'iniziativa.", "Residents take part and support it."),
        ),
    ),
    (
        "accounts", ("Adempimenti e conti", "Compliance and accounts"),
        (
            ("Ricevute raccolte, nessuna contabilità.", "Receipts are kept, there are no accounts."),
            ("Prima nota e scadenze principali.", "A cash book and the main deadlines."),
            ("Bilancio approvato, adempimenti in regola.", "Accounts approved, duties in order."),
            ("Controllo di gestione e previsione di cassa.", "Costs are steered and cash is foreseen."),
        ),
    ),
)  # fmt: skip


USUAL_WARNINGS = {"silent_days": 45, "drop": 1, "gap": 2, "overdue_days": 30}
"""Figures that an officer may begin with."""


def usual_dimensions() -> list[dict[str, Any]]:
    """The dimensions as a document of a design holds them."""
    return [
        {"key": key, "name": _text(name), "levels": [{"name": _text(level)} for level in levels]}
        for key, name, levels in USUAL
    ]


def _text(both: tuple[str, str]) -> dict[str, str]:
    return {"it": both[0], "en": both[1]}
