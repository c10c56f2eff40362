"""The account of a run: how many records were read, merged, tagged and written."""

from typing import TYPE_CHECKING

from refsync.cli.common.tables import print_rows
from refsync.cli.common.text import counted

if TYPE_CHECKING:  # `check` starts fast because it imports none of these
    from refsync.planning.plan import Plan


def _account_rows(plan: "Plan", sources: int, output: str, ledger: str) -> list[tuple[str, str, str]]:
    """The account of a run as (what, how many, remark)."""
    found = plan.deduplication
    sizes: dict[int, int] = {}
    for cluster in found.clusters:
        sizes[len(cluster.members)] = sizes.get(len(cluster.members), 0) + 1
    groups = ", ".join(f"{count:,} of {size}" for size, count in sorted(sizes.items()))
    rows = [
        ("records read", f"{plan.read:,}", f"from {counted(sources, 'source')}"),
        (
            "duplicates merged",
            f"{plan.merged:,}",
            f"{counted(len(found.clusters), 'group')}: {groups}" if groups else "",
        ),
        *([("present already", f"{len(plan.present):,}", "left out")] if plan.known else []),
        ("papers", f"{len(plan.entries):,}", f"written to {output}" if output else "nothing written (no -o)"),
        ("versions linked", f"{len(found.versions):,}", "kept as separate papers" if found.versions else ""),
        ("pairs to review", f"{len(found.review):,}", "possible duplicates; not merged" if found.review else ""),
    ]
    if ambiguous := sum(len(entry.merged.asked) for entry in plan.entries):
        rows.append(("fields to review", f"{ambiguous:,}", "the values differ; the most complete record's is used"))
    if any(entry.tagging for entry in plan.entries):
        tagged = sum(bool(entry.tagging and entry.tagging.primary) for entry in plan.entries)
        rows.append(("papers tagged", f"{tagged:,}", f"{len(plan.entries) - tagged:,} left untagged, uncertain"))
    problems = [item for item in plan.problems if item.kind != "columns"]
    rows.append(("problems", f"{len(problems):,}", "listed above" if problems else ""))
    if ledger:
        rows.append(("ledger", "", ledger))
    return rows


def print_account(plan: "Plan", sources: int, output: str, ledger: str, to_stderr: bool = False) -> None:
    """Print the account: a table on a terminal, aligned plain text elsewhere."""
    print_rows(_account_rows(plan, sources, output, ledger), [*plan.areas.items(), *plan.groups.items()], to_stderr)
