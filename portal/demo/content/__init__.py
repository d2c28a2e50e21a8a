"""The texts of the demonstration: invented organisations, proposals, notes and reasons. See content/*.yaml."""
