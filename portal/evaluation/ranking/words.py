"""The sentences of an explanation, in both languages; a test keeps the two tables alike.

They are data and not catalogue entries, because an explanation is written in the language asked for,
outside any request.
"""

from collections.abc import Mapping

ITALIAN: Mapping[str, str] = {
    "application": "Domanda {reference}, linea {line}.",
    "area": "Area: {area}.",
    "request": "Contributo richiesto: EUR {requested}. Cofinanziamento: {cofinancing} %. Ordine"
    " di protocollo: {order}.",
    "not_counted": "Punteggi non conteggiati per astensione di: {evaluators}.",
    "panel": "Commissari che contano: {count} ({evaluators}).",
    "mean": "{criterion} (da 0 a {maximum}): {points}; somma {sum} / {count} = {exact}, pubblicato {published}.",
    "threshold_met": "  Minimo {minimum}: raggiunto con {published}.",
    "threshold_missed": "  Minimo {minimum}: non raggiunto con {published}.",
    "sum": "Somma esatta delle medie: {exact}.",
    "capped": "La somma supera il tetto di {cap}: vale {cap}.",
    "total": "Punteggio totale, arrotondato una sola volta a {decimals} decimali ({rounding}): {total}.",
    "half_up": "la metà per eccesso",
    "half_even": "la metà alla cifra pari",
    "position": "Posizione in graduatoria: {position}.",
    "no_position": "Nessuna posizione in graduatoria.",
    "below": "Subito sopra c'è {neighbour}: {decided}.",
    "above": "Subito sotto c'è {neighbour}: {decided}.",
    "decided": "decide {by}, {own} contro {theirs}",
    "joint": "pari posizione, a parità di punteggio ({own}) e di tutti i criteri di preferenza",
    "by_total": "il punteggio totale",
    "by_criterion": "il punteggio del criterio {criterion}",
    "by_lower_request": "il contributo richiesto più basso",
    "by_higher_cofinancing": "il cofinanziamento più alto",
    "by_protocol": "l'ordine di protocollo",
    "budget": "Linea {line}: EUR {budget}; assegnati prima EUR {before}, disponibili EUR {left}.",
    "awarded": "Assegnati EUR {awarded} su EUR {requested} richiesti; totale progressivo EUR {cumulative}.",
    "outcome": "Esito: {outcome}.",
    "funded": "ammessa e finanziata",
    "funded_partially": "ammessa e finanziata in parte",
    "suitable_not_funded": "idonea non finanziata",
    "not_suitable": "non idonea",
    "inadmissible": "non ammissibile",
    "not_admitted": "Motivo: la domanda non ha superato la verifica di ammissibilità; non riceve punteggi.",
    "below_criterion_minimum": "Motivo: nel criterio {criterion} ha {points} punti, il minimo è {minimum}.",
    "below_total_minimum": "Motivo: ha {points} punti in totale, il minimo è {minimum}.",
    "remainder_granted": "Motivo: restano EUR {left_cents} su EUR {requested_cents} richiesti,"
    " almeno il minimo"
    " di EUR {least_cents}: il resto è assegnato in parte.",
    "remainder_too_small": "Motivo: restano EUR {left_cents} su EUR {requested_cents}"
    " richiesti, meno del minimo"
    " di EUR {least_cents} per un contributo parziale.",
    "budget_too_small": "Motivo: restano EUR {left_cents}, non bastano per EUR {requested_cents} richiesti.",
    "line_closed": "Motivo: l'assegnazione si è fermata più in alto in graduatoria; restano EUR {left_cents}.",
    "draw_needed": "Motivo: {count} domande a pari posizione chiedono in tutto EUR"
    " {requested_cents} e restano"
    " EUR {left_cents}: serve un sorteggio.",
}

ENGLISH: Mapping[str, str] = {
    "application": "Application {reference}, line {line}.",
    "area": "Area: {area}.",
    "request": "Grant requested: EUR {requested}. Co-financing: {cofinancing} %. Protocol order: {order}.",
    "not_counted": "Scores not counted, because of recusal: {evaluators}.",
    "panel": "Evaluators who count: {count} ({evaluators}).",
    "mean": "{criterion} (0 to {maximum}): {points}; sum {sum} / {count} = {exact}, published {published}.",
    "threshold_met": "  Minimum {minimum}: reached with {published}.",
    "threshold_missed": "  Minimum {minimum}: not reached with {published}.",
    "sum": "Exact sum of the means: {exact}.",
    "capped": "The sum exceeds the cap of {cap}: it counts as {cap}.",
    "total": "Total score, rounded once to {decimals} decimals ({rounding}): {total}.",
    "half_up": "halves up",
    "half_even": "halves to the even digit",
    "position": "Place in the ranking: {position}.",
    "no_position": "No place in the ranking.",
    "below": "Just above is {neighbour}: {decided}.",
    "above": "Just below is {neighbour}: {decided}.",
    "decided": "decided by {by}, {own} against {theirs}",
    "joint": "same place, with equal total ({own}) and equal on every tie-break",
    "by_total": "the total score",
    "by_criterion": "the score of the criterion {criterion}",
    "by_lower_request": "the lower amount requested",
    "by_higher_cofinancing": "the higher co-financing",
    "by_protocol": "the protocol order",
    "budget": "Line {line}: EUR {budget}; EUR {before} awarded before, EUR {left} left.",
    "awarded": "EUR {awarded} awarded of EUR {requested} requested; running total EUR {cumulative}.",
    "outcome": "Outcome: {outcome}.",
    "funded": "suitable and funded",
    "funded_partially": "suitable and funded in part",
    "suitable_not_funded": "suitable, not funded",
    "not_suitable": "not suitable",
    "inadmissible": "not admissible",
    "not_admitted": "Reason: the application did not pass the admissibility check; it receives no scores.",
    "below_criterion_minimum": "Reason: {points} points on the criterion {criterion}, the minimum is {minimum}.",
    "below_total_minimum": "Reason: {points} points in total, the minimum is {minimum}.",
    "remainder_granted": "Reason: EUR {left_cents} left of EUR {requested_cents} requested, at"
    " least the minimum"
    " of EUR {least_cents}: the remainder is granted.",
    "remainder_too_small": "Reason: EUR {left_cents} left of EUR {requested_cents} requested, less than the"
    " minimum of EUR {least_cents} for a partial grant.",
    "budget_too_small": "Reason: EUR {left_cents} left, not enough for the EUR {requested_cents} requested.",
    "line_closed": "Reason: the awards ended further up the ranking; EUR {left_cents} left.",
    "draw_needed": "Reason: {count} applications share the place and request EUR {requested_cents} together,"
    " EUR {left_cents} left: a draw is needed.",
}

WORDS: Mapping[str, Mapping[str, str]] = {"it": ITALIAN, "en": ENGLISH}
