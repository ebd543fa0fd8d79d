"""Who has the work."""
