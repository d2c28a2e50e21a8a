"""Vivaio: from a call for proposals to an organisation that lasts."""
