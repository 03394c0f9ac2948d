"""The request edge: what is answered as done is committed; what could not be is a 503, and nothing is done."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import event as sql
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from shared.db import Store
from shared.messaging import announce
from shared.refusals import NotPossible
from shared.web.problems import answer_problems
from shared.web.session import Reader, Session
from tests.support.kernel import opened, totals_of, unsent_in
from tests.support.till import Basket, Receipt

router = APIRouter()


@router.post("/baskets/{basket}", status_code=201)
async def open_basket(basket: str, session: Session) -> dict[str, str]:
    session.add(Basket(id=basket, total=0))
    announce(session, opened(basket))
    return {"basket": basket}


@router.post("/receipts/{basket}", status_code=201)
async def print_receipt(basket: str, session: Session) -> dict[str, str]:
    """Whether there is such a basket is found out only at the commit."""
    session.add(Receipt(basket=basket))
    announce(session, opened(basket))
    await session.flush()
    return {"basket": basket}


@router.post("/refused/{basket}", status_code=201)
async def refuse(basket: str, session: Session) -> None:
    session.add(Basket(id=basket, total=0))
    await session.flush()
    raise NotPossible("closed", "已经打烊。")


@router.post("/broken/{basket}", status_code=201)
async def break_down(basket: str, session: Session) -> None:
    session.add(Basket(id=basket, total=0))
    await session.flush()
    raise ZeroDivisionError


@router.get("/baskets")
async def baskets(session: Reader) -> list[str]:
    return list(await session.scalars(select(Basket.id).order_by(Basket.id)))


@router.get("/careless/{basket}")
async def write_while_reading(basket: str, session: Reader) -> None:
    session.add(Basket(id=basket, total=0))
    await session.flush()


async def answered_well(session: Session) -> AsyncIterator[Session]:
    yield session


@router.post("/nested/{basket}", status_code=201)
async def nested(basket: str, session: Annotated[Any, Depends(answered_well, scope="function")]) -> None:
    session.add(Receipt(basket=basket))


class AnsweringPromises:
    """What the dependencies `Session` and `Reader` do."""

    @pytest.fixture
    async def door(self, store: Store) -> AsyncIterator[httpx.AsyncClient]:
        app = FastAPI()
        app.include_router(router)
        answer_problems(app)
        app.state.store = store
        # What is raised once more after its answer cuts a client's connection: only our own mistakes may be.
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://till") as client:
            yield client

    @pytest.fixture
    def broken_too(self, door: httpx.AsyncClient) -> None:
        """Of a mistake of ours only the answer counts here."""
        door._transport.raise_app_exceptions = False  # type: ignore[attr-defined]

    async def test_what_is_answered_is_committed(self, door: httpx.AsyncClient, store: Store) -> None:
        assert (await door.post("/baskets/b1")).status_code == 201
        assert await totals_of(store) == {"b1": 0}
        assert len(await unsent_in(store)) == 1
        assert (await door.get("/baskets")).json() == ["b1"]

    @pytest.mark.parametrize("path", ["/receipts/none", "/nested/none"])
    async def test_a_commit_that_fails_is_answered_503_and_nothing_is_done(
        self, door: httpx.AsyncClient, store: Store, path: str
    ) -> None:
        woken: list[set[str]] = []
        store.when_committed(woken.append)
        answer = await door.post(path)
        self._is_away(answer, "not-committed")
        assert await unsent_in(store) == set()
        assert woken == []
        async with store.reading() as session:
            assert (await session.scalars(select(Receipt.number))).all() == []

    @pytest.mark.parametrize(("path", "status"), [("/refused/b1", 409), ("/broken/b1", 500)])
    async def test_what_was_refused_or_broke_down_is_not_done(
        self, door: httpx.AsyncClient, broken_too: None, store: Store, path: str, status: int
    ) -> None:
        with capture_logs():  # or its traceback would be drawn in colours, for seconds
            answer = await door.post(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert await totals_of(store) == {}

    async def test_a_door_that_reads_changes_nothing(
        self, door: httpx.AsyncClient, broken_too: None, store: Store
    ) -> None:
        with capture_logs():
            assert (await door.get("/careless/b1")).status_code == 500
        assert await totals_of(store) == {}

    @pytest.mark.parametrize(("method", "path"), [("POST", "/baskets/b1"), ("GET", "/baskets")])
    @pytest.mark.parametrize(
        "trouble",
        [
            ConnectionRefusedError(111, "Connect call failed"),
            OperationalError("INSERT", {}, ConnectionError("gone"), connection_invalidated=True),
        ],
        ids=["cannot connect", "connection lost"],
    )
    async def test_with_the_database_away_the_answer_is_503_and_when_to_come_again(
        self, door: httpx.AsyncClient, store: Store, method: str, path: str, trouble: Exception
    ) -> None:
        def fail(*_: Any) -> None:
            raise trouble

        sql.listen(store.engine.sync_engine, "before_cursor_execute", fail)
        try:
            answer = await door.request(method, path)
        finally:
            sql.remove(store.engine.sync_engine, "before_cursor_execute", fail)
        lost_while_writing = isinstance(trouble, OperationalError) and method == "POST"
        self._is_away(answer, "not-committed" if lost_while_writing else "store-away")
        assert await totals_of(store) == {}

    def _is_away(self, answer: httpx.Response, code: str | None = None) -> None:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "服务暂不可用"
        assert "请稍后重试" in answer.json()["detail"]
        assert code in (None, answer.json()["code"])
