"""Fitting each kind of model by scikit-learn, and taking its numbers out."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR

from speech.phones.arpabet import PHONES
from speech.scoring.numbers import Kernel, Linear, Logistic, PerPhone, Reals

Features = NDArray[np.floating]
_FARTHEST = 6.0
_FEWEST = 50
"""Sounds of which there are fewer are scored by the model for all."""


def per_phone(features: Features, marks: Reals) -> PerPhone:
    """Fit a ridge for each sound, and one for all."""
    scaler = StandardScaler().fit(features)
    plain = np.clip(scaler.transform(features), -_FARTHEST, _FARTHEST)
    of_all = Ridge(300).fit(plain, marks)
    rows = np.tile(of_all.coef_, (len(PHONES), 1))
    intercepts = np.full(len(PHONES), of_all.intercept_)
    for phone in range(len(PHONES)):
        its = features[:, -1] == phone
        if its.sum() > _FEWEST:
            own = Ridge(100).fit(plain[its], marks[its])
            rows[phone], intercepts[phone] = own.coef_, own.intercept_
    return PerPhone(scaler.mean_, scaler.scale_, rows, intercepts)


def ridge(features: Features, marks: Reals) -> Linear:
    """Fit a ridge whose penalty is chosen by leaving one out."""
    scaler = StandardScaler().fit(features)
    made = RidgeCV(np.logspace(0, 4, 9)).fit(scaler.transform(features), marks)
    return Linear(scaler.mean_, scaler.scale_, made.coef_, float(made.intercept_))


def kernel(features: Features, marks: Reals) -> Kernel:
    """Fit a support vector regression."""
    scaler = StandardScaler().fit(features)
    gamma = 0.3 / features.shape[1]
    made = SVR(C=1, gamma=gamma, epsilon=0.2).fit(scaler.transform(features), marks)
    return Kernel(
        scaler.mean_, scaler.scale_, made.support_vectors_, made.dual_coef_[0], float(made.intercept_[0]), gamma
    )


def logistic(features: Features, is_so: NDArray[np.bool_]) -> Logistic:
    """Fit a logistic regression."""
    scaler = StandardScaler().fit(features)
    made = LogisticRegression(C=0.3, max_iter=2000).fit(scaler.transform(features), is_so)
    return Logistic(Linear(scaler.mean_, scaler.scale_, made.coef_[0], float(made.intercept_[0])))


def weighted_ridge(features: Features, marks: Reals, weights: Reals, penalty: float) -> Linear:
    """Fit a ridge with a given penalty, each row counting by its weight."""
    mean = np.asarray(np.average(features, axis=0, weights=weights), np.float64)
    scale = np.asarray(features.std(0) + 1e-9, np.float64)
    made = Ridge(penalty).fit((features - mean) / scale, marks, sample_weight=weights)
    return Linear(mean, scale, made.coef_, float(made.intercept_))
