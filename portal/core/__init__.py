"""The ground floor: nothing here knows the domain."""
