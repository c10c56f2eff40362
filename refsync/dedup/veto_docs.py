"""The table of vetoes as a page of documentation."""

from refsync.dedup.vetoes import VETOES, Veto

_STRENGTHS = {
    "never": "never merged; a question only where everything else agrees",
    "ask": "a question where the pair is likely",
    "doubt": "a question where the pair is likely; settled by a third record that is the same paper as both",
}


def markdown() -> str:
    """The page `docs/vetoes.md`."""
    rows = [f"| {veto.name} | {veto.meaning} | {_effect(veto)} |" for veto in VETOES.values()]
    return "\n".join((*_HEAD, *rows, ""))


def _effect(veto: Veto) -> str:
    if veto.asked_alone:
        return "never merged; a question where nothing else contradicts"
    return _STRENGTHS[veto.strength] + (" (not with `greedy`)" if veto.waived else "")


_HEAD = (
    "# Vetoes",
    "",
    "Rules that keep two records from being merged however alike they look; `refsync explain` names those that apply,",
    "and so does `vetoes` in JSON results. No cluster holds two records that a veto keeps separate, not even through a",
    'third record, unless it is a doubt. With `evidence = "loose"` under `[dedup]`, as in the profile `greedy`, those',
    "marked so don't hold where the pair is likely and neither place nor publisher contradicts.",
    "(`scripts/vetoes_page.py` writes this page from `refsync/dedup/vetoes.py`.)",
    "",
    "| veto | applies where | effect |",
    "|---|---|---|",
)
