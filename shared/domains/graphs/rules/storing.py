"""The result of a drawing: the work of the results' consumer."""

from shared.domains.graphs.contract import GraphReady, StoreGraph
from shared.domains.graphs.models import Facts, Graph, GraphStatus
from shared.domains.graphs.rules.workshop import Workshop
from shared.kernel.errors import Invalid
from shared.kernel.topics import user_topic


def store_graph(job: StoreGraph, *, workshop: Workshop) -> None:
    """Note how a graph ended, tell its owner, and end the job that they wait for.

    Told again it changes nothing. A run that died behind the note is finished by the next. Where the graph was deleted
    meanwhile, what was drawn goes too.
    """
    graph = workshop.store.get(job.graph_id)
    if graph is None:
        workshop.objects.remove(_keys_of(job))
        return
    ended = _ended(graph, job)
    if not workshop.store.end(ended) and graph.status is not ended.status:
        return
    if ended.status is GraphStatus.READY:
        _announce(ended, workshop)
        return
    refusal = ended.refusal
    told = {"reason": refusal.code, "en": refusal.en, "ko": refusal.ko} if refusal else {}
    workshop.tracker.progress(graph.job_id, "refused", {"graphId": graph.graph_id, **told})
    workshop.tracker.fail(graph.job_id, Invalid.code)


def _ended(graph: Graph, job: StoreGraph) -> Graph:
    if job.refusal is not None:
        return graph.model_copy(update={"status": GraphStatus.FAILED, "refusal": job.refusal})
    facts = job.facts or Facts()
    return graph.model_copy(update={"status": GraphStatus.READY, "facts": facts, "ready_at": job.at})


def _announce(graph: Graph, workshop: Workshop) -> None:
    facts = graph.facts
    ready = GraphReady(
        graph_id=graph.graph_id, job_id=graph.job_id, name=graph.name, nodes=facts.nodes, clusters=facts.clusters
    )
    workshop.events.publish(user_topic(graph.user_id), ready)
    result = {"graphId": graph.graph_id, "nodes": facts.nodes, "clusters": facts.clusters}
    workshop.tracker.complete(graph.job_id, {**result, "newNodes": facts.new_nodes, "skipped": facts.skipped})


def _keys_of(job: StoreGraph) -> list[str]:
    return Graph(
        graph_id=job.graph_id, user_id=job.user_id, job_id=job.job_id, name="", source="me", created_at=job.at
    ).keys
