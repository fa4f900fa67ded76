"""A group of commands: it names the nearest one to a mistyped name, and cuts no help."""

from __future__ import annotations

from difflib import get_close_matches

import click


class SuggestingGroup(click.Group):
    """A group that names the nearest commands to one that does not exist."""

    def commands_help(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Each command with the first sentence of its help, in the order of the list."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, one.get_short_help_str(limit=200)) for name, one in commands if one]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click's, which cuts what does not fit on one line."""
        with formatter.section("Commands"):
            formatter.write_dl(self.commands_help(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest commands in the message."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.list_commands(ctx))
            if not near:
                raise
            message = f"{error.message} Did you mean {' or '.join(map(repr, near))}?"
            raise click.UsageError(message, ctx) from error
