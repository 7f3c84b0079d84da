"""The families of attacks, in their order: those that cost others most come last."""

from cli.security import access, costs, erasure, files, laptop, texts, timings
from cli.security.cases import Family

FAMILIES: dict[str, Family] = {
    "forged tokens": access.forged_tokens,
    "roles": access.roles,
    "frames": access.frames,
    "what is another's": access.what_is_anothers,
    "tickets and pages": access.tickets_and_pages,
    "what has ended": access.what_has_ended,
    "identity": laptop.identity,
    "the laptop's doors": laptop.doors,
    "odd input": texts.odd_input,
    "deceiving text": texts.deceiving_text,
    "links": texts.links,
    "expressions": texts.expressions,
    "markup": texts.markup,
    "orders to the model": texts.orders_to_the_model,
    "uploads": files.uploads,
    "recordings": files.recordings,
    "what is erased": erasure.erasure,
    "even answers": timings.even_answers,
    "cost: speech": costs.speech,
    "cost: passwords": costs.passwords,
    "cost: rates": costs.rates,
    "cost: connections": costs.connections,
}
