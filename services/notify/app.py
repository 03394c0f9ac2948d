"""notify, put together."""

from datetime import timedelta

from services.notify import api, jobs, pages
from services.notify.consumers import consumer
from services.notify.tables import Base
from services.notify.usecases.recording import DELIVER
from shared import replica
from shared.house import Service, TimedJob

# A county that has an SMS gateway or a mail server connects it here: `means.CONNECTED[Means.SMS] = Gateway(…)`.

service = Service(
    name="notify",
    title="有诉 · 告知",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(api.router, pages.router),
    jobs=(TimedJob(DELIVER, jobs.deliver, every=timedelta(seconds=10)),),
    is_ready=replica.knows_the_county,
    partners=replica.partners,
)
