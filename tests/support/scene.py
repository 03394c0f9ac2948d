"""A county on a Wednesday morning in the middle of its work: something of each kind stands on every desk.

The complaints are the sample county's, so that pages look as they do at work.
"""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any

import orjson

from deploy.county import SAMPLE_CASES, SAMPLE_COMPLAINTS
from shared.security.keys import rating_links
from tests.support.pages import keep_more
from tests.support.town import APPROVER, CLERK, EDITOR, HEAD, HOTLINE, Town

CASES = "/casebook/api/cases"


class Scene:
    """What there is, by what it shows: `scene["late"]` is the id of a complaint, a case, a record."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._samples = [orjson.loads(line)["submission"] for line in SAMPLE_COMPLAINTS.read_bytes().splitlines()]
        self._ids: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self._ids[name]

    def items(self) -> ItemsView[str, str]:
        """All of it."""
        return self._ids.items()

    @classmethod
    async def set(cls, town: Town) -> Scene:
        """Let it all happen from Monday to Wednesday of this week."""
        scene = cls(town)
        await scene._monday()
        await town.until("Wed 09:30")
        await scene._wednesday()
        return scene

    async def _monday(self) -> None:
        town = self._town
        self._ids |= await keep_more(town.doors)
        await town.settle()
        await self._sent("late", 41, "refused", "wjw")
        await self._sent("closed", 36, "refused", "scjg")
        await self._answered("closed", "scjg", "result")
        await town.followed_up(self["closed"], "satisfied", typical=True)
        told = await town.messages(self["closed"])
        self._ids["told"] = next(each["id"] for each in told if each["recipient"] == "coordinator@sq")
        closing = next(each for each in told if each["template"] == "petitioner.closed")
        self._ids["message"] = closing["id"]
        self._ids["link"] = rating_links().of(self["closed"], closing["event_id"])
        await self._sorted("referred", 42, "out_of_scope")
        await town.order(self["referred"], "refer", unit="沈丘县劳动保障监察大队", reason="属于劳动保障监察事项。")
        await self._sent("planned", 20, "hard", "zrzy")
        await town.replied(self["planned"], "plan", committed_on=town.day("next Thu"))
        await town.order(
            self["planned"], "extend", "officer-zrzy", committed_on=town.day("next Fri"), reason="测绘成果尚未出具。"
        )
        await self._sent("joint", 26, "hard", "gaj", "ybj", "rsj")
        await town.order(self["joint"], "sign", "officer-gaj")
        await self._sent("declined", 25, "hard", "zrzy")
        await town.order(self["declined"], "decline", "officer-zrzy", reason="应由住建部门先办理竣工验收备案。")
        await self._publish()

    async def _wednesday(self) -> None:
        town = self._town
        await town.order(self["late"], "papers/circular", HEAD)
        await self._came("unsorted", 37)
        await self._sorted("general", 4, "general")
        await self._sorted("pending", 35, "refused")
        await self._sent("owed", 22, "cannot", "zrzy")
        await self._sent("checking", 34, "refused", "mzj")
        await town.replied(self["checking"], "result", "mzj")
        await self._sorted("to-call", 1, "general")
        settled = {"result": "当场取消号源上限，请来电人返回大厅，由社保窗口优先受理。"}
        await town.do(CLERK, f"/intake/api/complaints/{self['to-call']}/settle", **settled)
        await self._sent("approving", 18, "cannot", "jtj")
        await self._answered("approving", "jtj", "reasons")
        await town.followed_up(self["approving"], "dissatisfied", then="conclude", opinion="还是不认可。")
        basis = {"reasons": "从业资格条件由法规明确规定。", "legal_basis": "《道路运输从业人员管理规定》第十条"}
        await town.order(self["approving"], "conclude", **basis)
        await self._sent("withdrawing", 11, "cannot", "nyncj")
        await town.order(self["withdrawing"], "withdraw", words="不办了，已经和本家商量好了。")
        await self._reject()
        await self._watch_over()

    async def _came(self, name: str, sample: int) -> None:
        given = {key: self._samples[sample][key] for key in ("petitioner", "category", "content")}
        source = self._samples[sample]["source"]
        # What is taken in at the window is the hotline's here: the window has no key.
        by = HOTLINE if source == "window" else f"sample-{source}"
        self._ids[name] = (await self._town.complains(by, **given))["complaint_id"]

    async def _sorted(self, name: str, sample: int, triage: str) -> None:
        await self._came(name, sample)
        await self._town.do(CLERK, f"/intake/api/complaints/{self[name]}/triage", triage=triage)

    async def _sent(self, name: str, sample: int, triage: str, lead: str, *co_handlers: str) -> None:
        await self._sorted(name, sample, triage)
        await self._town.order(self[name], "dispatch", lead=lead, co_handlers=list(co_handlers))

    async def _answered(self, name: str, department: str, kind: str) -> None:
        await self._town.replied(self[name], kind, department)
        await self._town.order(self[name], "check", passed=True)

    async def _publish(self) -> None:
        """The sample county's cases, and a draft."""
        cases = orjson.loads(SAMPLE_CASES.read_bytes())
        answer = await self._town.ask(APPROVER, "POST", f"{CASES}/import", json=cases)
        assert answer.is_success, answer.text
        [newest, *_] = await self._town.read(None, CASES)
        self._ids["case"] = newest["id"]
        self._ids["draft"] = (await self._town.do(EDITOR, CASES, complaint_id=self["closed"]))["id"]

    async def _watch_over(self) -> None:
        """Inspection asks for a file, and is copied a clue."""
        self._ids["asked"] = (await self._town.file(self["owed"]))["number"]
        asked = {"number": self["asked"], "reason": "核查群众反映的推诿问题。"}
        await self._town.do("supervisor-sq", "/dispatch/api/inspections", **asked)
        await self._town.order(self["late"], "clue", text="窗口人员要求诉求人另行付费才予受理。")

    async def _reject(self) -> None:
        """A channel sends what cannot be registered."""
        given: dict[str, Any] = self._town.submission(petitioner={"kind": "individual", "name": "", "phone": "12"})
        answer = await self._town.ask(HOTLINE, "POST", "/intake/api/submissions", json=given)
        assert answer.status_code == 422
        [row, *_] = await self._town.read(CLERK, "/intake/api/rejected")
        self._ids["rejected"] = row["id"]
