"""Random scenario lines: everything a `handling` can say, at the hours and days where counting goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from tests.support.oracle import ZONE, Beyond, is_working, reckon

TOWNS = ("huaidian", "zhidian", "laocheng", "fujing", "xinanji", "baiji", "zhaodeying", "liuzhuangdian", "lianchi")
CENTERS = ("sq", "sq-zhouying", *(f"sq-{town}" for town in TOWNS))
DEPARTMENTS = (
    *("zrzy", "zjj", "swj", "scjg", "rsj", "ybj", "mzj", "gaj", "wjw", "jyj", "jtj"),
    *("nyncj", "cgj", "sthj", "cl", "gjj", "gdgs", "zls", "rqgs", "yjj", "fgw"),
)
CHANNELS = ("window", "hotline-12345", "governance-center", "web")
CATEGORIES = ("complaint", "opinion", "suggestion", "question", "difficulty", "complex")
TRIAGES = ("general", "cannot", "cannot", "hard", "hard", "hard", "refused", "refused", "refused", "out_of_scope")
TURNS = (
    *((date(2026, 9, 21), 22), (date(2026, 4, 24), 18), (date(2026, 12, 21), 11), (date(2026, 2, 9), 20)),
    *((date(2025, 9, 26), 17), (date(2025, 1, 20), 22), (date(2024, 9, 9), 35), (date(2024, 4, 26), 20)),
)
"""First days, and how many follow, around which offices are closed, make up or change their hours."""
EDGES = (
    *("00:00", "08:29", "08:30", "08:31", "11:57", "11:59", "12:01", "13:10", "14:29", "14:30", "14:31", "15:00"),
    *("15:29", "15:30", "15:31", "15:59", "16:00", "16:01", "17:22", "17:25", "17:27", "17:29", "17:30", "17:30:01"),
    *("17:31", "17:52", "17:55", "17:57", "17:59", "18:00", "18:01", "23:59:59"),
)
SATISFIED = ("satisfied", "basically_satisfied")

Handling = dict[str, Any]


def lines(seed: int, count: int) -> list[dict[str, Any]]:
    """So many lines, the same for the same seed; each handling has its `expect`."""
    random = Random(seed)
    return [_line(random, f"{seed}-{number:04}") for number in range(1, count + 1)]


def _line(random: Random, reference: str) -> dict[str, Any]:
    center, source = random.choice(CENTERS), random.choice(CHANNELS)
    kind = random.choice(("individual", "individual", "organisation"))
    submission = {
        "source": source,
        "source_ref": f"{source}-{reference}",
        "center": center,
        "reported_at": _reported_at(random),
        "petitioner": {
            "kind": kind,
            "name": "李守信" if kind == "individual" else "沈丘县守信商贸有限公司",
            "contact_person": None if kind == "individual" else "李守信",
            "phone": f"1990000{random.randrange(10000):04}",
            "address": "沈丘县槐店镇",
        },
        "category": random.choice(CATEGORIES),
        "content": f"第{reference}号诉求，请按规定办理并答复。",
    }
    line = {"submission": submission, "handling": _handling(random, center)}
    try:
        line["handling"]["expect"] = reckon(line).as_json()
    except Beyond:
        return _line(random, reference)
    return line


def _reported_at(random: Random) -> str:
    """Any moment of the turning days; half of them at the edge of an office hour, many on a day that is worked."""
    first, days = random.choice(TURNS)
    day = first + timedelta(days=random.randrange(days))
    while random.random() < 0.7 and not is_working(day):
        day = first + timedelta(days=random.randrange(days))
    midnight = datetime.combine(day, time(), ZONE)
    if random.random() < 0.5:
        clock = time.fromisoformat(random.choice(EDGES))
        moment = datetime.combine(day, clock, ZONE)
    else:
        hours = random.choice(((0, 24), (8, 19)))
        moment = midnight + timedelta(seconds=random.randrange(hours[0] * 3600, hours[1] * 3600))
    return moment.isoformat()


def _handling(random: Random, center: str) -> Handling:
    triage = random.choice(TRIAGES)
    handling: Handling = {
        "triage": triage,
        "lead": None,
        "co": [],
        "transfer_to_center": None,
        "external_unit": None,
        "on_spot_result": None,
        "reply": None,
        "committed_working_days": None,
        "result": None,
        "qc": "pass",
        "follow_up": [{"satisfaction": random.choice(SATISFIED), "opinion": "办得快，满意。"}],
    }
    fill: dict[str, Callable[[Random, Handling, str], None]] = {"general": _settled, "out_of_scope": _elsewhere}
    fill.get(triage, _handled)(random, handling, center)
    handling["follow_up"][:0] = [_dissatisfied() for _ in range(random.choice((0, 0, 0, 1, 1, 2, 3)))]
    if random.random() < 0.2:
        handling["follow_up"][-1] = _dissatisfied()
    return handling


def _settled(random: Random, handling: Handling, _center: str) -> None:
    handling["on_spot_result"] = "窗口当场核实并办结，已告知诉求人。"
    handling["lead"] = random.choice((None, random.choice(DEPARTMENTS)))


def _elsewhere(random: Random, handling: Handling, _center: str) -> None:
    if random.random() < 0.4:
        handling["directed_to"] = "沈丘县人民法院（12368诉讼服务热线）"
    else:
        handling["external_unit"] = "沈丘县劳动保障监察大队"
        handling["result"] = {"after_working_days": random.randint(0, 12), "text": "回函：已立案办理并告知诉求人。"}


def _handled(random: Random, handling: Handling, center: str) -> None:
    """By departments: who, answered how and when, checked and followed up."""
    if random.random() < 0.3:
        handling["transfer_to_center"] = random.choice([other for other in CENTERS if other != center])
    departments = random.sample(DEPARTMENTS, random.choice((1, 1, 2, 3, 4)))
    if (handling["transfer_to_center"] or "sq") != "sq" and random.random() < 0.5:
        departments[0] = "zhfw"
    handling["lead"], *handling["co"] = departments
    _answered(random, handling)
    handling["qc"] = random.choice(("pass", "pass", "return_then_pass"))


def _answered(random: Random, handling: Handling) -> None:
    several = handling["triage"] == "hard" or handling["co"] or handling["transfer_to_center"]
    alone: Sequence[str] = ("reasons",) if handling["triage"] == "cannot" else ("result", "result", "plan", "reasons")
    kind = random.choice(("plan", "plan", "plan", "result", "reasons") if several else alone)
    limit = 5 if several else 3 if handling["triage"] == "cannot" else 0
    days = random.choice((0, random.randint(0, 12), max(0, limit + random.randint(-1, 3))))
    handling["reply"] = {"kind": kind, "after_working_days": days, "text": "经核实，答复如下：已依法依规研究处理。"}
    handling["reply"]["legal_basis"] = "《优化营商环境条例》第三十六条" if kind == "reasons" or days % 2 else None
    if kind == "plan":
        committed = max(1, days + random.choice((0, 0, 1, 2, 5, 8)))
        done = max(days, committed + random.choice((-3, -2, -1, 0, 0, 1, 2, 3)))
        handling["committed_working_days"] = committed
        handling["result"] = {"after_working_days": done, "text": "已按承诺办理完毕，结果已告知诉求人。"}


def _dissatisfied() -> dict[str, str]:
    return {"satisfaction": "dissatisfied", "opinion": "还没有说清楚，不满意。"}
