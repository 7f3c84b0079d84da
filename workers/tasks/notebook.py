"""Tasks of the notebook."""

from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.rules import noting
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(NoteMistake)
def note_mistake(job: NoteMistake, context: WorkerContext) -> None:
    """Note a mistake, or that something was said better this time."""
    zone = context.learners.learner(job.mistake.user_id).time_zone
    noting.note_mistake(job, time_zone=zone, store=context.notebook)
