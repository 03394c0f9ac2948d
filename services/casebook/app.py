"""casebook, put together."""

from services.casebook import api, pages
from services.casebook.consumers import consumer
from services.casebook.tables import Base
from shared import replica
from shared.house import Service

service = Service(
    name="casebook",
    title="有诉 · 案例",
    consumer=consumer,
    metadata=Base.metadata,
    routers=(api.router, pages.router),
    is_ready=replica.knows_the_county,
)
