"""What a house that is reached over HTTPS alone says to browsers: cookies of this host, TLS, nothing kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from shared.settings import settings
from shared.web import browsers, flash
from shared.web.headers import Headers


@pytest.fixture
async def browser(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A browser before doors that let it in and out, in a house that is not on one's own machine."""
    monkeypatch.setenv("YOUSU_AMQP_URL", "amqp://elsewhere")
    monkeypatch.setenv("YOUSU_PHONE_INDEX_KEY", "a2V5IG9mIGEgdGVzdCBvZiBicm93c2VycyBvbmx5ISE=")
    settings.cache_clear()
    app = FastAPI()

    @app.get("/in")
    async def let_in() -> Response:
        response = flash.done("/", "您好。")
        browsers.let_in(response, "ys_token")
        return response

    @app.get("/out")
    async def let_out() -> Response:
        response = Response()
        browsers.let_out(response)
        return response

    @app.get("/told")
    async def told(request: Request) -> str:
        return flash.told(request)

    transport = httpx.ASGITransport(Headers(app, only_https=settings().only_https))
    async with httpx.AsyncClient(transport=transport, base_url="https://yousu.example") as client:
        yield client
    settings.cache_clear()


async def test_cookies_are_of_this_host_alone_and_no_script_reads_them(browser: httpx.AsyncClient) -> None:
    given = (await browser.get("/in")).headers.get_list("set-cookie")
    assert {cookie.partition("=")[0] for cookie in given} == {"__Host-yousu_session", "__Host-yousu_told"}
    for cookie in given:
        attributes = {each.strip().lower() for each in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= attributes
        assert not any(each.startswith("domain") for each in attributes)
    assert (await browser.get("/told")).json() == "您好。"


async def test_tls_is_asked_for_a_year_and_of_every_host_below(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/told")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_nothing_but_what_is_everybodys_is_kept_by_a_browser(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/told")).headers["cache-control"] == "no-store"
    assert "cache-control" not in (await browser.get("/static/yousu.css")).headers


async def test_logging_out_leaves_nothing_in_the_browser(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert '__Host-yousu_session=""' in answer.headers["set-cookie"]
