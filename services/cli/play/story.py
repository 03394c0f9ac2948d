"""The life of one complaint, told as the instants at which somebody does something about it.

Each `yield` is an instant to wait for; what follows it happens then (sample data page, "How play acts a handling"). The
turns a line can take beside that are told in `turns`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

from services.cli.play.doors import Doors
from services.cli.play.hands import TEN, THREE, Hands
from services.cli.play.scenario import Scene
from services.cli.play.turns import Decline, Extension, FollowUp, Reopening, Withdrawal
from shared.settings import settings

BY_LAW = "该事项应通过法定渠道办理，不属于政务服务转办范围。"
"""Why somebody is directed elsewhere, and why one who is not content with that is told so again."""
TRIES = 3
"""After so many, on two days in two parts of the day, a petitioner counts as unreachable."""

Act = Callable[[], Awaitable[None]]


class Story(Hands):
    """Plays one scene."""

    def __init__(self, scene: Scene, doors: Doors, registered: dict[str, str]) -> None:
        """`registered` is shared by all stories of a play: what became of each reference that one of them has begun."""
        super().__init__(scene, doors)
        self.registered = registered
        self.is_repeat = False
        self._ended = False
        self._dispatched_at = self.now
        self._dispatches = 0
        self._to_come: list[tuple[int, Act]] = []

    async def live(self) -> AsyncIterator[datetime]:
        """The whole life; every instant it yields is at or after the one before."""
        yield self.now
        answer = await self.doors.submit(self.scene.submission)
        self.number, self.complaint_id = answer["number"], answer["complaint_id"]
        self.query_code = answer["query_code"]
        self.is_repeat = self.complaint_id in self.registered.values()
        if self.is_repeat:
            return  # the same source and reference twice is one complaint (mechanism §2): it has its handling
        self.registered[self.scene.source_ref] = self.complaint_id
        yield self.at(await self.doors.opening(self.center, self.now))
        await self._triage()
        yield self.now
        handle = {"general": self._settle, "out_of_scope": self._send_elsewhere}.get(self.scene.triage, self._dispatch)
        async for instant in handle():
            yield instant
        if self.scene.turns.reopen:
            async for instant in self._reopen(self.scene.turns.reopen):
                yield instant

    async def _triage(self) -> None:
        clerk = await self.doors.as_member("clerk", self.center)
        if first := self.scene.turns.sorted_first:
            await self.doors.complaint(self.complaint_id, "triage", clerk, triage=first.triage)
            coordinator = await self.doors.as_member("coordinator", self.center)
            anew = {"triage": self.scene.triage, "reason": first.reason}
            await self.doors.complaint(self.complaint_id, "triage", coordinator, **anew)
        else:
            await self.doors.complaint(self.complaint_id, "triage", clerk, triage=self.scene.triage)
        if self.scene.turns.correct:
            await self.doors.complaint(self.complaint_id, "correct", clerk, **self.scene.turns.correct)

    async def _settle(self) -> AsyncIterator[datetime]:
        clerk = await self.doors.as_member("clerk", self.center)
        given = {"result": self.scene.on_spot_result, "helped_by": self.scene.lead}
        await self.doors.complaint(self.complaint_id, "settle", clerk, **given)
        async for instant in self._follow_up(self.scene.follow_ups):
            yield instant

    async def _send_elsewhere(self) -> AsyncIterator[datetime]:
        scene = self.scene
        if scene.directed_to:
            await self.order("direct", "coordinator", channel=scene.directed_to, reason=BY_LAW)
        else:
            reason = "该事项不属于本中心政务服务范围。"
            await self.order("refer", "coordinator", unit=scene.external_unit, reason=reason)
            assert scene.result
            self._look_ahead()
            async for instant in self._until(scene.result.after_working_days):
                yield instant
            if self._ended:
                return
            await self.order("outcome", "coordinator", text=scene.result.text)
        async for instant in self._follow_up(scene.follow_ups):
            yield instant

    async def _dispatch(self) -> AsyncIterator[datetime]:
        scene = self.scene
        if scene.transfer_to_center:
            token = await self.doors.as_member("coordinator", self.center)
            given = {"to_center": scene.transfer_to_center, "reason": "该事项由贵中心协调办理更为适宜。"}
            await self.doors.order(self.complaint_id, "transfer", token, **given)
            yield self.now
        if scene.turns.join:
            leading = self.registered[scene.turns.join]
            await self.order("join", "coordinator", to=leading, reason="反映同一事项，合并办理。")
            self._dispatched_at = self.now
        else:
            await self._to_departments(scene.lead)
        if scene.turns.study:
            await self.order("study", "coordinator", held_at=self.now.isoformat(), **scene.turns.study)
        self._look_ahead()
        for decline in scene.turns.declines:
            async for instant in self._decline(decline):
                yield instant
        async for instant in self._answer():
            yield instant

    async def _to_departments(self, lead: str | None) -> None:
        self._dispatched_at = self.now
        self._dispatches += 1
        co_handlers = [each for each in self.scene.co_handlers if each != lead]
        by = "coordinator" if self._dispatches <= settings().dispatches_before_head else "head"
        await self.order("dispatch", by, lead=lead, co_handlers=co_handlers)

    async def _decline(self, decline: Decline) -> AsyncIterator[datetime]:
        async for instant in self._until(decline.after_working_days):
            yield instant
        if self._ended:
            return
        await self.as_lead("decline", reason=decline.reason, right_department=decline.right_department)
        yield await self.a_little_later()
        await self.order("decline", "coordinator", uphold=decline.uphold, reasons=decline.reasons)
        if decline.uphold:
            yield self.now
            await self._to_departments(decline.then_lead)

    async def _answer(self) -> AsyncIterator[datetime]:
        answer = self.scene.reply
        assert answer
        async for instant in self._until(answer.after_working_days):
            yield instant
        if self._ended:
            return
        if answer.kind == "plan":
            assert self.scene.result
            assert self.scene.committed_working_days is not None
            await self.reply(answer, committed_on=await self._workday(self.scene.committed_working_days))
            if self.scene.turns.consent is not None:
                yield await self.a_little_later()
                reasons = None if self.scene.turns.consent else "期限过长，请在二十个工作日内办结。"
                await self.order("consent", "coordinator", approve=self.scene.turns.consent, reasons=reasons)
            answer = self.scene.result
            async for instant in self._until(answer.after_working_days):
                yield instant
            if self._ended:
                return
        await self.co_handlers_reply()
        await self.reply(answer)
        yield self.now
        if self.scene.returned_once:
            await self.order("check", "coordinator", passed=False, reasons="答复不够具体，请补充依据和办理情况后重报。")
            yield await self.a_little_later()
            await self.reply(answer)
            yield self.now
        await self.order("check", "coordinator", passed=True)
        async for instant in self._follow_up(self.scene.follow_ups):
            yield instant

    def _look_ahead(self) -> None:
        """What the parties will do on some working day after the dispatch, in this order."""
        turns = self.scene.turns
        to_come: list[tuple[int, Act]] = [(day, lambda: self.by_petitioner("nudge")) for day in turns.nudges]
        to_come += [(day, lambda: self.order("urge", "coordinator")) for day in turns.urges]
        to_come += [(day, self._supervise) for day in turns.supervises]
        to_come += [(day, self._chase) for day in turns.chases]
        if (extension := turns.extension) is not None:
            to_come.append((extension.after_working_days, lambda: self._extend(extension)))
        if (withdrawal := turns.withdraw) is not None:
            to_come.append((withdrawal.after_working_days, lambda: self._withdraw(withdrawal)))
        self._to_come = sorted(to_come, key=lambda turn: turn[0])

    async def _until(self, working_days: int) -> AsyncIterator[datetime]:
        """Wait until that working day after the dispatch; what comes earlier, or then, happens on the way."""
        while self._to_come and self._to_come[0][0] <= working_days and not self._ended:
            day, act = self._to_come.pop(0)
            yield await self.on_day(day, self._dispatched_at)
            await act()
            yield self.now
        if not self._ended:
            yield await self.on_day(working_days, self._dispatched_at)

    async def _supervise(self) -> None:
        await self.order("supervise", "coordinator", requirement="请立即办理，并书面说明情况。")

    async def _chase(self) -> None:
        await self.order("refer", "coordinator", unit=self.scene.external_unit, chase=True)

    async def _extend(self, extension: Extension) -> None:
        committed_on = await self._workday(extension.committed_working_days)
        await self.as_lead("extend", reason=extension.reason, committed_on=committed_on)
        await self.order("extend", "coordinator", approve=extension.approve, reasons=extension.reasons)

    async def _withdraw(self, withdrawal: Withdrawal) -> None:
        await self.order("withdraw", "coordinator", words=withdrawal.words)
        words = "本人接听，确认撤回。" if withdrawal.confirm else "本人接听，不撤回。"
        await self.order("withdraw", "head", confirm=withdrawal.confirm, words=words)
        self._ended = withdrawal.confirm

    async def _workday(self, working_days: int) -> str:
        day = await self.doors.workday_after(self.handling_center, self._dispatched_at.date(), working_days)
        return day.isoformat()

    async def _reopen(self, reopening: Reopening) -> AsyncIterator[datetime]:
        """The petitioner has it reopened, whatever its end was; it is done again, and followed up again."""
        yield await self.on_day(reopening.after_working_days, self.now)
        await self.by_petitioner("reopen", words=reopening.words)
        async for instant in self._redo():
            yield instant
        async for instant in self._follow_up(reopening.follow_ups):
            yield instant

    async def _follow_up(self, heard_in_turn: tuple[FollowUp, ...]) -> AsyncIterator[datetime]:
        """Ask; while there is a successor to a dissatisfied answer, redo and ask again; else close or conclude."""
        last = len(heard_in_turn) - 1
        tries = 0
        for number, heard in enumerate(heard_in_turn):
            yield self.now
            if heard.satisfaction == "unreachable":
                tries += 1
                async for instant in self._try(heard, tries, is_last=number == last):
                    yield instant
                continue
            dissatisfied = heard.satisfaction == "dissatisfied"
            then = ("redo" if number < last else "conclude") if dissatisfied else None
            await self._heard(heard, then, solved=not dissatisfied)
            yield self.now
            if then == "redo":
                tries = 0
                async for instant in self._redo():
                    yield instant
                continue
            if then == "conclude":
                await self._conclude()
            return

    async def _try(self, heard: FollowUp, tries: int, *, is_last: bool) -> AsyncIterator[datetime]:
        """One try in vain, and the instant of the next; the last is repeated until it is enough, and concludes."""
        while is_last and tries < TRIES:
            await self._heard(heard, None)
            yield await self._next_try(tries)
            tries += 1
        await self._heard(heard, "conclude" if is_last else None)
        if not is_last:
            yield await self._next_try(tries)

    async def _next_try(self, tries: int) -> datetime:
        return self.at(await self.instant_of(1, self.now, THREE if tries % 2 else TEN))

    async def _heard(self, heard: FollowUp, then: str | None, solved: bool | None = None) -> None:
        given = {"satisfaction": heard.satisfaction, "solved": solved, "opinion": heard.opinion}
        await self.order("follow-up", "coordinator", method="phone", then=then, **given)

    async def _redo(self) -> AsyncIterator[datetime]:
        answer = self.scene.last_answer
        yield await self.a_little_later()
        if self.scene.triage == "general":
            clerk = await self.doors.as_member("clerk", self.center)
            await self.doors.complaint(self.complaint_id, "settle", clerk, result=self.scene.on_spot_result)
        elif self.scene.directed_to:
            await self.order("direct", "coordinator", channel=self.scene.directed_to, reason=f"再次告知：{BY_LAW}")
        elif self.scene.external_unit:
            assert answer
            await self.order("outcome", "coordinator", text=answer.text)
        else:
            assert answer
            await self.co_handlers_reply()
            await self.reply(answer)
            yield self.now
            await self.order("check", "coordinator", passed=True)

    async def _conclude(self) -> None:
        answer = self.scene.last_answer
        basis = (
            self.scene.reply.legal_basis if self.scene.reply else None
        ) or "《政务服务“有诉即办”诉求响应工作机制（试行）》第十条"
        reasons = answer.text if answer else self.scene.on_spot_result or BY_LAW
        await self.order("conclude", "coordinator", reasons=reasons, legal_basis=basis)
        await self.order("conclude", "head", approve=True)

    async def read_back(self) -> dict[str, Any]:
        """What became of it, as the doors tell it."""
        order = await self.read()
        token = await self.doors.as_member("coordinator", self.handling_center)
        told = await self.doors.call("GET", "/notify/api/messages", token, params={"complaint_id": self.complaint_id})
        fired = {rung["rung"] for rung in order["rungs"] if not rung.get("by_hand")}
        return {
            "source_ref": self.scene.source_ref,
            "number": self.number,
            "rungs": [rung for rung in ("urged", "supervised", "reported") if rung in fired],
            "redo": order["redo"],
            "overdue": order["overdue"],
            "final": order["final"],
            "notified": told["total"],
        }
