"""What happens to a grant after its award: requests to change it, its plan by version, suspension, and its ends."""
