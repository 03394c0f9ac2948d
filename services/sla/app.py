"""sla, put together."""

from datetime import timedelta

from services.sla import api, pages, store, usecases
from services.sla.consumers import consumer
from services.sla.tables import Base
from shared import replica
from shared.house import Service, TimedJob

service = Service(
    name="sla",
    title="有诉 · 时限",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(api.router, pages.router),
    jobs=(
        TimedJob(usecases.SWEEP, usecases.fire_due),
        TimedJob(usecases.RECOUNT, usecases.recount, every=timedelta(minutes=10)),
        TimedJob(usecases.NEW_DIGESTS, usecases.plan_new_digests, every=timedelta(hours=1)),
    ),
    next_fire_at=store.next_fire_at,
    is_ready=replica.knows_the_county,
)
