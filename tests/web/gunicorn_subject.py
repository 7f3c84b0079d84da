"""What the server under test serves: the product's bounds on bodies, and a view that reads one or does not."""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from web.bodies import install_body_limits, json_fields, takes_bodies_of

app = Flask(__name__)
install_body_limits(app)


@app.errorhandler(HTTPException)
def refused(problem: HTTPException) -> Response:
    return Response(problem.name, status=problem.code or 500)


@app.post("/read")
@takes_bodies_of(100_000)
def read() -> str:
    return str(len(request.get_data()))


@app.post("/fields")
def fields() -> str:
    return str(len(json_fields()))


@app.post("/refuse")
def refuse() -> tuple[str, int]:
    return "not for you", 403


@app.get("/")
def hello() -> str:
    return "hello"
