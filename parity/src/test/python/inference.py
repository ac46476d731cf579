"""Writes statistics as SciPy and statsmodels compute them.

    python inference.py ../resources/dev/fairlead/parity/statistics/oracle.json

Needs NumPy, SciPy and statsmodels; their versions are in the file. Seeded, so the file comes out the same.
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests


def holm(rng):
    cases = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.8, 0.7], [0.0, 1.0, 0.02, 0.02]]
    cases += [rng.beta(0.3, 2, count).tolist() for count in (2, 7, 40)]
    return [{"p": case, "corrected": multipletests(case, method="holm")[1].tolist()} for case in cases]


def sequential():
    """Wald's bounds on the ratio of two binomial likelihoods: the most failures to accept and the fewest to reject with."""
    found = []
    for low, high, alpha, beta in [(0.001, 0.01, 0.05, 0.05), (0.01, 0.1, 0.05, 0.1), (0.05, 0.2, 0.01, 0.2)]:
        for inputs in (1, 2, 10, 24, 100, 325, 326, 500, 1000):
            failures = np.arange(inputs + 1)
            ratio = stats.binom.logpmf(failures, inputs, high) - stats.binom.logpmf(failures, inputs, low)
            accept = failures[ratio <= np.log(beta / (1 - alpha))]
            reject = failures[ratio >= np.log((1 - beta) / alpha)]
            found.append(
                {
                    "parameters": [low, high, alpha, beta],
                    "inputs": inputs,
                    "accept": int(accept.max(initial=-1)),
                    "reject": int(reject.min(initial=inputs + 1)),
                }
            )
    return found


def sizes():
    """The fewest inputs whose Clopper-Pearson limit is no more than the rate, by trying one after the other."""
    found = []
    for rate in (0.1, 0.05, 0.01, 0.001):
        for confidence in (0.9, 0.95, 0.99):
            for failures in (0, 1, 2, 3):
                inputs = failures + 1
                while stats.beta.ppf(confidence, failures + 1, inputs - failures) > rate:
                    inputs += 1
                found.append({"rate": rate, "confidence": confidence, "failures": failures, "inputs": inputs})
    return found


def clustered(rng):
    """A regression on a constant with cluster-robust errors, and both one-sided t tests."""
    found = []
    for clusters, shift, margin in [(2, 0.0, 0.5), (5, 0.1, 0.5), (30, 0.001, 0.2), (30, -0.3, 0.2)]:
        groups = [rng.standard_normal() * 0.3 + shift + rng.standard_normal(rng.integers(1, 20)) for _ in range(clusters)]
        values, labels = np.concatenate(groups), np.repeat(np.arange(clusters), [len(group) for group in groups])
        fit = sm.OLS(values, np.ones_like(values)).fit(cov_type="cluster", cov_kwds={"groups": labels})
        mean, error = float(fit.params[0]), float(fit.bse[0])
        lower = stats.t.sf((mean + margin) / error, clusters - 1)
        upper = stats.t.cdf((mean - margin) / error, clusters - 1)
        found.append(
            {
                "groups": [group.tolist() for group in groups],
                "mean": mean,
                "error": error,
                "margin": margin,
                "p": float(max(lower, upper)),
            }
        )
    return found


def main(path):
    rng = np.random.default_rng(20260101)
    result = {
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "holm": holm(rng),
        "sequential": sequential(),
        "sizes": sizes(),
        "clustered": clustered(rng),
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


main(sys.argv[1])
