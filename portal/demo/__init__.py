"""The demonstration: a city in mid-life, built by the same operations that people use, at dates relative to today."""
