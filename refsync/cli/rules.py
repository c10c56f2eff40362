"""`refsync rules`: what a finding means."""

import click

from refsync.check import RULES
from refsync.errors import ConfigError


@click.command("rules", short_help="What a finding means and how to mend it.")
@click.argument("code", default="")
def command(code: str) -> int:
    """Explain the finding CODE, or list all codes."""
    if not code:
        for rule in RULES.values():
            click.echo(f"{rule.code}  {rule.severity:<5}  {rule.title}")
        return 0
    if code.upper() not in RULES:
        raise ConfigError(f"no rule {code}", hint=f"one of: {', '.join(RULES)}")
    rule = RULES[code.upper()]
    click.echo(f"{rule.code}: {rule.title} ({rule.severity})\n")
    click.echo(click.wrap_text(rule.why, 80))
    click.echo("\nTo mend it:\n")
    click.echo(click.wrap_text(rule.mend, 80, "  ", "  "))
    return 0
