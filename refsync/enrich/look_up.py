"""Looking up records at the services, with the cache of the user."""

import os
from collections.abc import Callable, Sequence

from refsync.dedup.settings import DedupSettings
from refsync.enrich.cache import Cache
from refsync.enrich.cached_lookups import CachedLookups
from refsync.enrich.environment import cache_of
from refsync.enrich.lookup import enrich
from refsync.enrich.proposals import Enrichment
from refsync.enrich.services import open_services
from refsync.enrich.settings import EnrichSettings
from refsync.records import Record

Progress = Callable[[str, int, int], None]


def look_up(
    records: Sequence[Record],
    settings: EnrichSettings,
    dedup: DedupSettings,
    progress: Progress,
    *,
    offline: bool = False,
    also_differing: bool = False,
) -> Enrichment:
    """Look up the records with missing fields.

    Args:
        records: those to look up.
        settings: services and fields.
        dedup: the thresholds of a match by title.
        progress: called with the stage, how many look-ups are done, and their total.
        offline: send no requests; use the cache, whatever its age.
        also_differing: also list fields with other values at a service.

    Raises:
        ConfigError: there is no folder for the cache.
    """
    with (
        open_services(settings, os.environ.get("OPENALEX_API_KEY", "")) as clients,
        Cache(cache_of(settings), settings.max_age, offline=offline) as cache,
    ):
        services = CachedLookups(clients, cache, progress, offline=offline)
        return enrich(records, services, settings, dedup, also_differing=also_differing)
