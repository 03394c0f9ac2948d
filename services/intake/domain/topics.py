"""Hot topics: what many people complain of in a period, and whether more than before.

Counted are people, not complaints: words that only one petitioner uses, such as a name, never become a topic. Texts
come in with phones and identity numbers masked.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

LEAST_PEOPLE = 5
"""A word group fewer people use is no topic."""
MOST_COMMON = 0.4
"""One that more than this part of all people use says nothing."""
MOST_TOPICS = 20
MOST_NUMBERS = 3
LONGEST = 6
"""Characters in a word group at most."""
_SAME = 0.8
"""A group that is nearly always part of a longer one is not told beside it."""

_STOP = (
    "的了是我你他她它们这那就也都还又没有在和与及或而但被把给让对向从到为以于因所其之等个一二三四五六七八九十百千万两几"
    "每各年月日号时分上下里外前后再去来说要会能可很太更最只才已经过着吗呢吧啊请"
)
_WORDS = re.compile(f"[^\\W\\d_a-zA-Z{_STOP}]{{2,}}")
_GENERAL = frozenset(
    ["办理", "窗口", "材料", "工作", "人员", "工作人员", "部门", "问题", "情况", "要求", "希望", "反映", "投诉", "处理",
     "解决", "答复", "回复", "事情", "政府", "单位", "中心", "服务", "政务", "政务服务", "相关", "现在", "时候", "什么",
     "怎么", "知道", "联系", "电话", "编号", "本人", "家里", "诉求"]
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One complaint as far as topics go."""

    number: str
    who: str
    """The same for the same petitioner, and nothing else."""
    text: str
    service_item: str | None = None


@dataclass(frozen=True)
class Topic:
    """A service item or a word group: by how many people in the period and the one before, and some complaints."""

    words: str
    people: int
    before: int
    numbers: list[str]


@dataclass(frozen=True)
class Topics:
    """The topics of a period, the most frequent first. `complaints`: the sample they were counted in, and before."""

    complaints: int
    complaints_before: int
    items: list[Topic]
    groups: list[Topic]


def topics(now: Iterable[Said], before: Iterable[Said]) -> Topics:
    """The topics of what was said in a period, against what was said in the one before."""
    said, earlier = list(now), list(before)
    items, items_before = _people(said, _item), _people(earlier, _item)
    words, words_before = _people(said, _groups), _people(earlier, _groups)
    everybody = len({each.who for each in said})
    telling = {
        group: who for group, who in words.items()
        if len(who) >= LEAST_PEOPLE and (everybody < 5 * LEAST_PEOPLE or len(who) <= MOST_COMMON * everybody)
    }  # fmt: skip
    named = {item: who for item, who in items.items() if len(who) >= LEAST_PEOPLE}
    return Topics(len(said), len(earlier), _told(named, items_before), _told(_maximal(telling), words_before))


People = dict[str, dict[str, str]]
"""By word group: who said it, and in which complaint first."""


def _people(said: Iterable[Said], parts: Callable[[Said], Iterable[str]]) -> People:
    people: People = {}
    for each in said:
        for part in parts(each):
            people.setdefault(part, {}).setdefault(each.who, each.number)
    return people


def _item(said: Said) -> Iterator[str]:
    if said.service_item:
        yield said.service_item


def _groups(said: Said) -> set[str]:
    """Every group of two to `LONGEST` characters between words that say nothing."""
    found: set[str] = set()
    for run in _WORDS.findall(said.text):
        for begin in range(len(run) - 1):
            found.update(run[begin : begin + size] for size in range(2, min(LONGEST, len(run) - begin) + 1))
    return found - _GENERAL


def _maximal(people: People) -> People:
    """Without those that are nearly always said as part of a longer one."""
    covered = {
        part
        for longer, who in people.items()
        for part in (longer[:-1], longer[1:])
        if part in people and len(who) >= _SAME * len(people[part])
    }
    return {group: who for group, who in people.items() if group not in covered}


def _told(people: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]) -> list[Topic]:
    most = sorted(people, key=lambda words: (-len(people[words]), words))[:MOST_TOPICS]
    return [
        Topic(words, len(people[words]), len(before.get(words, ())), sorted(people[words].values())[:MOST_NUMBERS])
        for words in most
    ]
