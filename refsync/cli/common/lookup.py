"""Looking up records at the services, for the commands that fill missing values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from refsync.cli.common.extras import require
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.problems import print_problems
from refsync.cli.common.progress import Progress
from refsync.cli.common.text import counted
from refsync.enrich.settings import EnrichSettings
from refsync.records import Problem, Record
from refsync.sources import Reading

if TYPE_CHECKING:
    from refsync.enrich.proposals import Enrichment

_NO_CONTACT = (
    "no contact address was sent; services have higher limits for requests with one: --contact me@example.org, or "
    "`contact` under [enrich] in your own configuration"
)


def look_up(
    records: Sequence[Record],
    settings: EnrichSettings,
    common: Common,
    report: Progress,
    *,
    offline: bool = False,
    also_differing: bool = False,
) -> "Enrichment":
    """Look up the records with missing fields.

    Args:
        records: those to look up.
        settings: services and fields.
        common: the shared options.
        report: called with the progress.
        offline: send no requests; use the cache, whatever its age.
        also_differing: also list fields with other values at a service.

    Raises:
        ConfigError: the packages of the extra `enrich` are missing, or there is no folder for the cache.
    """
    require("enrich", "looking up records")
    from refsync.enrich import look_up as looking
    from refsync.enrich.environment import cache_of

    try:
        return looking.look_up(
            records, settings, common.config.dedup, report, offline=offline, also_differing=also_differing
        )
    except KeyboardInterrupt:
        folder = cache_of(settings)
        echo(f"refsync: note: the answers so far are in {folder}; run the command again to continue", err=True)
        raise


def print_lookups(records: Sequence[Record], found: "Enrichment", settings: EnrichSettings, common: Common) -> None:
    """Print what a person should check, look-ups that failed, and that an address would help."""
    notes = [
        Problem(records[index].source, f"{records[index].id!r}: {message}", records[index].line, kind="note")
        for index, message in found.notes
    ]
    print_problems(notes, common.quiet, common.verbose)
    for item in found.failures:
        echo(f"refsync: error: {counted(item.lookups, 'look-up')} failed: {item.message}", err=True)
    if found.requests and not (settings.contact or common.quiet):
        echo(f"refsync: note: {_NO_CONTACT}", err=True)


def with_values(reading: Reading, found: "Enrichment") -> Reading:
    """What was read, with the accepted values filled into the records that are not the library's."""
    from refsync.enrich.fill import fill_records

    values: dict[int, dict[str, str]] = {}
    for fill in found.fills:
        if fill.state == "accepted":
            values.setdefault(fill.record, {}).setdefault(fill.field, fill.value)
    filled = iter(fill_records(reading.records[reading.known :], values))
    snapshots = [
        snapshot
        if number < reading.libraries
        else replace(snapshot, records=tuple(next(filled) for _ in snapshot.records))
        for number, snapshot in enumerate(reading.snapshots)
    ]
    return replace(reading, snapshots=tuple(snapshots))


def print_filled(found: "Enrichment", common: Common) -> None:
    """Print how many values were filled in, by service."""
    counts = Counter(fill.service for fill in found.fills if fill.state == "accepted")
    if not common.quiet:
        services = ", ".join(f"{service} {count:,}" for service, count in sorted(counts.items()))
        echo(f"{counted(counts.total(), 'value')} filled in{f' ({services})' if services else ''}", err=True)
