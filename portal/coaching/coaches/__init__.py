"""Coaches: what they know, whom they may accompany, who fits which team and why."""
