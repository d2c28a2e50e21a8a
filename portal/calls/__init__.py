"""Calls (avvisi): their design as data, phases, deadlines with extensions, publication."""
