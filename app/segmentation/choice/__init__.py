"""Which algorithm and how many segments suit a table."""
