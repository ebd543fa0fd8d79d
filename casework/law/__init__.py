"""What the rules make of a date and a case."""
