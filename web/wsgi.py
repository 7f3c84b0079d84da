"""The gateway as a WSGI application: `gunicorn -c web/gunicorn_configuration.py web.wsgi:app`."""

from shared.kernel.logs import configure_logs
from shared.wiring import build_gateway
from web.app import create_app
from web.boot import require_front, require_queues

context = build_gateway()
configure_logs(context.settings, "web")
require_front(context.settings)
require_queues(context)
app = create_app(context)
