"""How offices are called on paper: the short form in a number, the government beside a center, its inspection."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

import orjson

from shared.settings import settings

_BUREAU = "政务服务和大数据管理局"
_CENTER = re.compile(r"(?P<place>.+?)(?:政务服务中心|便民服务中心|中心)?")
_TOWNSHIP = re.compile(r"(?P<short>.+?)(?:回族镇|镇|乡|街道|办事处)")


@dataclass(frozen=True)
class Office:
    """A center on paper."""

    name: str
    short: str
    """发文机关代字: 沈政."""
    government: str
    """The government of its level."""
    inspection: str
    """The discipline inspection of its level."""
    bureau: str
    """政务服务和大数据管理局 of its county, which publishes cases."""


def office(code: str, name: str) -> Office:
    """The center `code`, called `name`: as `YOUSU_PAPER_OFFICES` says, else as its name tells."""
    return replace(as_named(name), **_told(settings().paper_offices).get(code, {}))


@lru_cache
def _told(given: str) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = orjson.loads(given)
    return told


def as_named(name: str) -> Office:
    """What a center's name tells: 沈丘县政务服务中心, 纸店镇便民服务中心, 东城街道便民服务中心."""
    center = _CENTER.fullmatch(name)
    place = center["place"] if center else name
    if township := _TOWNSHIP.fullmatch(place):
        government = f"{place}办事处" if place.endswith("街道") else f"{place}人民政府"
        inspection = f"{place}纪检监察工作委员会" if place.endswith("街道") else f"{place}纪律检查委员会"
        return Office(name, f"{township['short']}便", government, inspection, f"{place}{_BUREAU}")
    inspection = f"{place}纪律检查委员会、{place}监察委员会"
    return Office(name, f"{place[0]}政", f"{place}人民政府", inspection, f"{place}{_BUREAU}")


def number(short: str, mark: str, year: int, seq: int) -> str:
    """发文字号: `沈政督办〔2026〕3号`."""
    return f"{short}{mark}〔{year}〕{seq}号"
