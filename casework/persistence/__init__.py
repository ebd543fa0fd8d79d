"""The tables of casework and the statements that need care."""
