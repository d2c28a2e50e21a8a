"""First-level control of cost reports: a sample, outcomes line by line, clarifications, two people, a letter."""
