"""What coaches are paid for: confirmed minutes, month by month."""
