"""Options that `--help` leaves out and `--help-all` shows: those that most calls do without."""

from typing import Any

import click

from refsync.cli.common.output import echo_lines

_ALL = "refsync.help-all"


class FoldedOption(click.Option):
    """An option that only `--help-all` shows."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        return super().get_help_record(ctx) if ctx.meta.get(_ALL) else None


def show_all_options(ctx: click.Context) -> None:
    """Have the help of this context show all options."""
    ctx.meta[_ALL] = True


def _show_all(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        show_all_options(ctx)
        echo_lines(ctx.get_help().splitlines())
        ctx.exit()


help_all_option = click.option(
    "--help-all", is_flag=True, is_eager=True, expose_value=False, callback=_show_all, help="Show all options and exit."
)
