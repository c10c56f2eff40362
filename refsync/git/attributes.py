"""The lines of `.gitattributes` and the settings with which git merges and shows .bib files. Pure."""

LINES = ("*.bib merge=refsync diff=refsync",)
_START, _END = "# refsync: how .bib files are merged and shown", "# refsync: end"


def with_refsync(text: str) -> str:
    """The attributes with refsync's lines at the end, once."""
    rest = without_refsync(text)
    start = rest if not rest or rest.endswith("\n") else f"{rest}\n"
    return start + "".join(f"{line}\n" for line in (_START, *LINES, _END))


def without_refsync(text: str) -> str:
    """The attributes without refsync's lines; every other byte stays."""
    start = text.find(f"{_START}\n")
    end = text.find(f"{_END}\n", start)
    return text if start < 0 or end < 0 else text[:start] + text[end + len(_END) + 1 :]


def settings(command: str) -> dict[str, str]:
    """Git's settings, with the command that starts refsync."""
    return {
        "merge.refsync.name": "bibliographies by entries and fields (refsync)",
        "merge.refsync.driver": f"{command} merge-driver %O %A %B %P --marker-size %L",
        "diff.refsync.textconv": f"{command} textconv",
        "diff.refsync.xfuncname": r"^[ \t]*(@[A-Za-z]+[ \t]*[{ ].*)$",
    }
