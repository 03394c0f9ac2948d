"""`yousu casebook`: guidance cases taken over, and looked for."""

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from deploy.county import SAMPLE_PASSWORD, load_county
from services.cli.asking import HERE, House, Password, Refused, Token, Url, User, or_exit, say

AT_ONCE = 1000
"""Cases in one request."""

app = typer.Typer(help=__doc__, no_args_is_help=True)

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A JSON array of cases.")]


@app.command("import")
def import_published(file: File, url: Url = HERE, token: Token = "", user: User = "", password: Password = "") -> None:
    """Import cases and publish them (a drill's approver, or one who logs in); the same again adds nothing."""
    with or_exit():
        cases = _read(file)
        house = House(url, token, user, password) if token or user else House(url, "", *_sample_approver())
        published = 0
        for start in range(0, len(cases), AT_ONCE):
            chunk = cases[start : start + AT_ONCE]
            published += house.ask("POST", "/casebook/api/cases/import", json=chunk)["published"]
        say({"published": published, "given": len(cases)})


@app.command()
def similar(
    text: Annotated[str, typer.Argument(help="What somebody complains of, in his words.")],
    top: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 3,
    url: Url = HERE,
    token: Token = "",
) -> None:
    """The published cases most like a text, one JSON line each, the most similar first."""
    with or_exit():
        for case in House(url, token).ask("GET", "/casebook/api/cases", params={"q": text, "top": top}):
            say({name: case[name] for name in ("title", "score", "id", "problem")})


def _sample_approver() -> tuple[str, str]:
    """Who approves cases in a drill; nobody elsewhere."""
    approver = next(member.username for member in load_county().members if member.role == "case_approver")
    return approver, SAMPLE_PASSWORD


def _read(file: Path) -> list[Any]:
    try:
        cases = orjson.loads(file.read_bytes())
    except ValueError as error:
        raise Refused(f"{file} 不是 JSON：{error}") from error
    cases = cases.get("cases", cases) if isinstance(cases, dict) else cases
    if not isinstance(cases, list):
        raise Refused(f"{file} 应当是案例的 JSON 数组。")
    return cases
