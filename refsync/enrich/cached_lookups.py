"""Look-ups of records: from the cache, else from the service in batches; look-ups that fail are counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from refsync.enrich.cache import Cache, renumber
from refsync.enrich.connection import ServiceError, printable
from refsync.enrich.proposals import ServiceFailure
from refsync.enrich.services import KeyKind, RecordsByKey, ServiceClient
from refsync.enrich.settings import Service
from refsync.records import Record

Progress = Callable[[str, int, int], None]

_REQUEST_REJECTED = frozenset({400, 413, 414, 422})
"""HTTP statuses that mean that the request itself is at fault."""

_MAX_FAILURES = 2  # failed requests in a row, each after all retries, after which a service is not asked again


class CachedLookups:
    """Look-ups at services through a cache. Each answer is stored as soon as it arrives.

    `cached` counts the look-ups that the cache answered, `not_cached` those left out because of `offline`.
    """

    def __init__(
        self, services: Mapping[Service, ServiceClient], cache: Cache, progress: Progress, *, offline: bool = False
    ) -> None:
        self.services = services
        self._cache, self._progress, self._offline = cache, progress, offline
        self.cached = self.not_cached = 0
        self._failed: dict[Service, dict[str, int]] = {}
        self._in_a_row: dict[Service, int] = {}

    @property
    def sent(self) -> int:
        """How many requests were sent, retries included."""
        return sum(client.connection.sent for client in self.services.values())

    @property
    def failures(self) -> tuple[ServiceFailure, ...]:
        """The look-ups that failed, by service and reason."""
        return tuple(
            ServiceFailure(service, message, lookups)
            for service, reasons in self._failed.items()
            for message, lookups in reasons.items()
        )

    def find(self, service: Service, by: KeyKind, keys: Sequence[str]) -> RecordsByKey:
        """The records that a service has under these keys. Keys whose look-up failed are not in the result."""
        client = self.services[service]
        base = client.connection.base
        answers: RecordsByKey = {}
        for key in keys:
            if (records := self._cache.get(base, by, key)) is not None:
                answers[key] = records
        self.cached += len(answers)
        open_keys = [key for key in keys if key not in answers]
        if self._offline:
            self.not_cached += len(open_keys)
        if self._offline or not open_keys:
            return answers
        stage, done = f"{service} {by}", len(answers)
        batches = [*client.batched(by, open_keys)]
        while batches:
            self._progress(stage, done, len(keys))
            batch = batches.pop(0)
            if self._in_a_row.get(service, 0) >= _MAX_FAILURES:
                self._count_failure(service, [*self._failed[service]][-1], len(batch))
                continue
            try:
                found = client.lookup(by, batch)
            except ServiceError as error:
                if error.status in _REQUEST_REJECTED and len(batch) > 1:  # one of the keys is at fault
                    half = len(batch) // 2
                    batches[:0] = [batch[:half], batch[half:]]
                    continue
                self._count_failure(service, str(error), len(batch))
                failed = 0 if error.status in _REQUEST_REJECTED else 1
                self._in_a_row[service] = _MAX_FAILURES if error.permanent else self._in_a_row.get(service, 0) + failed
                continue
            self._in_a_row[service] = 0
            done += len(batch)
            batch_answers = {key: renumber(map(_printable, found.get(key, []))) for key in batch}
            self._cache.put(base, by, batch_answers)
            answers |= batch_answers
        self._progress(stage, done, len(keys))
        return answers

    def _count_failure(self, service: Service, message: str, lookups: int) -> None:
        reasons = self._failed.setdefault(service, {})
        reasons[message] = reasons.get(message, 0) + lookups


def _printable(record: Record) -> Record:
    return replace(record, fields={name: printable(value) for name, value in record.fields.items()})
