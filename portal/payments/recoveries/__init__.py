"""Money that was paid and is to be returned: asked by an act, with interest, at once or in instalments."""
