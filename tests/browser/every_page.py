"""Which pages are looked at: every one in the routes, and again those that differ for others or at other times."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.pages import Look, pages
from tests.support.scene import Scene


def looks(scene: Scene) -> list[Look]:
    """All of them, each once."""
    standing = {
        "complaint_id": scene["closed"],
        "case_id": scene["case"],
        "/cases/{case_id}/edit": scene["draft"],
        "message_id": scene["message"],
        "told_id": scene["told"],
        "rejected_id": scene["rejected"],
        "link": scene["link"],
        "number": scene["number"],
    }
    return list(dict.fromkeys([*pages(standing), *_again(scene)]))


def _again(scene: Scene) -> Iterator[Look]:
    for name in ("unsorted", "general", "late"):
        yield Look(f"/intake/complaints/{scene[name]}", "clerk-sq")
    for name in ("pending", "declined", "planned", "checking", "to-call", "referred", "joint", "closed"):
        yield Look(f"/dispatch/orders/{scene[name]}", "coordinator-sq")
    for name in ("approving", "withdrawing"):
        yield Look(f"/dispatch/orders/{scene[name]}", "head-sq")
    for act in ("transfer", "refer", "direct", "study", "join"):
        yield Look(f"/dispatch/orders/{scene['pending']}?do={act}", "coordinator-sq")
    yield Look(f"/dispatch/orders/{scene['referred']}?do=recall", "coordinator-sq")
    yield Look(f"/dispatch/orders/{scene['owed']}", "officer-zrzy")
    yield Look(f"/dispatch/orders/{scene['late']}", "supervisor-sq")
    yield Look("/dispatch/paper-templates?kind=circular", "head-sq")
    yield Look("/intake/ledger")
    yield Look("/dispatch/supervised", "government-sq")
    yield Look("/dispatch/inspections", "auditor-sq")
    yield Look("/dispatch/clues", "supervisor-sq")
    yield Look("/dispatch/desk?kind=sign", "head-sq")
    yield Look("/notify/inbox?show=unread", "officer-zrzy")
    yield Look("/intake/rejected?show=mended", "clerk-sq")
    yield Look("/intake/figures", "supervisor-sq")
    yield Look("/directory/account", "admin")
    yield Look(f"/casebook/cases/{scene['draft']}", "case-editor-sq")
    yield Look(f"/casebook/cases/{scene['case']}?do=withdraw", "case-approver-sq")
    yield Look("/casebook/drafts?show=published", "case-editor-sq")
    yield Look("/casebook/synonyms?q=证", "case-approver-sq")
    yield Look("/notify/templates/petitioner.closed", "admin")


EMPTY = (
    Look("/intake/today", "clerk-sq-fanying"),
    Look("/intake/rejected", "clerk-sq-fanying"),
    Look("/intake/ledger?center=sq-fanying", "clerk-sq-fanying"),
    Look("/intake/exports", "clerk-sq-fanying"),
    Look("/intake/figures", "coordinator-sq-fanying"),
    Look("/intake/figures/quarterly", "coordinator-sq-fanying"),
    Look("/intake/figures/equality", "coordinator-sq-fanying"),
    Look("/intake/figures/topics", "coordinator-sq-fanying"),
    Look("/intake/figures/gaming", "coordinator-sq-fanying"),
    Look("/dispatch/desk", "coordinator-sq-fanying"),
    Look("/dispatch/calls", "coordinator-sq-fanying"),
    Look("/dispatch/forecast", "coordinator-sq-fanying"),
    Look("/dispatch/papers", "coordinator-sq-fanying"),
    Look("/dispatch/clues", "coordinator-sq-fanying"),
    Look("/dispatch/mine", "officer-jyj"),
    Look("/casebook/drafts", "coordinator-sq-fanying"),
    Look("/casebook/approving", "case-approver-sq"),
    Look("/casebook/cosigning", "officer-jyj"),
    Look("/notify/messages", "coordinator-sq-fanying"),
    Look("/notify/inbox", "coordinator-sq-fanying"),
    Look("/dispatch/parked", "admin"),
)
"""Where nothing stands yet: in a township, and in a department, to which nobody has turned."""
