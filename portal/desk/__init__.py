"""Pages that gather from all rooms: due steps first."""
