"""The commands about research areas."""
