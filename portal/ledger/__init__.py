"""The double-entry ledger: append-only, whole cents; every euro of a dashboard is a sum over its entries."""
