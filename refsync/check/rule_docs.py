"""Documentation of the rules: the terms of one rule, and all of them as a page in Markdown."""

from collections.abc import Iterator

from refsync.check.rule_table import FAMILIES, RULES, Rule

_HEAD = """\
# Rules of `refsync check`

An *error* fails the check, a *note* is reported and does not. Select rules that are not checked by default with
`--extend-select CODE` or, in the configuration, with `[check] extend-select = ["RS5", "RS601"]`. Each rule that `--fix`
can fix says what it changes. (`scripts/rules_page.py` generates this page from the table of rules.)
"""


def family(code: str) -> str:
    """The name of the family that a rule belongs to."""
    return FAMILIES[code[:3]]


def terms(rule: Rule) -> str:
    """The severity of a rule and when it is checked, such as `note, by default`."""
    when = (
        "with `--cites` or `cites` in the configuration" if rule.needs else "by default" if rule.default else "opt-in"
    )
    return f"{rule.severity}, {when}"


def markdown() -> str:
    """The page `docs/rules.md`."""
    return "\n".join([_HEAD, *_index(), *(line for rule in RULES.values() for line in _section(rule))])


def _index() -> Iterator[str]:
    yield "| code | rule | severity | default | `--fix` |"
    yield "|---|---|---|---|---|"
    for rule in RULES.values():
        default = "with documents" if rule.needs else "yes" if rule.default else "no"
        link = f"[{rule.code}](#{rule.code.lower()})"
        yield f"| {link} | {rule.title} | {rule.severity} | {default} | {'yes' if rule.fix else ''} |"
    yield ""


def _section(rule: Rule) -> Iterator[str]:
    if next(code for code in RULES if code[:3] == rule.code[:3]) == rule.code:
        yield f"## {family(rule.code)}\n"
    yield f"### {rule.code}\n"
    yield f"**{rule.title[0].upper()}{rule.title[1:]}** ({terms(rule)})\n"
    yield f"{rule.why}\n"
    yield f"*How to fix it:* {rule.remedy}\n"
    if rule.fix:
        yield f"*`--fix`* {rule.fix}.\n"
