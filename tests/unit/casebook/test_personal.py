"""What a guidance case must not tell (mechanism §8): what is struck, what is left, and what is shown of it."""

from __future__ import annotations

import pytest

from services.casebook.domain.personal import Known, anonymous, still_there, with_short_title
from services.casebook.domain.shapes import Kind
from services.casebook.domain.text import Text


def struck(text: str, **known: list[str]) -> str:
    return anonymous(Text("标题", text), Known(**known))[0].problem


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("请联系19900001001。", "请联系〔电话已隐去〕。"),
        ("手机 138 0000 0000，座机0394-5000123", "手机 〔电话已隐去〕，座机〔电话已隐去〕"),
        ("138-0000-0000，+86 13800000000，（0394）5000123转8", "〔电话已隐去〕，〔电话已隐去〕，〔电话已隐去〕"),
        ("（0394-5000123），03945000123，0394 500-0123", "（〔电话已隐去〕），〔电话已隐去〕，〔电话已隐去〕"),
        ("138·0000—0000，８６－１３８００００００００", "〔电话已隐去〕，〔电话已隐去〕"),
        (
            "138 - 0000 - 0000，１３８　００００　００００，0394/500 0123",
            "〔电话已隐去〕，〔电话已隐去〕，〔电话已隐去〕",
        ),
        ("电话：5000123；拨打１９９００００１００１", "电话：〔电话已隐去〕；拨打〔电话已隐去〕"),
        ("幺三八零零零零幺零零幺打不通", "〔电话已隐去〕打不通"),
    ],
)
def test_phones_are_struck_however_they_are_written(text: str, kept: str) -> None:
    assert struck(text) == kept


@pytest.mark.parametrize(
    ("text", "kind", "certain"),
    [
        ("身份证11010519491231002X丢了", Kind.IDENTITY, True),
        ("身份证110105 19491231 002x丢了", Kind.IDENTITY, True),
        ("身份证110105194912310021丢了", Kind.IDENTITY, False),
        ("老身份证130503670401001", Kind.IDENTITY, True),
        ("代码91350100M000100Y43", Kind.CREDIT_CODE, True),
        ("代码91350100M000100Y44", Kind.CREDIT_CODE, False),
        ("转到6222021234567890128", Kind.BANK_CARD, True),
        ("卡号6222 0212 3456 7890 123", Kind.BANK_CARD, False),
        ("社保编号41162400012345", Kind.NUMBER, False),
        ("身份证尾号1234", Kind.NUMBER, False),
        ("诉求SQ-2026-0231", Kind.NUMBER, True),
        ("低保证号4116240012345", Kind.NUMBER, False),
        ("护照E12345678丢了", Kind.NUMBER, False),
        ("车架号LSVAM4187C2184841丢了", Kind.NUMBER, False),
        ("网盘账号 wang_888", Kind.ACCOUNT, True),
        ("豫（2023）沈丘县不动产权第0012345号", Kind.NUMBER, True),
        ("车牌豫P12345", Kind.PLATE, True),
        ("豫 P12345", Kind.PLATE, True),
        ("豫Ｐ１２３４５", Kind.PLATE, True),
        ("豫ＰＤ１２３４５被锁", Kind.PLATE, True),
        ("豫P12345D货车", Kind.PLATE, True),
        ("豫P·A123挂", Kind.PLATE, True),
        ("车牌号P12345", Kind.PLATE, True),
        ("豫PD12345被扣", Kind.PLATE, True),
        ("a.b@example.com", Kind.EMAIL, True),
        ("微信号：abc_12345", Kind.ACCOUNT, True),
    ],
)
def test_numbers_are_told_by_their_check_digits_and_struck_anyway(text: str, kind: Kind, certain: bool) -> None:
    said, [found] = anonymous(Text("标题", text))
    assert (found.kind, found.certain) == (kind, certain)
    assert said.problem[found.at :].startswith(found.instead)
    assert said.problem == text.replace(found.found, found.instead)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("住槐店镇吉祥路中段路西14号，三楼", "住槐店镇〔住址已隐去〕，三楼"),
        ("家住新华街12号院，窗口", "家住〔住址已隐去〕，窗口"),
        ("户籍地址沈丘县刘庄店镇李寨村三组，现住幸福小区", "户籍地址沈丘县刘庄店镇〔住址已隐去〕，现住〔住址已隐去〕"),
        ("幸福小区3号楼2单元501室漏水", "幸福小区〔住址已隐去〕漏水"),
        ("幸福小区3-2-501漏水", "幸福小区〔住址已隐去〕漏水"),
        ("李寨村第三村民组的宅基地", "李寨村〔住址已隐去〕的宅基地"),
        ("沈丘县槐店镇东关社区和平路12号锦绣花园5号楼2单元1102室", "沈丘县槐店镇〔住址已隐去〕"),
        ("锦绣花园5栋2门1102，锦绣花园5#楼2单元1102漏水", "锦绣花园〔住址已隐去〕，锦绣花园〔住址已隐去〕漏水"),
        ("户籍在石槽集乡大路李庄二组，现住大路李庄二组", "户籍在石槽集乡〔住址已隐去〕，现住〔住址已隐去〕"),
        ("锦绣花园五号楼二单元十一楼西户", "锦绣花园〔住址已隐去〕"),
    ],
)
def test_of_where_somebody_lives_the_township_stays(text: str, kept: str) -> None:
    assert struck(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我叫孙巧玲，想办执照", "我叫某某，想办执照"),
        ("申请人：周志强（本地）", "申请人：某某（本地）"),
        ("孙巧玲女士来电，王师傅上门", "某女士来电，某师傅上门"),
        ("欧阳建国先生说，窗口小王说不行", "某先生说，窗口某说不行"),
        ("村民刘二妮的低保停了，刘二妮着急", "村民某某的低保停了，某某着急"),
        ("家父张德福去世，由儿媳李秀英代办", "家父某某去世，由儿媳某某代办"),
        ("我父亲高血压，母亲张桂兰卧床", "我父亲高血压，母亲某某卧床"),
        ("张三丰，13800001111", "某某，〔电话已隐去〕"),
        ("支书王大河，办事员张敏，向老师反映", "支书某某，办事员某某，向老师反映"),
        ("任主任说，常务副县长不在", "某主任说，常务副县长不在"),
        (
            "我叫买买提·艾山，在沈丘做生意，买买提·艾山很急，买买提天天来",
            "我叫某某，在沈丘做生意，某某很急，某某天天来",
        ),
        ("申请人阿依古丽·吐尔逊来电，努尔兰•叶尔肯先生陪同", "申请人某某来电，某某先生陪同"),
        ("欧阳修文来电，王建国反映", "某某来电，某某反映"),
        ("我姓常，叫常桂兰；她丈夫毕胜利和儿子易小虎", "我姓常，叫某某；她丈夫某某和儿子某某"),
        ("申请人毕福剑、曲婉婷和单田芳三人", "申请人某某、某某和某某三人"),
        ("王姐说材料不全，找陈总，陈总说找李所。", "某姐说材料不全，找某总，某总说找某所。"),
        ("其母澹台玉英住院，找老刘和小赵，科员古天乐不在", "其母某某住院，找某和某，科员某某不在"),
        ("找王秀兰13803940001问问", "找某某〔电话已隐去〕问问"),
    ],
)
def test_names_are_struck_where_the_text_says_that_they_are(text: str, kept: str) -> None:
    assert struck(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "拨12345热线，沈政数〔2022〕19号，3个工作日，5000元",
        "2026年9月28日10:00到1号窗口，第231号",
        "2026-11-23 2026-11-25 之间",
        "住院报销，住房公积金，住建局，住在农村的老人",
        "教育局局长，住建局副局长，主任不在",
        "我是高级教师，本人向法院，起诉",
        "马上要坐火车，方便面，高新区管委会，A区1号窗口",
        "小区216户2015年入住，这条路2023年修好",
        "《不动产登记暂行条例》第十七条，国务院令第656号",
        "本人常年在外，丈夫单位在郑州，业主单独申请，儿子毕业三年，交易主管部门，免费会计培训",
        "公安局说、公路局让，打造“一网·通办”，2024·槐店杯，方便群众反映问题",
        "养老金，养老钱，个体工商户以住宅登记为经营场所，小区路灯",
        "槐店镇便民服务中心3号窗口，槐店镇人民政府，和平路小学，1至3号楼业主",
    ],
)
def test_nothing_else_is_struck(text: str) -> None:
    assert struck(text) == text


def test_a_name_found_in_one_field_is_struck_in_every_other() -> None:
    text, found = anonymous(Text("孙巧玲办证难", "来电人孙巧玲说不给办", "上门找孙巧玲核实"))
    assert text.title + text.method == "某某办证难上门找某某核实"
    assert [each.field for each in found] == ["title", "problem", "method"]


def test_a_long_title_is_cut_after_what_is_personal_was_struck_and_never_within_a_mark() -> None:
    for before in range(36, 60):
        title = "办" * before + "身份证110105194912310021，电话19900001001，都不给办"
        text, found = with_short_title(*anonymous(Text(title, title)))
        assert len(text.title) <= 60
        assert not set(text.title) & set("0123456789")
        assert text.title.count("〔") == text.title.count("〕") == sum(each.field == "title" for each in found)


def test_the_staffs_names_are_struck_wherever_they_stand() -> None:
    assert struck("柜台的邓玉兰不收材料", names=["邓玉兰"]) == "柜台的某某不收材料"


def test_a_name_that_stands_alone_is_left_until_the_editor_names_it() -> None:
    assert struck("后来孙巧玲没来") == "后来孙巧玲没来"
    assert struck("后来孙巧玲没来", also=["孙巧玲"]) == "后来〔已隐去〕没来"


def test_what_the_editor_says_is_nobodys_stays() -> None:
    assert struck("窗口电话0394-5000123", keep=["0394-5000123"]) == "窗口电话0394-5000123"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请联系138 0394 0001", "138****0001"),
        ("我叫孙巧玲，", "孙**"),
        ("家住槐店镇新华街12号院", "槐店镇***"),
        ("身份证11010519491231002X", "1***X"),
        ("豫P12345", "豫***5"),
    ],
)
def test_what_is_kept_of_it_is_masked(text: str, masked: str) -> None:
    [found] = anonymous(Text("标题", text))[1]
    assert found.masked == masked


def test_what_was_struck_before_is_shown_where_its_mark_stands_now() -> None:
    text, found = anonymous(Text("标题", "电话19900001001，家住新华街12号院"))
    shorter = Text("标题", "来件说：" + text.problem.replace("，家住〔住址已隐去〕", ""))
    [left] = still_there(found, shorter)
    assert (left.kind, left.at) == (Kind.PHONE, shorter.problem.index("〔"))


def test_striking_again_changes_nothing() -> None:
    once, _ = anonymous(Text("标题", "我叫孙巧玲，电话19900001001，家住新华街12号院，豫P12345，孙巧玲女士"))
    assert anonymous(once) == (once, ())
