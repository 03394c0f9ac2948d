"""`yousu ledger`: the ledger computed anew from the journal."""

import typer

from services.cli.asking import HERE, House, Password, Token, Url, User, or_exit, say

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.callback()
def ledger() -> None:
    """Keep this a command with subcommands."""


@app.command()
def rebuild(url: Url = HERE, token: Token = "", user: User = "", password: Password = "") -> None:
    """Compute every row anew, chunk by chunk; prints how many, and how many had been different."""
    with or_exit():
        house = House(url, token, user, password)
        rebuilt = changed = 0
        after: str | None = None
        while True:
            chunk = house.ask("POST", "/intake/api/ledger/rebuild", json={"after": after})
            rebuilt, changed, after = rebuilt + chunk["rebuilt"], changed + chunk["changed"], chunk["next"]
            if after is None:
                break
        say({"rebuilt": rebuilt, "changed": changed})
