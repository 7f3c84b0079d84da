"""Trained models as numbers: what they predict, computed by numpy alone from arrays that are kept in an npz file."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
_FARTHEST = 6.0
"""Standard deviations beyond which a feature counts as no farther."""


class Linear(NamedTuple):
    """intercept + sum of coefficient times (feature - mean) / scale."""

    mean: Reals
    scale: Reals
    coefficients: Reals
    intercept: float

    def predict(self, features: NDArray[np.floating]) -> Reals:
        """Return one number a row."""
        return np.asarray((features - self.mean) / self.scale @ self.coefficients + self.intercept, np.float64)


class Logistic(NamedTuple):
    """The probability that belongs to a linear model."""

    linear: Linear

    def predict(self, features: NDArray[np.floating]) -> Reals:
        """Return a probability a row."""
        return np.asarray(1 / (1 + np.exp(-self.linear.predict(features))), np.float64)


class PerPhone(NamedTuple):
    """A linear model for each sound, `rows` of coefficients by the last column; the last row is for all others.

    Features are standardised and cut off at six deviations first.
    """

    mean: Reals
    scale: Reals
    rows: Reals
    intercepts: Reals

    def predict(self, features: NDArray[np.floating]) -> Reals:
        """Return one number a row."""
        which = features[:, -1].astype(int)
        plain = np.clip((features - self.mean) / self.scale, -_FARTHEST, _FARTHEST)
        return np.asarray((plain * self.rows[which]).sum(1) + self.intercepts[which], np.float64)


class Kernel(NamedTuple):
    """A support vector regression with a radial kernel (V. Vapnik, 1995)."""

    mean: Reals
    scale: Reals
    vectors: Reals
    weights: Reals
    intercept: float
    gamma: float

    def predict(self, features: NDArray[np.floating]) -> Reals:
        """Return one number a row."""
        plain = (features - self.mean) / self.scale
        squares = (plain**2).sum(1)[:, None] + (self.vectors**2).sum(1)[None] - 2 * plain @ self.vectors.T
        return np.asarray(np.exp(-self.gamma * squares) @ self.weights + self.intercept, np.float64)


Model = Linear | Logistic | PerPhone | Kernel
_KINDS: dict[str, type[Linear] | type[PerPhone] | type[Kernel]] = {
    "linear": Linear,
    "phone": PerPhone,
    "kernel": Kernel,
}


def arrays_of(name: str, model: Model) -> dict[str, NDArray[np.float32]]:
    """Return a model as arrays by names."""
    if isinstance(model, Logistic):
        return arrays_of(f"{name}.logistic", model.linear)
    kind = next(kind for kind, made in _KINDS.items() if isinstance(model, made))
    return {f"{name}.{kind}.{field}": np.asarray(value, np.float32) for field, value in model._asdict().items()}


def models_of(arrays: dict[str, NDArray[np.float32]]) -> dict[str, Model]:
    """Return the models that arrays hold, by name."""
    fields: dict[tuple[str, str], dict[str, NDArray[np.float64] | float]] = {}
    for path, array in arrays.items():
        name, kind, field = path.rsplit(".", 2)
        value = array.astype(np.float64)
        fields.setdefault((name, kind), {})[field] = value if value.ndim else float(value)
    made = {name: _KINDS[kind](**values) for (name, kind), values in fields.items()}  # type: ignore[arg-type]
    return {
        name.removesuffix(".logistic"): Logistic(model)
        if name.endswith(".logistic") and isinstance(model, Linear)
        else model
        for name, model in made.items()
    }
