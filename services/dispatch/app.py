"""dispatch, put together."""

from services.dispatch import api, pages
from services.dispatch.consumers import consumer, replies
from services.dispatch.tables import Base
from shared import replica
from shared.house import Service

service = Service(
    name="dispatch",
    title="有诉 · 工作单",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(*api.routers, pages.router),
    is_ready=replica.knows_the_county,
    doors=(replies,),
)
