"""What browsers call themselves, as people know them."""

from __future__ import annotations

import pytest

from shared.security.agents import called

ENGINE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (ENGINE, "Chrome（Windows）"),
        (f"{ENGINE} Edg/130.0.0.0", "Edge（Windows）"),
        (f"{ENGINE} QIHU 360SE", "360浏览器（Windows）"),
        (f"{PHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari（iPhone）"),
        (f"{PHONE} Mobile/15E148 MicroMessenger/8.0.50", "微信（iPhone）"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, name: str) -> None:
    assert called(agent) == name
