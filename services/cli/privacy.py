"""`yousu privacy`: erasing who complained, of one complaint or of all that ended long ago; the matter itself stays."""

from typing import Annotated

import typer

from services.cli.asking import HERE, House, Password, Token, Url, User, or_exit, say

app = typer.Typer(help=__doc__, no_args_is_help=True)

Why = Annotated[str, typer.Option("--reason", help="Why, for the audit log.")]
ERASURES = "/intake/api/erasures"


@app.callback()
def privacy() -> None:
    """Keep this a command with subcommands."""


@app.command()
def erase(
    numbers: Annotated[list[str], typer.Argument(help="The complaints' numbers.")],
    reason: Why,
    url: Url = HERE,
    token: Token = "",
    user: User = "",
    password: Password = "",
) -> None:
    """Erase the petitioners of these, as the head of their center; one JSON line each."""
    with or_exit():
        house = House(url, token, user, password)
        for number in numbers:
            say(house.ask("POST", ERASURES, json={"number": number, "reason": reason}))


@app.command()
def expire(
    closed_before: Annotated[str, typer.Option(help="The day before which they ended, e.g. 2023-11-01.")],
    reason: Why,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Erase nothing; print the numbers.")] = False,
    url: Url = HERE,
    token: Token = "",
    user: User = "",
    password: Password = "",
) -> None:
    """Erase the petitioners of all that ended before a day, and what could not be registered before it."""
    with or_exit():
        house = House(url, token, user, password)
        while numbers := house.ask("GET", f"{ERASURES}/due", params={"closed_before": closed_before})["numbers"]:
            for number in numbers:
                if dry_run:
                    say({"number": number})
                else:
                    say(house.ask("POST", ERASURES, json={"number": number, "reason": reason}))
            if dry_run:
                return
        if not dry_run:
            say(house.ask("POST", f"{ERASURES}/rejected", json={"before": closed_before, "reason": reason}))
