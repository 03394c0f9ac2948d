"""Words for complaints nobody made: who complains, from where, of what. Drawn by a seed, for loaded histories.

So many that a search for a matter, a village or a street finds some of a million complaints and not all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Self

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "秀英伟芳敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉梅建国志华春红海燕文辉云龙新民凤林守信巧玲德福"
TOWNS = (
    *("槐店镇", "东城街道", "北城街道", "刘庄店镇", "留福镇", "老城镇", "赵德营镇", "付井镇", "纸店镇", "新安集镇"),
    *("白集镇", "刘湾镇", "莲池镇", "洪山镇", "北杨集镇", "周营镇", "冯营乡", "范营乡", "石槽集乡", "李老庄乡"),
)
VILLAGES = (
    *("吉祥", "东关", "西关", "前李庄", "后李庄", "张营", "王楼", "刘寨", "孙坡", "大于庄", "小于庄", "卢庄", "范楼"),
    *("杨海", "徐营", "新店", "陈桥", "韩集", "马店", "赵口", "朱堂", "胡同", "石桥", "高寺", "郭庄", "梁庄", "谢营"),
)
TRADES = (
    "村民",
    "居民",
    "个体户",
    "种粮大户",
    "退休教师",
    "货车司机",
    "返乡青年",
    "超市店主",
    "养殖户",
    "物业公司员工",
)
MATTERS = (
    *(
        "不动产登记",
        "食品经营许可",
        "医保关系转移",
        "养老保险补缴",
        "营业执照变更",
        "宅基地审批",
        "低保申请",
        "建房许可",
    ),
    *("残疾证换领", "公积金提取", "户口迁移", "准生登记", "取水许可", "燃气开户", "用电增容", "施工许可", "消防验收"),
    *("道路运输证年审", "农机购置补贴", "退税", "发票增量", "工伤认定", "失业金申领", "学籍转接", "民办幼儿园备案"),
    *("排污登记", "户外广告审批", "渣土运输核准", "危房改造补助", "耕地地力补贴", "高龄津贴", "殡葬补贴", "居住证签注"),
)
COUNTERS = (
    "政务服务中心",
    "便民服务中心",
    "综合窗口",
    "自助服务区",
    "社保大厅",
    "税务大厅",
    "帮办代办窗口",
    "网上办事大厅",
)
TROUBLES = (
    *("材料交齐了仍说缺件", "跑了三趟没有办成", "系统一直提示数据不一致", "窗口让回原籍开证明", "等了两个多月没有回音"),
    *(
        "经办人总说领导不在",
        "前后两次说法不一样",
        "电话打了十几遍没有人接",
        "被要求重复提交复印件",
        "取号机上午就停了号",
    ),
    *("承诺的日子过了还没有结果", "被告知政策已经变了却拿不出文件", "两个部门互相推", "收费与公示的不一致"),
)
WHEN = ("上周", "本月初", "月底", "前天上午", "昨天下午", "国庆节前", "麦收后", "开学前", "年初", "赶集那天")
STREETS = ("吉祥路", "富都大道", "兆丰大道", "颍河路", "人民路", "和谐路", "槐香路", "沙颍路", "长安路", "商贸街")


@dataclass(frozen=True)
class Words:
    """What is told of one complaint."""

    person: str
    firm: str
    address: str
    matter: str
    opening: str
    """The first sentence of what the petitioner says."""
    finding: str
    """The first sentence of what is answered."""

    @classmethod
    def drawn(cls, chance: Random) -> Self:
        """Others each time."""
        pick = chance.choice
        town, village, matter, trade = pick(TOWNS), pick(VILLAGES), pick(MATTERS), pick(TRADES)
        person = pick(SURNAMES) + pick(GIVEN) + pick(GIVEN)
        opening = f"{pick(WHEN)}，{town}{village}村的{trade}到{pick(COUNTERS)}办{matter}，{pick(TROUBLES)}。"
        firm = f"沈丘县{village}{pick(GIVEN)}{pick(GIVEN)}商贸有限公司"
        finding = f"经核查，{town}{village}村{trade}反映的{matter}一事，情况属实。"
        return cls(person, firm, f"沈丘县{town}{pick(STREETS)}{chance.randrange(1, 400)}号", matter, opening, finding)


def opened_with(sentence: str, text: str) -> str:
    """The text with this first sentence instead of its own; before it, where it has only one."""
    _, stop, rest = text.partition("。")
    return sentence + (rest if stop and rest else text)
