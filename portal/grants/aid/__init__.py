"""The register of de minimis aid: what each single undertaking received, and whether a new grant still fits."""
