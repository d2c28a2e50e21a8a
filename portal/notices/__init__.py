"""The inbox: what happened, for whom, with a link."""
