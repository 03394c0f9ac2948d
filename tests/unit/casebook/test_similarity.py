"""Search finds what people mean, in their own words (mechanism §8)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from services.casebook.domain import Posting, rank, terms, worth

DATA = json.loads((Path(__file__).parents[2] / "data" / "cases.json").read_text())
KEPT = {str(case["id"]): terms(f"{case['title']}\n{case['problem']}") for case in DATA["cases"]}
FOUND_IN = Counter(term for counts in KEPT.values() for term in counts)
AVERAGE = sum(counts.total() for counts in KEPT.values()) / len(KEPT)

UNSEEN = {
    "给车审车排了一上午队，人多得要命": "车辆年检窗口排队时间过长，群众意见较大",
    "换驾照让我一趟一趟补东西，不一次说完": "驾驶证换证材料清单未一次性告知，多次补正",
    "药房的证说好二十天，都两个月了还没下来": "药店经营许可超过承诺办理时限未出结果",
    "办护照在手机上抢不到号": "护照办理预约名额不足无法办理",
    "丢了工作想领失业补助，网页一直打不开交不了": "失业金申领网上申报系统报错无法提交",
    "暂住证要收钱吗，跟网上公布的不一样": "居住证办理收费标准咨询与公示不一致",
    "砍树要办的证，材料一次没给说清": "林木采伐许可材料清单未一次性告知，多次补正",
    "退伍军人优待证说外省入伍的这里不受理": "退役军人优待证跨省通办事项无法受理",
    "办辅导班的证要我交纸质的营业执照，网上不是都有吗": "民办培训机构审批电子证照信息未共享仍要求纸质件",
    "插秧机的购置补贴迟迟没到": "农机购置补贴资金申请后一年未到账",
    "小区通气约了两个月师傅还没上门": "居民小区天然气开户通气预约长期无人上门",
    "爷爷瘫痪，高龄补贴要本人去吗": "高龄老人津贴申领，行动不便要求上门办理",
}
"""Phrased otherwise than the titles; not used when the synonyms were gathered."""


def top_three(text: str) -> list[str]:
    worths = worth({term: FOUND_IN[term] for term in terms(text) if term in FOUND_IN}, len(KEPT))
    postings = [
        Posting(case, term, count, counts.total())
        for case, counts in KEPT.items()
        for term, count in counts.items()
        if term in worths
    ]
    return [case for case, _ in rank(worths, postings, AVERAGE)[:3]]


def test_the_colloquial_queries_find_their_case_among_three() -> None:
    hits = [str(query["case"]) in top_three(query["text"]) for query in DATA["queries"]]
    assert sum(hits) / len(hits) >= 0.97


def test_others_find_theirs_too() -> None:
    titles = {str(case["id"]): case["title"] for case in DATA["cases"]}
    missed = [text for text, title in UNSEEN.items() if title not in [titles[case] for case in top_three(text)]]
    assert missed == []


@pytest.mark.parametrize(("said", "written"), [("房本", "不动产权证"), ("ＥＴＣ", "etc"), ("驾照", "驾驶证")])
def test_what_is_said_and_what_is_written_share_a_term(said: str, written: str) -> None:
    assert terms(said).keys() & terms(written).keys()


def test_text_without_words_has_no_terms() -> None:
    assert not terms("，。!? \n😀")
