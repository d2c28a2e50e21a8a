"""Invented names and words: plausible in Italian, of nobody in particular. Pure."""

import hashlib

FIRST = (
    "Abele", "Adalgisa", "Brunello", "Calogera", "Diamante", "Ermelinda", "Fiordaliso", "Ginevra", "Ildebrando",
    "Lavinia", "Melchiorre", "Nives", "Onorina", "Placido", "Quirino", "Rosalba", "Saverio", "Tecla", "Ubaldo",
    "Zelinda",
)  # fmt: skip
LAST = (
    "Altomonte", "Belpasso", "Cantarini", "Dellequerce", "Erbasanta", "Fontechiara", "Granaio", "Lunardelli",
    "Marechiaro", "Nespolino", "Ortolani", "Pietralunga", "Querciola", "Roccaforte", "Solealto", "Tramontini",
    "Umbriani", "Vallombrosa", "Zagarella",
)  # fmt: skip
ENTITIES = (
    "Officina del Cortile", "Mani Larghe", "Il Forno di Quartiere", "Ponte di Corda", "Le Stanze Aperte",
    "Terra di Mezzo Sociale", "La Bottega Lenta", "Radici in Città", "Il Filo Comune", "Casa delle Chiavi",
    "Cantiere di Via Larga", "La Corte dei Mestieri",
)  # fmt: skip
GROUPS = (
    "Quelli del ballatoio", "Gruppo Lanterna", "Orti in volo", "Le sedie in strada", "Banda del martedì",
    "Cinque finestre", "Gruppo Ringhiera", "Mezzogiorno insieme", "I vicini di sopra", "Gruppo Tramvia",
    "Il giovedì al portone", "Gruppo Belvedere",
)  # fmt: skip
TITLES = (
    "Una portineria per tutto l'isolato", "La cucina che insegna", "Riparare insieme", "Il doposcuola degli artigiani",
    "Orti sui tetti", "La lavanderia del quartiere", "Biblioteca delle cose", "Cortili che suonano",
    "Sartoria di seconda mano", "Il mercato delle competenze",
)  # fmt: skip
SENTENCES = (
    "Lo spazio apre cinque giorni a settimana e resta gratuito per chi abita nel quartiere.",
    "Ogni attività nasce da un incontro con chi la userà e viene rivista ogni tre mesi.",
    "Il gruppo conta sulla collaborazione della scuola e della parrocchia vicine.",
    "Le entrate vengono da piccole quote, da servizi alle imprese e dal lavoro dei soci.",
    "Due persone seguono i conti, una terza controlla che tornino.",
    "I corsi si tengono nel pomeriggio e la sera, con un servizio per i bambini.",
    "Nel secondo anno il progetto si regge senza contributo.",
    "Le misure si raccolgono con un registro semplice, tenuto all'ingresso.",
    "Gli arredi vengono da recupero e restano di proprietà comune.",
    "Chi è in difficoltà trova un orientamento e, se serve, un accompagnamento ai servizi.",
)  # fmt: skip
REASONS = (
    "Proposta chiara, con obiettivi misurabili e risorse proporzionate.",
    "Il bisogno è descritto bene; il piano dei tempi resta da precisare.",
    "Rete di partner credibile, con compiti distinti.",
)


def steady(key: str, below: int) -> int:
    """A number from 0 to `below` - 1 that is always the same for a key: variety without chance."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big") % below


def full_name(key: str) -> str:
    """A name and a surname."""
    return f"{FIRST[steady(key + 'n', len(FIRST))]} {LAST[steady(key + 's', len(LAST))]}"
