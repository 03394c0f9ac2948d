"""`yousu admin`: the first administrator of a house, made by whoever holds its keys (`YOUSU_PHONE_INDEX_KEY`)."""

import sys
from typing import Annotated

import typer

from services.cli.asking import HERE, House, Url, or_exit, say
from shared.security.operators import word_for

app = typer.Typer(help=__doc__, no_args_is_help=True)


@app.callback()
def admin() -> None:
    """Keep this a command with subcommands."""


@app.command()
def create(
    username: Annotated[str, typer.Argument(help="How the administrator logs in.")],
    name: Annotated[str, typer.Option(help="What the administrator is called.")] = "系统管理员",
    center: Annotated[str, typer.Option(help="The center's code; entered first where there is none yet.")] = "sq",
    center_name: Annotated[str, typer.Option(help="Its name, where it is to be entered.")] = "",
    area_code: Annotated[str, typer.Option(help="Its area code, where it is to be entered.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Although there is an administrator already.")] = False,
    url: Url = HERE,
) -> None:
    """Make an administrator; the password is asked for, or read from standard input."""
    password = (
        typer.prompt("密码", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    given = {
        "username": username,
        "name": name,
        "password": password,
        "force": force,
        "center": {"code": center, "name": center_name, "area_code": area_code},
    }
    headers = {"X-Yousu-Operator": word_for(username)}
    with or_exit():
        say(House(url).ask("POST", "/directory/api/administrators", json=given, headers=headers))
