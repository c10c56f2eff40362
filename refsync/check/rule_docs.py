"""The table of rules as people read it: one rule for a terminal, all of them as a page of documentation."""

from collections.abc import Iterator

from refsync.check.rule_table import FAMILIES, RULES, Rule

_HEAD = """\
# Rules of `refsync check`

An *error* fails the check, a *note* is told and does not. Rules that are not looked for by default are selected by
`--extend-select CODE` or, in the configuration, by `[check] extend-select = ["RS5", "RS601"]`. What `--fix` does is
said where it does anything. (`scripts/rules_page.py` makes this page from the table of rules.)
"""


def family(code: str) -> str:
    """The name of the family that a rule is of."""
    return FAMILIES[code[:3]]


def terms(rule: Rule) -> str:
    """Its severity and when it is looked for, in a few words."""
    when = (
        "with `--cites` or `cites` in the configuration" if rule.about else "by default" if rule.default else "opt-in"
    )
    return f"{rule.severity}, {when}"


def markdown() -> str:
    """The page `docs/rules.md`."""
    return "\n".join([_HEAD, *_index(), *(line for rule in RULES.values() for line in _section(rule))])


def _index() -> Iterator[str]:
    yield "| code | rule | severity | default | `--fix` |"
    yield "|---|---|---|---|---|"
    for rule in RULES.values():
        default = "with documents" if rule.about else "yes" if rule.default else "no"
        link = f"[{rule.code}](#{rule.code.lower()})"
        yield f"| {link} | {rule.title} | {rule.severity} | {default} | {'yes' if rule.fix else ''} |"
    yield ""


def _section(rule: Rule) -> Iterator[str]:
    if next(code for code in RULES if code[:3] == rule.code[:3]) == rule.code:
        yield f"## {family(rule.code)}\n"
    yield f"### {rule.code}\n"
    yield f"**{rule.title[0].upper()}{rule.title[1:]}** ({terms(rule)})\n"
    yield f"{rule.why}\n"
    yield f"*To mend it:* {rule.mend}\n"
    if rule.fix:
        yield f"*`--fix`* {rule.fix}.\n"
