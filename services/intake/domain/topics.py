"""Hot topics: what many people complain of in a period, and whether more than before.

Counted are people, not complaints: words that only one petitioner uses, such as a name, never become a topic; nor do
digits and letters, of which phones and identity numbers are made.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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
_WORDS = re.compile(f"[^\\W\\d_a-zA-Zａ-ｚＡ-Ｚ{_STOP}]{{2,}}")
_GENERAL = frozenset(
    ["办理", "窗口", "材料", "工作", "人员", "工作人员", "部门", "问题", "情况", "要求", "希望", "反映", "投诉", "处理",
     "解决", "答复", "回复", "事情", "政府", "单位", "中心", "服务", "政务", "政务服务", "相关", "现在", "时候", "什么",
     "怎么", "知道", "联系", "电话", "电人", "编号", "本人", "家里", "诉求"]
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
    items: dict[str, set[str]] = {}
    for each in said:
        if each.service_item:
            items.setdefault(each.service_item, set()).add(each.who)
    named = {item: len(who) for item, who in items.items() if len(who) >= LEAST_PEOPLE}
    words, everybody = _groups(said), len({each.who for each in said})
    telling = {
        group: n for group, n in words.items()
        if group not in _GENERAL and (everybody < 5 * LEAST_PEOPLE or n <= MOST_COMMON * everybody)
    }  # fmt: skip
    is_of: Callable[[str, Said], bool] = lambda item, each: each.service_item == item  # noqa: E731
    says: Callable[[str, Said], bool] = lambda group, each: group in each.text  # noqa: E731
    return Topics(
        len(said), len(earlier), _told(named, said, earlier, is_of), _told(_maximal(telling), said, earlier, says)
    )


def _groups(said: Iterable[Said]) -> dict[str, int]:
    """How many people say each group of two to `LONGEST` characters between words that say nothing; of enough people.

    A longer one is looked for only where both groups it is made of were found; and what stands between such words is
    looked at once, however many have said it.
    """
    people: dict[str, set[str]] = {}
    for each in said:
        for run in _WORDS.findall(each.text):
            people.setdefault(run, set()).add(each.who)
    found: dict[str, int] = {}
    begins: dict[str, Sequence[int]] = {run: range(len(run) - 1) for run in people}
    for size in range(2, LONGEST + 1):
        runs: dict[str, list[str]] = {}
        for run, places in begins.items():
            for begin in places:
                runs.setdefault(run[begin : begin + size], []).append(run)
        counted = _counted(runs, people)
        found |= counted
        begins = {run: longer for run, places in begins.items() if (longer := _longer(run, places, size, counted))}
    return found


def _counted(runs: Mapping[str, list[str]], people: Mapping[str, set[str]]) -> dict[str, int]:
    """How many people say each of these groups, which stand in these runs; those that enough of them do."""
    known: dict[tuple[str, ...], int] = {}
    found = {}
    for group, those in runs.items():
        if len(those) < LEAST_PEOPLE and sum(len(people[run]) for run in those) < LEAST_PEOPLE:
            continue
        if (n := known.get(key := tuple(those))) is None:
            n = known[key] = len(set().union(*(people[run] for run in those)))
        if n >= LEAST_PEOPLE:
            found[group] = n
    return found


def _longer(run: str, places: Iterable[int], size: int, counted: Mapping[str, int]) -> list[int]:
    """Where in a run a group of one more character may begin."""
    here = [begin for begin in places if run[begin : begin + size] in counted]
    return [begin for begin, following in pairwise(here) if following == begin + 1]


def _maximal(people: Mapping[str, int]) -> dict[str, int]:
    """Without those that are nearly always said as part of a longer one."""
    covered = {
        part
        for longer, n in people.items()
        for part in (longer[:-1], longer[1:])
        if part in people and n >= _SAME * people[part]
    }
    return {group: n for group, n in people.items() if group not in covered}


def _told(
    people: Mapping[str, int], said: Sequence[Said], before: Sequence[Said], says: Callable[[str, Said], bool]
) -> list[Topic]:
    topics = []
    for words in sorted(people, key=lambda words: (-people[words], words))[:MOST_TOPICS]:
        first: dict[str, str] = {}
        for each in said:
            if says(words, each):
                first.setdefault(each.who, each.number)
        earlier = {each.who for each in before if says(words, each)}
        topics.append(Topic(words, len(first), len(earlier), sorted(first.values())[:MOST_NUMBERS]))
    return topics
