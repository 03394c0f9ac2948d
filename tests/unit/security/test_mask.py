"""Masking: enough to recognise one's own, too little to find anyone."""

import pytest

from shared.security.mask import mask_address, mask_known_in, mask_name, mask_phone, mask_text, strike_known


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("王建国", "王**"),
        ("欧阳娜", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("马䶮𠅤", "马**"),
        ("买买提·吐尔逊", "买**"),
        ("张", "*"),
        ("", ""),
        ("<b>孟桂香</b>", "<**"),
    ],
)
def test_a_person_keeps_the_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_an_organisation_keeps_its_name() -> None:
    assert mask_name("沈丘县颍滨建材有限公司", organisation=True) == "沈丘县颍滨建材有限公司"


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345521", "138****5521"),
        ("0394-5000112", "0394-5****12"),
        ("0371-65900012", "0371-6*****12"),
        ("010-65900012", "010-6*****12"),
        ("微信 abc", "***"),
        ("13812345521 ", "***"),
        ("", ""),
    ],
)
def test_a_phone_keeps_its_ends(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("沈丘县槐店镇吉祥路中段路西14号", "沈丘县槐店镇***"),
        ("河南省周口市沈丘县纸店镇李营村三组", "河南省周口市沈丘县纸店镇***"),
        ("周口市川汇区人民路1号", "周口市川汇区***"),
        ("槐店回族镇东关社区", "槐店回族镇***"),
        ("沈丘县北城街道颍河路", "沈丘县北城街道***"),
        ("沈丘县石槽集乡翟营村", "沈丘县石槽集乡***"),
        ("沈丘县先进制造业开发区经二路3号", "沈丘县先进制造业开发区***"),
        ("沈丘县新安集镇", "沈丘县新安集镇"),
        ("沈丘县城关老粮局家属院", "沈丘县***"),
        ("幸福里小区3号楼2单元", "***"),
        ("李营村乡道边", "***"),
        ("{{ config }}", "***"),
        ("", ""),
    ],
)
def test_an_address_keeps_its_township(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_phones_and_identity_numbers_in_running_text_are_masked_and_nothing_else() -> None:
    text = (
        "我叫张三，电话19900001001、0394-5000112，身份证41272819810413453X，编号HL2026092400137，缴了199000010010元。"
    )

    assert mask_text(text) == (
        "我叫张三，电话199****1001、0394-5****12，身份证412728********453X，编号HL2026092400137，缴了199000010010元。"
    )


@pytest.mark.parametrize(
    ("name", "organisation", "masked"),
    [
        ("张三丰", False, "张**来访，张三未到。"),
        ("张", False, "张三丰来访，张三未到。"),
        ("张三", True, "张三丰来访，张三未到。"),
    ],
)
def test_a_persons_name_in_running_text_is_masked_and_an_organisations_is_not(
    name: str, organisation: bool, masked: str
) -> None:
    assert mask_known_in("张三丰来访，张三未到。", {"name": name}, organisation=organisation) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("沈丘县槐店镇人民路99号3单元", "我司联系人王**，微信***，住槐店镇***，在李庄村。"),
        ("沈丘县纸店镇李庄村", "我司联系人王**，微信***，住槐店镇人民路99号3单元，在李庄村。"),
    ],
)
def test_who_is_to_be_called_and_where_a_house_stands_is_masked_in_running_text_too(address: str, masked: str) -> None:
    known = {"name": "沈丘县面粉厂", "contact_person": "王小麦", "other_contact": "wheat88", "address": address}
    text = "我司联系人王小麦，微信wheat88，住槐店镇人民路99号3单元，在李庄村。"
    assert mask_known_in(text, known, organisation=True) == masked


@pytest.mark.parametrize(
    "typed",
    [
        "199 0000 1001",
        "199-0000-1001",
        "１９９００００１００１",
        "199.0000.1001",
        "199－0000－1001",
        "1 9 9 0 0 0 0 1 0 0 1",
        "+86 19900001001",
        "8619900001001",
    ],
)
def test_a_phone_is_masked_and_struck_however_its_digits_are_typed(typed: str) -> None:
    assert mask_text(f"请拨打{typed}联系。") == "请拨打199****1001联系。"
    assert strike_known(f"请拨打{typed}联系。", {"phone": "19900001001"}) == "请拨打〔电话已隐去〕联系。"


@pytest.mark.parametrize(
    "typed",
    [
        "0394-5000112",
        "0394 5000112",
        "(0394)5000112",
        "（0394）500-0112",
        "03945000112",
        "０３９４－５０００１１２",
        "0394-5000112转8",
    ],
)
def test_a_landline_is_masked_however_it_is_typed(typed: str) -> None:
    assert mask_text(f"单位座机（{typed}）。") == "单位座机（0394-5****12）。"


@pytest.mark.parametrize("number", ["0012345678", "20220394500", "3945000112", "039450001123456"])
def test_what_only_looks_like_a_landline_is_not_masked(number: str) -> None:
    assert mask_text(f"产权证第{number}号。") == f"产权证第{number}号。"


@pytest.mark.parametrize("typed", ["0394-5000112", "0394 5000112", "(0394)5000112", "（0394）500-0112", "03945000112"])
def test_a_landline_that_is_known_is_struck_however_it_is_typed(typed: str) -> None:
    said = strike_known(f"单位座机{typed}。", {"phone": "0394-5000112"})
    assert "5000112" not in said
    assert "0112" not in said
    assert "〔电话已隐去〕" in said


def test_another_number_and_a_longer_one_stay() -> None:
    told = "编号199000010012，电话19900001002。"
    assert strike_known(told, {"phone": "19900001001", "name": "张"}) == told


def test_a_name_with_a_dot_is_struck_whichever_dot_was_typed_and_its_first_part_alone_too() -> None:
    text = "买买提·艾山、买买提•艾山和买买提艾山是一人，买买提很急，艾草不急。"
    assert strike_known(text, {"name": "买买提·艾山"}) == "某某、某某和某某是一人，某某很急，艾草不急。"
    assert strike_known(text, {"name": "买买提·艾山"}, organisation=True).endswith("买买提很急，艾草不急。")
