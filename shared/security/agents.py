"""What browsers call themselves, so that people know their own: `Edge（Windows）`."""

from collections.abc import Mapping

_BROWSERS: Mapping[str, str] = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "QIHU": "360浏览器",
    "360SE": "360浏览器",
    "QQBrowser": "QQ浏览器",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""In the order they are looked for: most say that they are others as well."""
_SYSTEMS: Mapping[str, str] = {
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "UOS": "统信",
    "Linux": "Linux",
}


def called(agent: str) -> str:
    """Browser and system; what is neither, as it calls itself."""
    browser, system = (
        next((name for word, name in known.items() if word in agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return f"{browser}（{system}）" if browser and system else browser or agent
