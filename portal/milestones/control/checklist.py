"""The checklist of a first-level control where a call declares none (Reg. 2021/1060, art. 63, 74)."""

from collections.abc import Sequence

from portal.calls.rules import CallDesign, ControlQuestion

HOUSE = (
    ControlQuestion("project", {
        "it": "Le spese riguardano il progetto approvato e le voci del piano in vigore",
        "en": "The costs belong to the approved project and to the categories of the plan in force"}),
    ControlQuestion("period", {
        "it": "Le spese sono sostenute e pagate nel periodo ammesso",
        "en": "The costs were borne and paid within the eligible period"}),
    ControlQuestion("documents", {
        "it": "I documenti sono regolari e riportano il CUP o un riferimento al progetto",
        "en": "The documents are regular and bear the CUP or a reference to the project"}),
    ControlQuestion("paid", {
        "it": "I pagamenti sono tracciabili e corrispondono ai documenti",
        "en": "The payments can be traced and correspond to the documents"}),
    ControlQuestion("once", {
        "it": "Nessuna spesa è finanziata due volte o coperta da un tasso forfettario",
        "en": "No cost is financed twice or covered by a flat rate"}),
    ControlQuestion("suppliers", {
        "it": "I fornitori sono scelti con criteri chiari e non sono in conflitto di interessi",
        "en": "Suppliers were chosen by clear criteria and have no conflict of interests"}),
    ControlQuestion("accounts", {
        "it": "La contabilità è separata o usa un codice per il progetto",
        "en": "The accounts are separate or use a code for the project"}),
    ControlQuestion("visibility", {
        "it": "Il sostegno ricevuto è reso visibile come chiede l'avviso",
        "en": "The support received is made visible as the call asks"}),
    ControlQuestion("results", {
        "it": "Quanto dichiarato trova riscontro nelle attività e nei risultati",
        "en": "What was declared is borne out by activities and results"}),
)  # fmt: skip


def checklist_of(design: CallDesign) -> Sequence[ControlQuestion]:
    """The questions of a call, or those of the house."""
    return design.control.checklist or HOUSE
