"""One peer over one set: `python graph_topics.py PEER TEXTS.json VECTORS.npy LABELS.json`; -1 is what it leaves over.

Runs in an environment of its own (graph-requirements.txt), and knows nothing of the product.
"""

import json
import sys

import numpy as np


def bertopic(texts, vectors):
    """BERTopic as its user would run it: UMAP to 5 dimensions and HDBSCAN of 10, by its own defaults."""
    from bertopic import BERTopic
    from umap import UMAP

    reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42, low_memory=False)
    model = BERTopic(embedding_model=None, umap_model=reduction, calculate_probabilities=False)
    return model.fit_transform(texts, vectors)[0]


def kmeans(_texts, vectors):
    """k-means for 15 groups."""
    from sklearn.cluster import KMeans

    return KMeans(15, n_init=4, random_state=0).fit_predict(vectors).tolist()


def louvain(texts, _vectors):
    """Louvain over the ten nearest by TF-IDF."""
    import networkx as nx
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2, max_df=0.5).fit_transform(texts)
    likeness = (rows @ rows.T).toarray()
    np.fill_diagonal(likeness, 0)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(texts)))
    for one in range(len(texts)):
        for other in np.argsort(-likeness[one])[:10]:
            if likeness[one, other] > 0.05:
                graph.add_edge(one, int(other), weight=float(likeness[one, other]))
    labels = [0] * len(texts)
    for label, members in enumerate(nx.community.louvain_communities(graph, seed=0)):
        for member in members:
            labels[member] = label
    return labels


if __name__ == "__main__":
    peer, texts, vectors, target = sys.argv[1:]
    with open(texts, encoding="utf-8") as file:
        found = {"bertopic": bertopic, "kmeans": kmeans, "louvain": louvain}[peer](json.load(file), np.load(vectors))
    with open(target, "w", encoding="utf-8") as file:
        json.dump([int(label) for label in found], file)
