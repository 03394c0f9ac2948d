"""Where a text names somebody.

A Chinese name cannot be told from other words by its shape. It is found where the text says that it is one: after
我叫, 联系人, 村民 or 父亲, before 先生, 主任 or a phone; and then wherever the same name stands again. A name that
stands alone is not found: the editor reads the text, and names it (`also`).
"""

import re
from collections.abc import Iterator

from shared.security.mask import DOT

_COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|"
    "仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|令狐|百里|呼延"
)
_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤赖洪施牛温芦俞葛乔樊岳齐"
    "翟殷庞邢焦倪颜柴耿关焦冉柳祝柏苗尚聂晁华左裴路霍麻宁靳米娄卜詹辛管祖符窦海栗庄党甘纪舒屈项宫柯"
)
_NOT_GIVEN = (
    "的了是不在去来说要没有和与给被把到为就也都还很我你他她它这那个些们呢吗吧啊么已又再才向从对让叫请问找等因所其之某"
)
_WORDLIKE = (
    "常毕曲单梅易阮桂褚邬臧隋骆匡佟闵盛丛古蓝涂尤冼敖卞屠荣茅鲍戚奚滕郁费廉岑薄郎井巩蔺皮占桑刁荆卓蒲宗狄燕冷亓冯胥佘"
)
"""More surnames; most of them begin, or end, other words as well."""
_SURNAME = f"(?:{_COMPOUND}|[{_SINGLE}{_WORDLIKE}])"
_SURE = _SINGLE.translate(dict.fromkeys(map(ord, "向于管关")))
"""Where prepositions and verbs may stand as well, what is also one of those is no surname."""
_SURE_SURNAME = f"(?:{_COMPOUND}|[{_SURE}])"
_GIVEN = f"(?:(?![{_NOT_GIVEN}])[\u4e00-\u9fff])"
_ENDS = (
    "(?=[^\u4e00-\u9fff]|$|的|是|说|在|来|去|到|向|于|因|想|要|没|不|也|就|已|和|与|及|等|给|被|把|为|我|他|她|电话|手机|身份|家住|"
    "住|先|女|男|反映|办|申|称|今年|本人|一家|同志|患|系|于|持|拿|带|前|多次|咨询|投诉|名下|户口|名字|"
    "代办|代为|委托|卧|瘫|生病|残|去世|过世|死|打|交|买|开|跑|找|问|告|写|签|领|取|嫌|怕|希望|认为|觉得|同意|需|能|可|会|应|一直|还|又|今|昨|每|从|由|带|将|正|"
    "五保|低保|[两三四五六七八九十]人)"
)
_SAID_TO_BE = (
    "我叫|名叫|叫做|(?<=[，,、])叫|姓名|联系人|来电人|反映人|诉求人|申请人|当事人|投诉人|举报人|户主|法定代表人|经办人|负责人|权利人|被继承人|"
    "购房人|房主|死者|逝者|原户主|法人代表|"
    "原告|被告|监护人|代理人|委托人|受托人|承租人|出租人|转让人|受让人|代表"
)
_MAY_BE = (
    "我是|本人|村民|居民|业主|患者|群众|市民|员工|职工|学生|司机|车主|店主|租户|房东|邻居|同事|工作人员|办事员|窗口|柜员|丈夫|妻子|"
    "老公|老婆|爱人|老伴|父亲|母亲|爸爸|妈妈|我爸|我妈|儿子|女儿|孙子|孙女|爷爷|奶奶|哥哥|姐姐|弟弟|妹妹|岳父|岳母|公公|婆婆|"
    "家父|家母|先父|先母|亡父|亡母|亡夫|亡妻|儿媳|女婿|侄子|侄女|外甥|伯父|叔叔|舅舅|老人|军人|战友|"
    "支书|书记|主任|科长|局长|所长|站长|经理|老板|队长|校长|院长|法人|"
    "其[父母夫妻子女]|科员|股东|教师|干部|农民|组长|会计|光棍汉?|低保户|五保户|贫困户|脱贫户"
)
_TITLES = (
    "先生|女士|小姐|师傅|大爷|大娘|大妈|大叔|大婶|大哥|大姐|阿姨|叔叔|老师|医生|大夫|护士|主任|科长|局长|股长|所长|站长|书记|村长|"
    "支书|主席|经理|老板|会计|队长|校长|院长|警官|律师|同志|法官|镇长|乡长|主管|姐(?![妹夫])|哥(?!们)|叔|姨(?!夫)|婶|嫂"
)
_OFFICES = "[局所科处总工](?=[说讲让叫不也就要签批给，。、；！？]|$)"
"""李局, 王所, 陈总: a title cut short, where something is said of it."""
_APART = "(?:(?<![\u4e00-\u9fff])|(?<=[找问叫请和给让与跟托由是为被的位名]))"
"""Nothing stands before, or a word that no other word ends with."""
_NO_NAMES = """
高血压 高龄 高中 高校 高考 高度 高速 高新区 高级 方便 方面 方式 方案 方法 万元 万一 金额 金融
马上 马路 白天 白跑 黄金 黄牛 严重 严格 温度 路上 路边 水电 包括 任何 任务 任课 任教 关于 关系
关心 有关 项目 于是 田地 林地 林权 林业 江边 广大 祝福 谢谢 许可 许可证 许多 连续 宁可 宁愿
党员 党支部 党委 党组 商户 武装 武警 章程 管理 管道 管辖 管事 华侨 庄稼 海关 海外 海边 左右
路过 路费 石油 石膏 石头 米面 毛病 贺卡 龙头 龙年 钱款 钱包 史料 温馨 乔迁 洪水 施工 施工队
牛羊 牛奶 齐全 柴油 颜色 左手 左边 舒服 项款 纪检 纪委 甘愿 辛苦 符合 程序 时间 安全 常住 付款
付费 付钱 向上 向前 孔洞 白卡 白条 陈旧 陈述 陈列 曾经 曾用名 曾多次 段落 姜汤 江苏 江西 海南
云南 河南 湖南 湖北 广东 广西 山东 山西 陕西 贵州 黑龙江 石家庄 周口 周边 周围 周末 周一 周二
周三 周四 周五 周六 周日 沈丘 沈丘县 马蹄 郑州 郑州市 徐州 苏州 杭州 金华 温州 常州 洪灾 顾客
顾问 许昌 邓州 罗山 范围 范县 解释 解决 何时 何地 何处 高铁 夏天 夏季 秦岭 余款 余额 余地 雷电
雷击 汤水 房产 车辆 钟头 钟表 贾鲁河 孟津 彭城 孙辈 孙媳 方言 白纸 白内障 金卡 金牌 毛坯 毛坯房
龙卷风 常年 常务 常规 常见 常委 常用 常德 单位 单独 单方 单项 单次 单号 单身 单亲 单证 单价 单子
单据 毕业 毕竟 曲折 梅花 易地 桂花 桂林 盛夏 古树 古稀 古城 蓝天 蓝色 涂料 尤其 荣誉 荣军 费用
费力 廉租 廉政 薄弱 井水 井盖 皮肤 占地 占道 占用 占有 卓越 宗教 宗地 宗亲 冷库 冷链 万事 安全员
交易 桑树 蒲扇 高管 田间
"""
"""Words that begin like a name: the first character is a surname."""
_WORDS = frozenset(_NO_NAMES.split())


def _named(before: str, surname: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{before})[是为叫:： ]*(?P<it>{surname}{_GIVEN}{{1,2}}){_ENDS}")


_SPEAKS = re.compile(
    rf"(?<![\u4e00-\u9fff])(?P<it>(?:{_COMPOUND}){_GIVEN}{{1,2}}|[{_SURE}]{_GIVEN}{{2}})"
    "(?=再次|多次|来电|反映|诉称|表示|陪同)"
)
_BETWEEN_NAMES = "的了很是说在来去想要没已就也让又我你他她它这那个们"
_DOTTED = re.compile(
    "(?<![\u4e00-\u9fff·•・‧《“「])"
    rf"(?:[\u4e00-\u9fff]{{0,40}}(?:{_SAID_TO_BE}|{_MAY_BE}|[的我你他她找问叫请和给让与跟托由是为被])(?!人)"
    "[是为叫:： ]*)?"
    rf"(?P<it>[\u4e00-\u9fff]{{1,8}}(?:[·•・‧](?:(?![{_BETWEEN_NAMES}])[\u4e00-\u9fff]){{2,8}}?)+)"
    rf"(?=[^\u4e00-\u9fff·•・‧]|$|[{_BETWEEN_NAMES}向因和与及等反办称申电手身住先女男打交一]|{_TITLES})"
)
"""买买提·艾山: what has a dot in the middle is a name, whatever it begins with."""
_FULL = (
    _DOTTED,
    _SPEAKS,
    _named(_SAID_TO_BE, _SURNAME),
    _named(_MAY_BE, f"(?:{_SURE_SURNAME}|[{_WORDLIKE}])"),
    _named(f"(?:{_MAY_BE})叫", _SURNAME),
    re.compile(
        rf"{_APART}(?P<it>{_SURE_SURNAME}{_GIVEN}{{1,2}})"
        r"(?=[，,、:： （(]{0,2}(?:联系)?(?:电话|手机号?码?|身份证号?码?|号码|[男女][，,、]?)?"
        r"[是为:： ]{0,2}(?:\+86)?[0-9][0-9 -]{6})"
    ),
)
_AND = re.compile(rf"(?:[、和与及跟]|以及)(?P<it>{_SURE_SURNAME}{_GIVEN}{{1,2}}|[{_WORDLIKE}]{_GIVEN}{{2}}){_ENDS}")
"""The next one of several."""
_TITLED = (
    re.compile(rf"(?P<it>{_SURE_SURNAME}{_GIVEN}{{0,2}}?)(?={_TITLES})"),
    re.compile(rf"{_APART}(?P<it>[{_WORDLIKE}]{_GIVEN}{{0,2}}?)(?={_TITLES})"),
    re.compile(rf"{_APART}(?P<it>[{_SURE}{_WORDLIKE}])(?={_OFFICES})"),
    re.compile(
        rf"(?<![大最矮养])(?P<it>(?!老石|小时|小麦|老马路)[小老][{_SINGLE}])(?=头?[说讲告让接打叫不和，。、]|家|来电|反映)"
    ),
)


def full_names(text: str) -> Iterator[re.Match[str]]:
    """Where it says a whole name, in the group `it`."""
    for pattern in _FULL:
        for found in pattern.finditer(text):
            following: re.Match[str] | None = found
            while following and not _is_a_word(following["it"]):
                yield following
                following = _AND.match(text, following.end("it"))


def titled(text: str) -> Iterator[re.Match[str]]:
    """Where it says a name before its title, and where 小王 or 老李 do something; in the group `it`."""
    for pattern in _TITLED:
        for found in pattern.finditer(text):
            if not _is_a_word(found["it"]):
                yield found


def is_whole(name: str) -> bool:
    """Whether a name may be looked for wherever else it stands: surname and given name, and no other word."""
    return (2 <= len(name) <= 4 or DOT.search(name) is not None) and not _is_a_word(name)


def _is_a_word(name: str) -> bool:
    return name in _WORDS or name[:2] in _WORDS
