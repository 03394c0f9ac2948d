"""`--table`: the README's table, from the last full run of each benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.results import latest
from tests.benchmarks.size import FULL

Figures = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One goal and what came of it."""

    benchmark: str
    says: str
    goal: str
    measured: Callable[[Figures], str]
    is_met: Callable[[Figures], bool]


ROWS = (
    Row(
        "lifecycle",
        "closed loops a second, whole house",
        "≥ 40",
        lambda it: (
            f"{it['per_s']} ({it['as']}; {it['events']:g} events, {it['deliveries']:g} deliveries; "
            f"{it['cpu_ms']} ms processor in the house, {it['servers_cpu_ms']} in the servers)"
        ),
        lambda it: it["per_s"] >= 40,
    ),
    Row(
        "lifecycle",
        "the same with 1,000,000 closed complaints behind it",
        "≥ 0.9 of it",
        lambda it: f"{it['at_1m_ratio']} ({it['at_1m_per_s']}; the empty house beside it {it['beside_1m_per_s']})",
        lambda it: it["at_1m_ratio"] >= 0.9,
    ),
    Row(
        "intake",
        "submissions a second over HTTP, one a request",
        "≥ 5 × django-helpdesk",
        lambda it: (
            f"{it['http_ratio']} × ({it['http_per_s']} : {it['helpdesk_per_s']}; {it['http_cpu_ms']} ms processor "
            f"each, over the bus {it['bus_cpu_ms']})"
        ),
        lambda it: it["http_ratio"] >= 5,
    ),
    Row(
        "intake",
        "… as lines of NDJSON",
        "",
        lambda it: f"{it['batch_ratio']} × ({it['batch_per_s']})",
        lambda _: True,
    ),
    Row(
        "intake",
        "… over the bus",
        "≥ 10 × django-helpdesk",
        lambda it: f"{it['bus_ratio']} × ({it['bus_per_s']}; until the feedback is read {it['feedback_per_s']})",
        lambda it: it["bus_ratio"] >= 10,
    ),
    Row(
        "sweep",
        "rungs fired a second, 5,000 due of 1,000,000 open clocks",
        "≥ 2,000",
        lambda it: f"{it['per_s']} ({it['ratio']} × django-helpdesk's {it['helpdesk_per_s']})",
        lambda it: it["per_s"] >= 2000,
    ),
    *(
        Row(
            "sweep",
            f"… {due:,} due of {', '.join(f'{each:,}' for each in FULL.open_clocks)} (django-helpdesk)",
            "",
            lambda it, due=due: "; ".join(
                f"{it[f'per_s_{each}_{due}']} ({it[f'helpdesk_per_s_{each}_{due}']})" for each in FULL.open_clocks
            ),
            lambda _: True,
        )
        for due in FULL.due_clocks
    ),
    Row(
        "sweep",
        "finding what is due, at 1,000,000 open against 10,000",
        "≤ 1.3 ×",
        lambda it: (
            f"{it['growth_1m_vs_10k']} × ({it['finding_ms']} : {it['finding_few_ms']} ms; at 100,000 "
            f"{it['growth_100000']} ×)"
        ),
        lambda it: it["growth_1m_vs_10k"] <= 1.3,
    ),
    Row(
        "latency",
        "dispatch → department, submission → feedback, at half of saturation",
        "p50 ≤ 50 ms, p99 ≤ 250 ms",
        lambda it: (
            f"p50 {it['p50_ms']} ms, p99 {it['p99_ms']} ms (at {it['at_per_s']} loops/s; alone p50 "
            f"{it['dispatch_alone_ms']} and {it['feedback_alone_ms']} ms, at a quarter of saturation "
            f"{it['dispatch_quarter_ms']} and {it['feedback_quarter_ms']})"
        ),
        lambda it: it["p50_ms"] <= 50 and it["p99_ms"] <= 250,
    ),
    Row(
        "floor",
        "share of a bare aio-pika + asyncpg loop with the same hops, rows and commits",
        "≥ 0.5",
        lambda it: f"{it['ratio']} ({it['per_s']} : {it['bare_per_s']})",
        lambda it: it["ratio"] >= 0.5,
    ),
    Row(
        "memory",
        "resident MB a process after 12,500 loops; growth for 100,000 events",
        "no growth",
        lambda it: "; ".join(
            f"{name} {each['mb']:.0f}, {each['mb_per_100k_events']:+.1f}" for name, each in it.items()
        ),
        lambda it: all(each["mb_per_100k_events"] <= each["noise_mb"] for each in it.values()),
    ),
    Row(
        "pages",
        "server time of the slowest page, with 1,000,000 closed complaints",
        "≤ 100 ms",
        lambda it: (
            f"{it['slowest_ms']} ms ({it['slowest']}); the middle one of {it['pages']} {it['median_ms']} ms, "
            f"{it['ratio']} × that of an empty house"
        ),
        lambda it: it["slowest_ms"] <= 100,
    ),
)


def table() -> str:
    """Markdown; what has not been measured here is left out."""
    found = latest()
    lines = ["| | goal | measured | |", "|---|---|---|---|"]
    for row in ROWS:
        if row.benchmark in found:
            figures = found[row.benchmark]["figures"]
            met = "" if not row.goal else "✓" if row.is_met(figures) else "not reached"
            lines.append(f"| {row.says} | {row.goal} | {row.measured(figures)} | {met} |")
    runs = sorted({(line["machine"], line["at"][:10], line["commit"]) for line in found.values()})
    return "\n".join([*lines, "", *("; ".join(run) for run in runs)])
