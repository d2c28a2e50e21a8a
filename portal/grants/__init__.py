"""Grants (contributi): award, incorporation of a group, agreement, publication."""
