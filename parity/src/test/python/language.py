"""Writes what NumPy, SciPy and statsmodels make of the logits of two language models.

    python language.py ../resources/dev/fairlead/parity/language/oracle.json

Logits are float32 and token ids int64, as the hexadecimal bytes of little-endian elements. Distributions and divergences are
computed in NumPy's longdouble, of 64 bits of mantissa on x86. Seeded, so the file comes out the same.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats

MARGIN = np.log1p(0.001)


def log_softmax(logits):
    wide = logits.astype(np.longdouble)
    shifted = wide - wide.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def divergence(p, q):
    """By its definition; a token that the reference rules out adds nothing."""
    return np.where(np.isinf(p), 0, np.exp(p) * np.where(np.isinf(p), 0, p - q)).sum(axis=-1)


def figures(reference, candidate, tokens, mask, tau):
    p, q = log_softmax(reference), log_softmax(candidate)
    kl = divergence(p, q)[mask]
    flips = mask & (p.argmax(-1) != q.argmax(-1))
    ordered = np.sort(reference.astype(np.float64), axis=-1)
    margin = ordered[..., -1] - ordered[..., -2]
    predicted = mask[:, :-1] & mask[:, 1:]
    of_next = np.take_along_axis(p[:, :-1], tokens[:, 1:, None], -1)[..., 0]
    other = np.take_along_axis(q[:, :-1], tokens[:, 1:, None], -1)[..., 0]
    difference = (of_next - other)[predicted].astype(np.float64)
    prompts = np.repeat(np.arange(len(tokens)), predicted.sum(axis=1))
    fit = sm.OLS(difference, np.ones_like(difference)).fit(cov_type="cluster", cov_kwds={"groups": prompts})
    mean, error = float(fit.params[0]), float(fit.bse[0])
    freedom = len(np.unique(prompts)) - 1
    lower = stats.t.sf((mean + MARGIN) / error, freedom)
    upper = stats.t.cdf((mean - MARGIN) / error, freedom)
    return {
        "prompts": int(mask.any(axis=1).sum()),
        "positions": int(mask.sum()),
        "mean_kl": float(kl.mean()),
        "high_kl": float(np.quantile(kl, 0.999, method="inverted_cdf")),
        "max_kl": float(kl.max()),
        "flips": int(flips.sum()),
        "significant_flips": int((flips & (margin > 2 * tau)).sum()),
        "predictions": int(predicted.sum()),
        "reference_perplexity": float(np.exp(-of_next[predicted].mean())),
        "candidate_perplexity": float(np.exp(-other[predicted].mean())),
        "delta": mean,
        "error": error,
        "equivalence": float(max(lower, upper)),
        "diverged": int(flips.any(axis=1).sum()),
        "earliest": int(np.where(flips)[1].min()) if flips.any() else -1,
    }


def case(rng, name, noise, tau, scale=3.0, padded=False, ruled_out=False):
    batch, length, vocabulary = 6, 9, 13
    reference = (scale * rng.standard_normal((batch, length, vocabulary))).astype(np.float32)
    candidate = (reference * (1 + noise * rng.standard_normal(reference.shape))).astype(np.float32)
    tokens = rng.integers(1 if ruled_out else 0, vocabulary, (batch, length))
    mask = np.ones((batch, length), bool)
    if padded:
        mask = np.arange(length) < rng.integers(0, length + 1, (batch, 1))
        mask[0] = True
        reference[~mask], candidate[~mask], tokens[~mask] = np.nan, np.inf, 99
    if ruled_out:
        reference[..., 0], candidate[..., 0] = -np.inf, -np.inf
    safe = [np.where(mask[..., None], side, 0) for side in (reference, candidate)]
    return {
        "name": name,
        "shape": [batch, length, vocabulary],
        "tau": tau,
        "reference": reference.tobytes().hex(),
        "candidate": candidate.tobytes().hex(),
        "tokens": tokens.astype("<i8").tobytes().hex(),
        "mask": mask.astype(np.uint8).tobytes().hex() if padded else "",
        "figures": figures(*safe, np.where(mask, tokens, 0), mask, tau),
    }


def main(path):
    rng = np.random.default_rng(20260101)
    with np.errstate(invalid="ignore"):
        cases = [
            case(rng, "float32", 1e-7, 1e-5),
            case(rng, "float16", 5e-4, 1e-2),
            case(rng, "far apart", 0.3, 0.1),
            case(rng, "padded", 0.05, 0.1, padded=True),
            case(rng, "a token ruled out", 0.01, 0.05, ruled_out=True),
            case(rng, "logits of hundreds", 1e-3, 1.0, scale=300.0),
        ]
    result = {
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "cases": cases,
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


main(sys.argv[1])
