"""Whether what a service gave is the paper that was sought. Pure; the judge is that of deduplication."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from refsync.dedup.explain import explain_pair
from refsync.dedup.judge import Verdict
from refsync.dedup.profile import Profile, profile
from refsync.dedup.settings import DedupSettings
from refsync.dedup.versions import PREPRINT
from refsync.enrich.services import By
from refsync.records import Record

_AUTHORS_AGREE = 0.8  # of the similarities that the pair model sees
_ABSTRACT_AGREES = 0.6
_OF_PUBLICATION = ("doi", "journal", "volume", "number", "pages")


@dataclass(frozen=True, slots=True)
class Match:
    """A record that a service gave for one of ours.

    `relation` is `preprint-of` and the like where the two are versions of a work, then `ours_first` says whether ours
    is the earlier. `unsure` says what a person should look at before it is taken; empty where nothing.
    """

    found: Record
    by: By
    verdict: Verdict
    probability: float
    why: str
    unsure: str = ""
    relation: str = ""
    ours_first: bool = True


def match(ours: Record, found: Record, by: By, settings: DedupSettings) -> Match:
    """Judge a found record beside ours.

    Under an identifier of ours it is the same paper unless the rest speaks against it: then the identifier, or the
    service, is wrong. Under a title it has to be borne out by authors or abstract. arXiv's record of a paper that has
    been published since tells of the published form too; beside a preprint of ours only what is of the preprint counts.
    """
    mine, theirs = profile(ours), profile(found)
    if by == "arxiv" and mine.preprint:
        found = replace(found, fields={k: v for k, v in found.fields.items() if k not in _OF_PUBLICATION}, type="misc")
        theirs = profile(found)
    if by != "title" and not mine.title_key:
        return Match(found, by, "same", _ALONE, f"found by its {_NAMED[by]}, which is all that the record says")
    explained = explain_pair(ours, found, replace(settings, versions="link"))
    pair = explained.pair
    verdict = explained.verdict
    told = {evidence.field: evidence.similarity for evidence in pair.fields}
    agreeing = [name for name, least in _BEARING_OUT if told.get(name, 0.0) >= least]
    why = f"found by its {_NAMED[by]}" + (f"; {' and '.join(agreeing)} agree" if agreeing else "")
    relation, unsure = explained.relation, ""
    if by == "title":
        if mine.doi and theirs.doi and mine.doi != theirs.doi:
            verdict = "different"
        elif not agreeing:
            unsure = "neither authors nor an abstract to bear the title out"
    elif verdict == "maybe" or (verdict == "different" and _contained(mine.title_key, theirs.title_key)):
        # what else differs under one identifier and one title is a mistake of either side, and not taken over
        verdict, unsure = "same", "" if mine.title_key == theirs.title_key else explained.why
    if verdict == "same" and mine.preprint and not theirs.preprint and theirs.doi not in ("", mine.doi):
        verdict, relation = "version", PREPRINT  # the judge asks for authors to say so, and ours may lack them
    return Match(
        found, by, verdict, pair.probability, f"{why} (p={pair.probability:.3f})", unsure,
        relation, _first(mine, theirs),
    )  # fmt: skip


_NAMED: dict[By, str] = {"doi": "DOI", "arxiv": "arXiv number", "title": "title"}
_BEARING_OUT = (("author", _AUTHORS_AGREE), ("abstract", _ABSTRACT_AGREES))
_ALONE = 0.95
"""The probability given to an identifier that is all there is: what the model says of a title alone."""


def best(ours: Record, candidates: Sequence[Record], by: By, settings: DedupSettings) -> Match | None:
    """The match among candidates: the likeliest of those that are the same, else a version; None where there is none.

    Where two that are the same have different DOIs, a person has to choose.
    """
    matches = [match(ours, found, by, settings) for found in candidates]
    same = sorted((m for m in matches if m.verdict == "same"), key=lambda m: (bool(m.unsure), -m.probability))
    if same:
        chosen = same[0]
        dois = {profile(m.found).doi for m in same} - {""}
        if by == "title" and len(dois) > 1:
            others = ", ".join(sorted(dois - {profile(chosen.found).doi}))
            return replace(chosen, unsure=chosen.unsure or f"others are as like it: {others}")
        return chosen
    versions = [m for m in matches if m.verdict == "version"]
    return max(versions, key=lambda m: m.probability, default=None)


def _contained(one: str, other: str) -> bool:
    """Whether one title is the other's beginning, as where a subtitle was left out."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def _first(mine: Profile, theirs: Profile) -> bool:
    """Whether ours is the earlier form of a work that both are versions of."""
    if mine.preprint != theirs.preprint:
        return mine.preprint
    return (mine.year or 9999) <= (theirs.year or 9999)
