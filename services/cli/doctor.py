"""`yousu doctor`: asks the house how it is, and says what is wrong and what to do about it."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from services.cli.asking import HERE, House, Password, Refused, Token, User
from shared.settings import SERVICES

LONG_UNSENT = 60.0
"""Seconds a message may wait before something is wrong with the way out."""

Urls = Annotated[list[str] | None, typer.Option("--url", help="Where a process answers; once for each of several.")]
Measured = Mapping[str, Mapping[str, float]]
"""What `/metrics` says, by service and gauge."""

_GAUGE = re.compile(r'^yousu_(\w+)\{service="(\w+)"\} (\S+)$', re.MULTILINE)


def doctor(url: Urls = None, token: Token = "", user: User = "", password: Password = "") -> None:
    """Say in Chinese what is wrong and what to do; ends with 1 when something is."""
    found: list[str] = []
    seen: set[str] = set()
    for address in url or [HERE]:
        try:
            house = House(address)
            measured = _measured(house)
            found += _unready(house)
        except Refused as refusal:
            found.append(str(refusal))
            continue
        seen |= measured.keys()
        found += [fault for service, gauges in measured.items() for fault in faults(service, gauges)]
        stuck = [service for service, gauges in measured.items() if gauges.get("parked") or gauges.get("dead")]
        if stuck and (token or user):
            try:
                insider = House(address, token, user, password)
                found += [line for service in stuck for line in _parked(insider, service)]
            except Refused as refusal:
                found.append(str(refusal))
    if missing := [service for service in SERVICES if service not in seen]:
        found.append(f"没有问到这些服务：{'、'.join(missing)}。若分进程运行，请用多个 --url 逐一指明地址。")
    for line in found:
        print(f"✗ {line}")
    if found:
        raise typer.Exit(1)
    print(f"✓ 一切正常：{'、'.join(sorted(seen, key=SERVICES.index))}。")


def faults(service: str, gauges: Mapping[str, float]) -> Iterator[str]:
    """What these numbers of a service say is wrong, each with what to do."""
    if not gauges.get("store_up", 1):
        yield f"{service}：数据库连不上，请检查数据库服务和 YOUSU_DATABASE_URL。"
        return
    unsent, oldest = gauges.get("unsent", 0), gauges.get("oldest_unsent_seconds", 0)
    if unsent and oldest > LONG_UNSENT:
        yield f"{service}：有 {unsent:.0f} 条消息积压，最早的已等 {oldest:.0f} 秒，请检查 RabbitMQ（YOUSU_AMQP_URL）。"
    if waiting := gauges.get("parked", 0):
        yield f"{service}：有 {waiting:.0f} 条消息搁置，系统会自动重试；若长时间不减少，请查看 /{service}/api/parked。"
    if dead := gauges.get("dead", 0):
        yield (
            f"{service}：有 {dead:.0f} 条消息已停止重试，请查看 /{service}/api/parked，"
            f"排除原因后 POST /{service}/api/parked/<编号>/replay 重放。"
        )


def _measured(house: House) -> Measured:
    measured: dict[str, dict[str, float]] = {}
    for gauge, service, value in _GAUGE.findall(house.knock("GET", "/metrics").text):
        measured.setdefault(service, {})[gauge] = float(value)
    return measured


def _unready(house: House) -> Iterator[str]:
    if house.knock("GET", "/health/ready").is_error:
        yield f"{house.url}：尚未就绪。刚启动请稍候；一直如此则可能没有收到目录，请执行 yousu directory announce。"


def _parked(house: House, service: str) -> Iterator[str]:
    answer = house.knock("GET", f"/{service}/api/parked", params={"limit": 5})
    if answer.is_error:
        yield f"{service}：看不到搁置的消息，请用管理员账号（--user）。"
        return
    for row in answer.json()["parked"]:
        yield f"{service}：{row['id']} {row['kind']}（已试 {row['attempts']} 次）{row['error']}"
