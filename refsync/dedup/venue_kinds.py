"""Kinds of venues by their names: journals, which have one name, and meetings, which have many."""

import re
from functools import lru_cache

from refsync.dedup.profile import Profile

_ACRONYM = 6  # letters; so short a venue is an acronym in many ways to spell
_PERIODICAL = re.compile(
    r"\b(?:j|journals?|trans|transactions|annals?|letters?|lett|reviews?|rev|records?|bulletin|bull|magazine|mag|"
    r"quarterly|archives?|arch|acta|zeitschrift|revista|revue|rivista|newsletter)\b"
)
_MEETING_WORDS = re.compile(
    r"\b(?:proc|proceedings|conf|conference|symp|symposium|workshop|meeting|congress|kongress|tagung|colloquium)\b"
)
# what sources give for a journal where they know none
_SERIES = re.compile(
    r"\b(?:lecture notes|lncs|ceur|university|universitat|universite|universidad|technical reports?|tech rep|thesis|"
    r"dissertation|working papers?|citeseer\w*)\b"
)


@lru_cache(maxsize=65536)
def is_periodical(venue: str) -> bool:
    """Whether a folded venue calls itself a journal."""
    return bool(_PERIODICAL.search(venue))


def is_meeting(title: str) -> bool:
    """Whether a folded title names a meeting."""
    return bool(_MEETING_WORDS.search(title))


def is_journal(p: Profile) -> bool:
    """Whether a venue is surely one journal's name; a meeting's, an acronym's and an unknown kind's is not."""
    return p.kind in {"", "article"} and _is_journal(p.venue, p.kind)


@lru_cache(maxsize=65536)
def _is_journal(venue: str, kind: str) -> bool:
    if len(venue) <= _ACRONYM or _MEETING_WORDS.search(venue):
        return False
    return is_periodical(venue) or (kind == "article" and not _SERIES.search(venue))
