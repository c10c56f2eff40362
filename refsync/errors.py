"""One error tree. Each error carries a hint: what the user can do next.

RefsyncError
├── ConfigError    wrong usage or configuration
├── SourceError    an input could not be read
│   └── FreeTextError    it is text without any entry
└── StaleError     something changed since the plan was made
"""


class RefsyncError(Exception):
    """Something failed for a reason that the user can act on."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}; {self.hint}" if self.hint else message


class ConfigError(RefsyncError):
    """The command line or a configuration file asks for something that does not exist."""


class SourceError(RefsyncError):
    """An input could not be read at all.

    Attributes:
        source: the path as the user gave it, or `-`.
        line: counted from 1; 0 if the error has no line.
        reason: the message and its hint, without source and line.
    """

    def __init__(self, source: str, message: str, *, line: int = 0, hint: str = "") -> None:
        super().__init__(f"{source}:{line}: {message}" if line else f"{source}: {message}", hint=hint)
        self.source = source
        self.line = line
        self.reason = f"{message}; {hint}" if hint else message


class FreeTextError(SourceError):
    """An input has no entry, and nothing in it is meant to be one."""


class StaleError(RefsyncError):
    """A file was changed since the plan was made."""
