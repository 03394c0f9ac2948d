"""`yousu topology`: the broker's definitions as an administrator imports them, with what each user may read and write.

Users come without passwords: set them with `rabbitmqctl change_password`. Each partner writes its own key and reads its
own queue, and nothing else; notify alone of the services writes to partners.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from services.__main__ import consumer_of
from shared.house import Service
from shared.messaging import topology
from shared.settings import SERVICES

NOTHING = "^$"
_DEPARTMENT, _FEEDBACK = "department", "feedback"
_SERVICE_QUEUES = r"[a-z]+\.(events|submissions|replies)"
_PARTNER_QUEUES = r"(department|feedback|supervision|government)\..+"


def definitions(partners: Iterable[str], vhost: str = "/") -> dict[str, Any]:
    """Exchanges, queues, bindings, users and their permissions; `partners` are the queues of those switched on."""
    queues = sorted(set(partners))
    doors = [door for name in SERVICES for door in _service(name).doors]
    bindings = [(topology.DEAD, topology.DEAD, "")]
    for name in SERVICES:
        bindings += [
            (topology.EVENTS, topology.queue_of(name), topology.binding_of(event))
            for event in consumer_of(name).handlers
        ]
    bindings += [(door.exchange, door.queue, door.binding) for door in doors]
    bindings += [(topology.PARTNERS, queue, queue) for queue in queues]
    read_by_services = [*map(topology.queue_of, SERVICES), *(door.queue for door in doors)]
    return {
        "vhosts": [{"name": vhost}],
        "exchanges": [_exchange(name, "topic", vhost) for name in topology.EXCHANGES]
        + [_exchange(topology.DEAD, "fanout", vhost)],
        "queues": [_queue(topology.DEAD, vhost, {"x-queue-type": "quorum"})]
        + [_queue(name, vhost, dict(topology.QUEUE_ARGUMENTS)) for name in [*read_by_services, *queues]],
        "bindings": [_binding(*each, vhost) for each in bindings],
        "users": [_user(name) for name in [*map(_name_of_service, SERVICES), *map(user_of, queues)]],
        "permissions": [_of_service(name, vhost) for name in SERVICES] + [_of_partner(name, vhost) for name in queues],
        "topic_permissions": [
            {"user": user_of(name), "vhost": vhost, "exchange": exchange, "write": exactly(key), "read": NOTHING}
            for name in queues
            if (exchange := _writes_to(name)) and (key := key_of(name))
        ],
    }


def user_of(queue: str) -> str:
    """The user of the partner that reads this queue, e.g. `channel-web` or `department-sq-zrzy`."""
    kind, _, rest = queue.partition(".")
    return f"{'channel' if kind == _FEEDBACK else kind}-{rest.replace('.', '-')}"


def key_of(queue: str) -> str | None:
    """The routing key the partner that reads this queue may write; None for one that only reads."""
    kind, _, rest = queue.partition(".")
    return {_FEEDBACK: f"submission.{rest}", _DEPARTMENT: f"reply.{rest}"}.get(kind)


def exactly(name: str) -> str:
    """The pattern of this name alone."""
    return f"^{re.escape(name).replace(chr(92) + '-', '-')}$"


def _writes_to(queue: str) -> str | None:
    return {_FEEDBACK: topology.CHANNELS, _DEPARTMENT: topology.DEPARTMENTS}.get(queue.partition(".")[0])


def _service(name: str) -> Service:
    service: Service = import_module(f"services.{name}.app").service
    return service


def _name_of_service(name: str) -> str:
    return f"yousu-{name}"


def _of_partner(queue: str, vhost: str) -> dict[str, str]:
    exchange = _writes_to(queue)
    return {
        "user": user_of(queue),
        "vhost": vhost,
        "configure": NOTHING,
        "write": exactly(exchange) if exchange else NOTHING,
        "read": exactly(queue),
    }


def _of_service(name: str, vhost: str) -> dict[str, str]:
    """Every process declares all services' queues before it begins, whoever starts first."""
    own = f"|{_PARTNER_QUEUES}" if name == "notify" else ""
    writes = r"yousu\.(events|dead|partners)" if name == "notify" else r"yousu\.(events|dead)"
    return {
        "user": _name_of_service(name),
        "vhost": vhost,
        "configure": rf"^(yousu\..+|{_SERVICE_QUEUES}{own})$",
        "write": f"^({writes}|{_SERVICE_QUEUES}{own})$",
        "read": rf"^(yousu\..+|{_SERVICE_QUEUES}{own})$",
    }


def _user(name: str) -> dict[str, Any]:
    return {"name": name, "password_hash": "", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}


def _exchange(name: str, kind: str, vhost: str) -> dict[str, Any]:
    fixed = {"durable": True, "auto_delete": False, "internal": False, "arguments": {}}
    return {"name": name, "vhost": vhost, "type": kind, **fixed}


def _queue(name: str, vhost: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "vhost": vhost, "durable": True, "auto_delete": False, "arguments": arguments}


def _binding(exchange: str, queue: str, key: str, vhost: str) -> dict[str, Any]:
    return {
        "source": exchange,
        "vhost": vhost,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }
