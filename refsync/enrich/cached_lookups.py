"""Looking records up: first in the cache, else at the service, many at a time; and what could not be asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from refsync.enrich.cache import Cache, numbered
from refsync.enrich.connection import ServiceError, printable
from refsync.enrich.proposals import Failure
from refsync.enrich.services import Answer, By, Source
from refsync.enrich.settings import Service
from refsync.records import Record

Progress = Callable[[str, int, int], None]

_OF_THE_QUESTION = frozenset({400, 413, 414, 422})
"""Statuses that blame what was asked."""

_MOST_FAILURES = 2  # requests in a row, each tried again and again; then a service is left alone


class Asker:
    """Services behind a cache. An answer is kept as soon as it is there.

    `cached` counts the answers that the cache had, `left_out` the look-ups that being offline left out.
    """

    def __init__(
        self, services: Mapping[Service, Source], cache: Cache, progress: Progress, *, offline: bool = False
    ) -> None:
        self.services = services
        self._cache, self._progress, self._offline = cache, progress, offline
        self.cached = self.left_out = 0
        self._failed: dict[Service, dict[str, int]] = {}
        self._in_a_row: dict[Service, int] = {}

    @property
    def sent(self) -> int:
        """How many requests were sent."""
        return sum(source.connection.sent for source in self.services.values())

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What could not be asked, by service and reason."""
        return tuple(
            Failure(service, message, lookups)
            for service, reasons in self._failed.items()
            for message, lookups in reasons.items()
        )

    def find(self, service: Service, by: By, keys: Sequence[str]) -> Answer:
        """What a service has under these keys. Of a key that is not in the result nobody knows: it was not asked."""
        source = self.services[service]
        base = source.connection.base
        answers: Answer = {}
        for key in keys:
            if (kept := self._cache.get(base, by, key)) is not None:
                answers[key] = kept
        self.cached += len(answers)
        open_keys = [key for key in keys if key not in answers]
        if self._offline:
            self.left_out += len(open_keys)
        if self._offline or not open_keys:
            return answers
        stage, done = f"{service} {by}", len(answers)
        waiting = [*source.parted(by, open_keys)]
        while waiting:
            self._progress(stage, done, len(keys))
            batch = waiting.pop(0)
            if self._in_a_row.get(service, 0) >= _MOST_FAILURES:
                self._note(service, [*self._failed[service]][-1], len(batch))
                continue
            try:
                found = source.ask(by, batch)
            except ServiceError as error:
                if error.status in _OF_THE_QUESTION and len(batch) > 1:  # one of them is to blame
                    half = len(batch) // 2
                    waiting[:0] = [batch[:half], batch[half:]]
                    continue
                self._note(service, str(error), len(batch))
                passing = 0 if error.status in _OF_THE_QUESTION else 1
                self._in_a_row[service] = _MOST_FAILURES if error.lasting else self._in_a_row.get(service, 0) + passing
                continue
            self._in_a_row[service] = 0
            done += len(batch)
            told = {key: numbered(map(_readable, found.get(key, []))) for key in batch}
            self._cache.put(base, by, told)
            answers |= told
        self._progress(stage, done, len(keys))
        return answers

    def _note(self, service: Service, message: str, lookups: int) -> None:
        reasons = self._failed.setdefault(service, {})
        reasons[message] = reasons.get(message, 0) + lookups


def _readable(record: Record) -> Record:
    return replace(record, fields={name: printable(value) for name, value in record.fields.items()})
