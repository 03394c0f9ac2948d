"""casebook, put together."""

from datetime import timedelta

from services.casebook import api, jobs, pages
from services.casebook.consumers import consumer
from services.casebook.store.cases import next_reminder
from services.casebook.tables import Base
from services.casebook.usecases import candidates, searching
from shared import replica
from shared.house import Service, TimedJob

service = Service(
    name="casebook",
    title="有诉 · 案例",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(api.router, pages.router),
    jobs=(
        TimedJob(candidates.REMIND, candidates.remind),
        TimedJob(searching.INDEX, jobs.index, every=timedelta(minutes=10)),
    ),
    next_fire_at=next_reminder,
    is_ready=replica.knows_the_county,
)
