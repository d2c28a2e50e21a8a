"""Names as they are compared: without accents, legal forms and the words that every name has."""

import re
import unicodedata

_COMMON = """
associazione associazioni ass aps asd odv ets onlus ong cooperativa coop soc societa sociale sociali scs srl impresa
fondazione ente gruppo informale comitato promozione volontariato culturale ats il lo la gli le un una di del dello
della dei degli delle da dal dalla in nel nella con per tra fra the and of
"""
_ANYBODY = """
gmail.com libero.it hotmail.com hotmail.it outlook.com outlook.it yahoo.it yahoo.com tiscali.it virgilio.it alice.it
icloud.com live.it pec.it legalmail.it arubapec.it
googlemail.com live.com msn.com me.com aol.com ymail.com yahoo.co.uk gmx.com gmx.net mail.com proton.me protonmail.com
tutanota.com zoho.com fastwebnet.it inwind.it iol.it tin.it tim.it vodafone.it email.it aruba.it poste.it postecert.it
pecmail.it sicurezzapostale.it cgn.legalmail.it
"""
SAYS_NOTHING = frozenset(_COMMON.split())
"""Words that tell no organisation from another."""
MAILBOXES = frozenset(_ANYBODY.split())
"""Providers where anybody has an address: sharing one links nobody."""
WORDS = re.compile(r"[a-z0-9]+")


def plain(text: str | None) -> str:
    """Words in small letters without accents and marks."""
    bare = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode()
    return " ".join(WORDS.findall(bare.casefold()))


def telling(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, sorted; all of them when none does."""
    words = plain(name).split()
    return tuple(sorted([word for word in words if word not in SAYS_NOTHING] or words))
