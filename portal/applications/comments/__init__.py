"""What the people of a team say to each other about their draft: read by them alone."""
