"""directory, put together."""

from datetime import timedelta

from services.directory import api, jobs, pages, store
from services.directory.consumers import consumer
from services.directory.tables import Base
from shared.house import Service, TimedJob

service = Service(
    name="directory",
    title="有诉 · 目录",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(api.router, pages.router),
    jobs=(TimedJob("load the sample county", jobs.load_sample, every=timedelta(hours=1)),),
    is_ready=store.has_facts,
)
