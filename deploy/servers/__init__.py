"""Private RabbitMQ, PostgreSQL and Redis for tests and trials; standard library only.

    with Servers() as servers:
        servers.amqp_url, servers.new_database("one"), servers.rabbitmq.kill(), servers.rabbitmq.restart()

From a shell: `python -m deploy.servers install|start|stop|status|run`. Linux; Debian's packages where root may install.
"""

from deploy.servers.debian import install, missing, packages
from deploy.servers.state import ServersError
from deploy.servers.together import NAMES, Servers

__all__ = ["NAMES", "Servers", "ServersError", "install", "missing", "packages"]
