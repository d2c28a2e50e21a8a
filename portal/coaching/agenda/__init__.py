"""The agenda of coach and team: times proposed, agreed, moved, cancelled; an invitation and a feed."""
