"""`refsync rules`: explain the rules of `refsync check`."""

import click

from refsync.check.rule_docs import family, terms
from refsync.check.rule_table import FAMILIES, RULES, Rule
from refsync.cli.common.options import format_option
from refsync.cli.common.output import echo, echo_below, echo_lines
from refsync.cli.common.text import print_json
from refsync.errors import ConfigError


@click.command("rules", short_help="What a finding means and how to fix it.")
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@format_option()
def command(codes: tuple[str, ...], output_format: str) -> int:
    """Explain the rules CODE..., or list all rules. A prefix (RS5) stands for all codes that begin with it.

    \b
    Examples:
      refsync rules
      refsync rules RS103
      refsync rules RS5
    """
    wanted = [rule for rule in RULES.values() if not codes or rule.code.startswith(tuple(map(str.upper, codes)))]
    for code in codes:
        if not any(rule.code.startswith(code.upper()) for rule in wanted):
            raise ConfigError(f"no rule {code}", hint=f"one of: {', '.join(RULES)}")
    if output_format == "json":
        print_json({"schema": "refsync.rules/1", "rules": [_row(rule) for rule in wanted]})
    elif codes:
        for number, rule in enumerate(wanted):
            _explain(rule, first=number == 0)
    else:
        _list(wanted)
    return 0


def _list(rules: list[Rule]) -> None:
    for beginning, name in FAMILIES.items():
        echo(name, bold=True)
        for rule in rules:
            if rule.code.startswith(beginning):
                when = "" if rule.default and not rule.needs else f"({terms(rule).partition(', ')[2]})"
                fixable = "--fix" if rule.fix else ""
                echo(f"  {rule.code}  {rule.severity:<5}  {fixable:<5}  {rule.title} {when.replace('`', '')}".rstrip())


def _explain(rule: Rule, *, first: bool) -> None:
    if not first:
        echo()
    echo(f"{rule.code}: {rule.title} ({terms(rule).replace('`', '')}; {family(rule.code).lower()})", bold=True)
    echo()
    echo_lines(click.wrap_text(rule.why, 80).splitlines())
    echo_below("How to fix it:")
    echo()
    echo_lines(click.wrap_text(rule.remedy, 80, "  ", "  ").splitlines())
    if rule.fix:
        echo()
        echo_lines(click.wrap_text(f"`refsync check --fix` {rule.fix}.", 80, "  ", "  ").splitlines())


def _row(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "severity": rule.severity,
        "family": family(rule.code),
        "title": rule.title,
        "default": rule.default,
        "why": rule.why,
        "mend": rule.remedy,
        "fix": rule.fix,
    }
