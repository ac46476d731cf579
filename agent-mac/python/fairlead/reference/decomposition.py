"""Decompositions of matrices, by LAPACK in double precision. Vectors are unique up to their signs only."""

import numpy as np

from fairlead.reference.call import Call, Function


def _qr(call: Call) -> list[np.ndarray]:
    return list(np.linalg.qr(call.inputs[0]))


def _svd(call: Call) -> np.ndarray | list[np.ndarray]:
    (vectors,) = call.arguments
    if not vectors:
        return np.linalg.svd(call.inputs[0], compute_uv=False)
    return list(np.linalg.svd(call.inputs[0], full_matrices=True))


def _inverse(call: Call) -> np.ndarray:
    triangular, upper = call.arguments
    x = call.inputs[0]
    if triangular:
        x = np.triu(x) if upper else np.tril(x)
    return np.linalg.inv(x)


def _cholesky(call: Call) -> np.ndarray:
    (upper,) = call.arguments
    return np.linalg.cholesky(call.inputs[0], upper=upper)


def _eigh(call: Call) -> np.ndarray | list[np.ndarray]:
    triangle, vectors = call.arguments
    if not vectors:
        return np.linalg.eigvalsh(call.inputs[0], UPLO=triangle)
    return list(np.linalg.eigh(call.inputs[0], UPLO=triangle))


def _eig(call: Call) -> np.ndarray | list[np.ndarray]:
    (vectors,) = call.arguments
    if not vectors:
        return np.linalg.eigvals(call.inputs[0]).astype(np.complex128)
    return [part.astype(np.complex128) for part in np.linalg.eig(call.inputs[0])]


TABLE: dict[str, Function] = {
    "Cholesky": _cholesky,
    "Eig": _eig,
    "Eigh": _eigh,
    "Inverse": _inverse,
    "QRF": _qr,
    "SVD": _svd,
}
