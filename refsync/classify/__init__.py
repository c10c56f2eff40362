"""Research areas: the taxonomy, the model that ships, and tagging with it."""
