"""The exit codes that several commands share; `refsync --help` lists all."""

UNREADABLE = 2
"""An input could not be read whole, or `--strict` turned a problem into an error."""
NOT_ALL_WRITTEN = 3
"""A remote library did not take everything that was sent."""
