"""Reads a State Council notice as pasted, and refuses what contradicts itself (Art. 8).

No day may go unread: a sentence that names one is understood to its last character, or the notice is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from .calendar import Calendar
from .lunar import SAID, lunar_day
from .notice import FESTIVALS, DayKind, Notice, NoticeRefused

_NUMERALS = "一二三四五六七八九十"
_FESTIVAL = "|".join(f"{name.removesuffix('节')}节?" for name in FESTIVALS)
_NUMBER = rf"(?:[{_NUMERALS}]+、|\d{{1,2}}[.、])"
_TITLE = re.compile(r"(?:国务院(?:办公厅)?)?关于[^。:]{0,60}?的(?:补充)?通知")
_AMENDING = re.compile("调整|延长|变更|修改|补充|纪念日")
_DAY_OF_ITS_OWN = re.compile(r"关于(?:\d{4}年)?([^。:]+?纪念日)")
_ORDERS_NOTHING = re.compile(
    r"(?:根据|按照|依据)[^。;:放休]{0,40}《[^》]{1,40}》|\d{4}年\d{1,2}月\d{1,2}日\d{1,2}:\d{2}(?::\d{2})?(?=来源)"
)
"""A law with the day on which it was amended, and when a page was put online: days about which nothing is ordered."""
_SIGNED = re.compile(r"(?:国务院(?:办公厅)?|日期:)\d{4}年\d{1,2}月\d{1,2}日(?![至到、,放补休调上]|\((?!此件))")
# 一、劳动节： or 三、国庆节10月… or 八、…胜利70周年纪念日：
_HEADING = re.compile(
    rf"(?:{_NUMBER}|(?<![^。;:]))(?P<known>(?:{_FESTIVAL})(?:[、和及暨](?:{_FESTIVAL}))*)(?::|(?=\d))"
    rf"|{_NUMBER}(?P<other>(?:(?!\d日)[^。:,;()]){{1,40}}(?:节|纪念日|假期)):"
)

_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_NOTE = rf"[农历大年正冬腊闰月初廿{_NUMERALS}除夕元旦春节清明端午中秋国庆劳动周星期礼拜日天、,至到]*"
_DAY = rf"(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日(\({_NOTE}\)|(?:周|星期)[一二三四五六日天])?"
_SPAN = re.compile(rf"{_DAY}(?:(?:至|到|[-—–~]+){_DAY})?[、,和及]?")
_VERB = re.compile(
    r"(?:(?P<worked>(?:照常|正常|调休|补)?上班)|放假调休|调休放假|(?:全国)?放假|补休|休息|调休)"
    rf"(?P<tail>(?:,?(?:共?计?(?:\d{{1,3}}|[{_NUMERALS}])天|与(?:周末|双休日)连休|不调休|调休))*)[、,]?"
)
# 延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班
_EXTENDED = re.compile(
    rf"{_NUMBER}?(?:将|现将)?(?:延长(?:(\d{{4}})年)?({_FESTIVAL})假期|(?:(\d{{4}})年)?({_FESTIVAL})假期延长)(?:至|到){_DAY}"
    rf"(?:,{_DAY}起(?:正常|照常|恢复)?上班)?"
)
_TOTAL = re.compile(rf"(共?)计?(\d+|[{_NUMERALS}])天")
_LEAD = re.compile(r"(?:为(?:使|方便)[^,:\d]+,)?(?:特作如下(?:调休|安排):)?(?:其中,?)?")
"""Words before the first day that change nothing: 为方便公众安排假日期间生产生活，特作如下调休："""
_NAMES_A_DAY = re.compile(r"\d日")
_ORDERS = re.compile(r"(?:放假|补休|调休)(?!期间|安排)|上班")


YEARS = range(2000, 2100)
"""A title outside these names no year that a limit could be counted in."""


def parse_notice(text: str, holds: Calendar | None = None) -> Notice:
    """The days off and the make-up working days that the pasted text names (Art. 8).

    A day without a year lies in the title's year; one with a year may lie in a neighbouring one. 与周末连休 names no
    day beyond those written. A title of 调整 and the like, or of one 纪念日, makes an amending notice, read beside what
    `holds` now: where a holiday that it only extends has ended so far, and which weekday off it makes a working day
    again. Raises NoticeRefused with every contradiction named.
    """
    flat = _flatten(text)
    found = _TITLE.search(flat)
    title = found[0] if found else ""
    body = _ORDERS_NOTHING.sub("", flat[found.end() :].replace(title, "。") if found else flat)
    body = _SIGNED.sub("。", body)
    years = set(re.findall(r"(\d{4})年", title) or re.findall(r"(\d{4})年", body))
    if len(years) != 1:
        raise NoticeRefused(["看不出是哪一年的通知：请连同写明年份的标题一起粘贴。"])
    year = int(years.pop())
    if year not in YEARS:
        raise NoticeRefused([f"{year}年不在可以受理的年份之内，请核对标题中的年份。"])
    own = _DAY_OF_ITS_OWN.search(title)
    amends = _AMENDING.search(title) is not None
    titled = own[1] if own else "、".join(re.findall(_FESTIVAL, title)) or "节假日"
    reader = _Reader(year, titled, holds if amends else None)
    for festival, sentences in _paragraphs(body):
        reader.read(festival, sentences)
    reader.compare()
    if not reader.days and not reader.faults:
        reader.fault("没有读到任何放假或上班的日子。")
    if reader.faults:
        raise NoticeRefused(reader.faults)
    return Notice(reader.year, title or f"{reader.year}年节假日安排", reader.days, amends)


def _flatten(text: str) -> str:
    """One line, half-width, without blanks and invisible characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] not in "ZC")


def _paragraphs(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each festival with its sentences; before the first heading the festival is empty."""
    headed = _HEADING.sub(lambda m: f"\n{m['known'] or m['other']}\t", body.replace("如下:", "。"))
    for paragraph in headed.split("\n"):
        festival, _, content = paragraph.rpartition("\t")
        yield festival, [re.sub(rf"^{_NUMBER}(?=\d)", "", sentence) for sentence in re.split("[。;]", content)]


class _Reader:
    """Gathers days and faults, sentence by sentence; faults keep their order and stand once."""

    def __init__(self, year: int, titled: str, holds: Calendar | None) -> None:
        self.year = year
        self._holds = holds
        self.days: dict[date, DayKind] = {}
        self.faults: dict[str, None] = {}
        self._titled = titled
        self._festival = titled
        self._unswapped: set[str] = set()
        self._written = (year, 0)  # the year and month last written, for 4日 in 5月1日至4日

    def read(self, festival: str, sentences: Iterable[str]) -> None:
        """Reads a paragraph. Advice (鼓励…除夕休息) orders nothing."""
        self._festival = festival or self._titled
        read = False
        for sentence in sentences:
            orders = _NAMES_A_DAY.search(sentence) or (festival and _ORDERS.search(sentence))
            if orders and not sentence.startswith("鼓励"):
                self._sentence(sentence)
                read = True
        if festival and not read:
            self._fault("没有读到放假的日子。")

    def compare(self) -> None:
        """What only shows when all is read: make-up days of a festival that says 不调休."""
        worked = dict.fromkeys(kind.festival for kind in self.days.values() if kind.worked)
        for self._festival in [festival for festival in worked if festival in self._unswapped]:
            self._fault("写着不调休，又写了调休上班的日子。")

    def fault(self, said: str) -> None:
        """Notes a fault of the notice as a whole."""
        self.faults[said] = None

    def _fault(self, said: str) -> None:
        self.fault(f"{self._festival}：{said}")

    def _sentence(self, sentence: str) -> None:
        self._written = (self.year, 0)
        if extended := _EXTENDED.fullmatch(sentence):
            self._extend(*extended.groups())
            return
        pending: list[date] = []
        off: list[date] = []
        lead = _LEAD.match(sentence)
        at, named = lead.end() if lead else 0, False
        while at < len(sentence):
            if token := _SPAN.match(sentence, at):
                pending += self._span(token.groups())
                named = True
            elif named and (token := _VERB.match(sentence, at)):
                worked = token["worked"] is not None
                for day in pending:
                    self._name(day, DayKind(worked, self._festival))
                off += [] if worked else pending
                self._check_tail(token["tail"], pending, pending if worked else off)
                pending, named = [], False
            else:
                break
            at = token.end()
        if at < len(sentence) or named:
            self._fault(f"读不懂“{sentence}”。")

    def _extend(self, *groups: str | None) -> None:
        """A holiday goes on after the day on which it has ended so far (国务院办公厅关于延长2020年春节假期的通知)."""
        self._festival = groups[1] or groups[3] or self._titled
        year = int(groups[0] or groups[2] or self.year)
        last = self._holds.last_day_off(self._festival, year) if self._holds else None
        none = (None,) * 4
        until, resumed = self._span(groups[4:8] + none), self._span(groups[8:] + none) if groups[10] else []
        if last is None:
            self._fault(f"{year}年的假期原来放到哪一天还不知道，请先载入该年的放假通知。")
        elif until and until[0] <= last:
            self._fault(f"假期原来已放到{_say(last)}，不能延长至{_say(until[0])}。")
        elif until:
            for n in range(1, (until[0] - last).days + 1):
                self._name(last + timedelta(days=n), DayKind(False, self._festival))
            for day in resumed:
                if day != until[0] + timedelta(days=1):
                    self._fault(f"假期延长至{_say(until[0])}，写的是{_say(day)}起上班，两者不相接。")
                elif day.weekday() > 4:
                    self._name(day, DayKind(True, self._festival))

    def _span(self, groups: tuple[str | None, ...]) -> list[date]:
        """The days from the first date to the second, if there is one; what else is said of either day is checked."""
        first, last = groups[:3], groups[4:7]
        begin = self._date(*first)
        end = self._date(*last) if any(last) else begin
        for said, check in ((_WEEKDAY, self._check_weekday), (SAID, self._check_lunar)):
            firsts, lasts = (list(said.finditer(note or "")) for note in (groups[3], groups[7]))
            if not firsts and len(lasts) == 2:  # 5月1日至5日（周四至周一）
                firsts, lasts = lasts[:1], lasts[1:]
            for day, found in ((begin, firsts), (end, lasts)):
                for words in found:
                    if day:
                        check(day, words)
        if begin is None or end is None:
            return []
        if end < begin:
            self._fault(f"{_say(begin)}至{_say(end)}，结束早于开始。")
        return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]

    def _check_weekday(self, day: date, words: re.Match[str]) -> None:
        if words[1].replace("天", "日") != _weekday(day):
            self._fault(f"{_say(day)}是周{_weekday(day)}，写的是周{words[1]}。")

    def _check_lunar(self, day: date, words: re.Match[str]) -> None:
        lunar = lunar_day(day)
        if lunar and not lunar.is_said(words):
            self._fault(f"{_say(day)}是农历{lunar}，写的是{words[0]}。")

    def _date(self, year: str | None, month: str | None, day: str | None) -> date | None:
        if year or month:
            self._written = (int(year or self.year), int(month or 0))
        in_year, in_month = self._written
        text = f"{in_year}年{in_month}月{day}日"
        if not in_month:
            self._fault(f"{day}日没有写明月份。")
        elif abs(in_year - self.year) > 1:
            self.fault(f"{text}不在{self.year}年，也不在它的前后一年。")
        else:
            try:
                return date(in_year, in_month, int(day or 0))
            except ValueError:
                self.fault(f"没有{text}这一天。")
        return None

    def _check_tail(self, tail: str, clause: list[date], sentence: list[date]) -> None:
        if "不调休" in tail:
            self._unswapped.add(self._festival)
        joined = "连休" in tail
        if joined and clause and not any(map(_weekend_beside, clause)):
            self._fault(f"写着与周末连休，但{_say(clause[0])}是周{_weekday(clause[0])}，不与周末相连。")
        for whole, number in _TOTAL.findall(tail):
            total = int(number) if number.isdecimal() else _NUMERALS.index(number) + 1
            days = set(sentence if whole else clause)
            if joined:
                days.update(*map(_weekend_beside, days))
            if days and total != len(days):
                self._fault(f"写着共{total}天，列出的日子是{len(days)}天。")

    def _name(self, day: date, kind: DayKind) -> None:
        is_off = day.weekday() > 4 or (self._holds and not self._holds.national(day).counts)
        if kind.worked and not is_off:
            self._fault(f"{_say(day)}是周{_weekday(day)}，本来就上班，不能再作调休上班日。")
        said = self.days.setdefault(day, kind)
        if said.worked != kind.worked:
            self.fault(f"{_say(day)}既写着放假，又写着上班。")
        elif said.festival != kind.festival:
            self.fault(f"{_say(day)}既写在{said.festival}名下，又写在{kind.festival}名下。")


def _weekend_beside(day: date) -> list[date]:
    """The Saturday and Sunday that the day touches or is one of; none from Tuesday to Thursday."""
    to_saturday = {0: -2, 4: 1, 5: 0, 6: -1}.get(day.weekday())
    return [] if to_saturday is None else [day + timedelta(days=to_saturday + n) for n in (0, 1)]


def _weekday(day: date) -> str:
    return "一二三四五六日"[day.weekday()]


def _say(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
