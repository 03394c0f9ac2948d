"""`yousu directory`: what an administrator does with the directory's facts."""

import typer

from services.cli.asking import HERE, House, Password, Token, Url, User, or_exit, say

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.callback()
def directory() -> None:
    """Keep this a command with subcommands."""


@app.command()
def announce(url: Url = HERE, token: Token = "", user: User = "", password: Password = "") -> None:
    """Announce every current fact again: after a restore, or for a service that is new."""
    with or_exit():
        say(House(url, token, user, password).ask("POST", "/directory/api/announce"))
