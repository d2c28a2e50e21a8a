"""The portfolio of a call: where its teams stand, who is stuck, what coaching went where."""
