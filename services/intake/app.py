"""intake, put together."""

from services.intake import api, pages
from services.intake.consumers import consumer, submissions
from services.intake.jobs import JOBS
from services.intake.tables import Base
from shared import replica
from shared.house import Service

service = Service(
    name="intake",
    title="有诉 · 受理",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(api.router, pages.router),
    jobs=JOBS,
    is_ready=replica.knows_the_county,
    doors=(submissions,),
)
