"""What was published, and what the machine read in it."""
