"""The design that ours replaces, for comparison: feedback is written to DynamoDB, then pushed, then answered.

`python -m bench.synchronous_feedback PORT ENDPOINT TABLE`: flask-sock in threads, sockets by e-mail in memory.
"""

import json
import sys
import threading
import uuid
from typing import Any

from flask import Flask, request
from flask_sock import Sock

from shared.adapters.aws.clients import AwsClients
from shared.adapters.dynamodb.table import Put, Table
from shared.kernel.settings import read_settings


def create(endpoint: str, table_name: str) -> Flask:
    """Return the application."""
    app = Flask(__name__)
    sock, sockets = Sock(app), dict[str, Any]()
    clients = AwsClients(read_settings(aws_endpoint_url=endpoint))
    table, gone = Table(clients.dynamodb, table_name), threading.Event()

    @sock.route("/ws/<email>")  # type: ignore[untyped-decorator]
    def listen(ws: Any, email: str) -> None:
        sockets[email] = ws
        ws.send("{}")
        gone.wait()

    @app.post("/feedback")
    def send() -> dict[str, Any]:
        fields = request.get_json()
        feedback_id = str(uuid.uuid4())
        table.get("TUTOR#bench", f"STUDENT#{fields['studentEmail']}")
        table.write(Put({"PK": "FEEDBACK#bench", "SK": feedback_id} | fields))
        ws = sockets.get(fields["studentEmail"])
        if ws is not None:
            ws.send(json.dumps({"type": "feedback", "feedback_id": feedback_id} | fields))
        return {"success": True, "feedback_id": feedback_id, "websocketSent": ws is not None}

    return app


if __name__ == "__main__":
    create(sys.argv[2], sys.argv[3]).run("127.0.0.1", int(sys.argv[1]), threaded=True)
