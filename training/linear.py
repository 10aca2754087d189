"""Logistic regression over sparse rows: the same problem for little and for much data, by the solver that suits its size."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

LARGE = 40_000_000  # n-grams in all rows; liblinear takes 28 bytes for each beside the 8 of the matrix
TOLERANCE = 1e-3
PASSES = 100
# Sums over more or fewer threads differ in their last bits, and with them the weights.
THREADS = 2


def fit_linear(
    rows: sp.csr_matrix, target: NDArray[np.bool_], weight: NDArray[np.float64], c: float, seed: int, *, balanced: bool = False
) -> tuple[NDArray[np.float32], float]:
    """Return coefficients (shape (n_columns,)) and intercept that give the log odds of `target`.

    R. Fan et al., "LIBLINEAR: A Library for Large Linear Classification", 2008; for large data D. Liu and J. Nocedal, "On the limited
    memory BFGS method for large scale optimization", 1989, which goes over the rows in place. Both minimise the same function.

    Parameters
    ----------
    rows : csr_matrix of float32, shape (n_rows, n_columns)
    weight : ndarray of shape (n_rows,)
        What each row counts for.
    balanced : bool
        Whether both classes count the same.
    """
    with threadpool_limits(limits=THREADS, user_api="blas"):
        if rows.nnz > LARGE:
            return _fit_in_place(rows, target, weight * _balance(target) if balanced else weight, c)
        model = LogisticRegression(C=c, solver="liblinear", random_state=seed, class_weight="balanced" if balanced else None, tol=TOLERANCE)
        model.fit(rows, target, weight)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _fit_in_place(
    rows: sp.csr_matrix, target: NDArray[np.bool_], weight: NDArray[np.float64], c: float
) -> tuple[NDArray[np.float32], float]:
    sign = np.where(target, 1.0, -1.0)
    columns = rows.transpose(copy=False)  # a view: the gradient needs no second matrix

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = sign * (rows @ point[:-1].astype(np.float32) + point[-1])
        pull = -c * weight * sign * expit(-margin)
        value = 0.5 * point @ point + c * (weight * np.logaddexp(0.0, -margin)).sum()
        return float(value), np.append(columns @ pull.astype(np.float32), pull.sum()) + point

    start = np.zeros(rows.shape[1] + 1)
    steepest = float(np.abs(loss(start)[1]).max())
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": PASSES, "gtol": TOLERANCE / 10 * steepest, "maxcor": 10})
    return found.x[:-1].astype(np.float32), float(found.x[-1])


def _balance(target: NDArray[np.bool_]) -> NDArray[np.float64]:
    share = target.mean()
    return np.where(target, 0.5 / share, 0.5 / (1 - share))
