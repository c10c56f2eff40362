"""Research areas: the taxonomy, the model of the package, models of the user's own, and tagging with them."""
