"""Classification trees (CART) as a second opinion on the boxes, with scikit-learn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from borderlab.explore.discovery.box import Box, Score
from borderlab.explore.discovery.variables import CATEGORY, Variables


@dataclass(frozen=True)
class Leaf:
    """A leaf of a tree, as a box, with its score on the runs the tree was grown on."""

    box: Box
    score: Score


def leaves(
    variables: Variables, hits: np.ndarray, *, least_mass: float = 0.05, most_leaves: int | None = None
) -> list[Leaf]:
    """Grow a tree and return its leaves, densest first.

    Every leaf holds at least ``least_mass`` of the runs. Categories are split one against the rest.
    """
    from sklearn.tree import DecisionTreeClassifier

    table, meaning = _one_column_per_category(variables)
    tree = DecisionTreeClassifier(
        min_samples_leaf=max(int(least_mass * len(variables)), 1), max_leaf_nodes=most_leaves, random_state=0
    ).fit(table, hits)
    found = []
    for limits in _leaf_limits(tree.tree_):
        box = _box(variables, limits, meaning)
        found.append(Leaf(box, box.score(variables, hits)))
    return sorted(found, key=lambda leaf: (-leaf.score.density, -leaf.score.coverage))


def _one_column_per_category(variables: Variables) -> tuple[np.ndarray, list[tuple[int, int | None]]]:
    columns: list[np.ndarray] = []
    meaning: list[tuple[int, int | None]] = []
    for column, kind in enumerate(variables.kinds):
        values = variables.values[:, column]
        if kind == CATEGORY:
            for code in range(len(variables.categories[column])):
                columns.append((values == code).astype(float))
                meaning.append((column, code))
        else:
            columns.append(values)
            meaning.append((column, None))
    return np.column_stack(columns), meaning


def _leaf_limits(tree: Any) -> list[dict[int, tuple[float, float]]]:
    found: list[dict[int, tuple[float, float]]] = []
    open_nodes: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while open_nodes:
        node, limits = open_nodes.pop()
        if tree.children_left[node] < 0:
            found.append(limits)
            continue
        feature, edge = int(tree.feature[node]), float(tree.threshold[node])
        low, high = limits.get(feature, (-np.inf, np.inf))
        open_nodes.append((int(tree.children_left[node]), {**limits, feature: (low, min(high, edge))}))
        open_nodes.append((int(tree.children_right[node]), {**limits, feature: (np.nextafter(edge, np.inf), high)}))
    return found


def _box(variables: Variables, limits: dict[int, tuple[float, float]], meaning: list[tuple[int, int | None]]) -> Box:
    box: dict[str, tuple[Any, ...]] = {}
    allowed: dict[str, set[str]] = {}
    whole = variables.whole
    for feature, (low, high) in limits.items():
        column, code = meaning[feature]
        name = variables.names[column]
        if code is None:
            box[name] = (max(low, float(whole[column, 0])), min(high, float(whole[column, 1])))
            continue
        words = variables.categories[column]
        allowed.setdefault(name, set(words))
        allowed[name] &= {words[code]} if low > 0 else set(words) - {words[code]}
    for name, words_left in allowed.items():
        box[name] = tuple(sorted(words_left))
    return Box(box)
