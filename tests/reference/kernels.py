"""Kernels of three inputs through three layers in 32 digits: overlaps of the neurons, and the tangent kernel of as many layers of weights, the last of them
linear. Writes kernels.json. Gaussian integrals are trapezoid sums over two independent normals, which converge faster than any power of the step for
analytic integrands; those of relu are arccosine kernels (Cho and Saul 2009). Needs mpmath. Usage: python3 kernels.py
"""
import json
from pathlib import Path

from mpmath import acos, erf, exp, mp, mpf, nstr, pi, sin, sqrt, tanh

mp.dps = 32
INPUTS = [["0.8", "-0.3", "1.1", "0.4"], ["-0.5", "0.9", "0.2", "1.3"], ["1.7", "0.1", "-0.6", "0.25"]]
NETWORKS = [("tanh", "1.5", "0.1"), ("erf_sqrt2", "1.7", "0.2"), ("gelu", "1.4", "0.3"), ("relu", "1.4", "0.1")]
DEPTH = 3

normal = lambda x: exp(-x * x / 2) / sqrt(2 * pi)
PHI = lambda x: (1 + erf(x / sqrt(2))) / 2
FUNCTIONS = {
    "tanh": (tanh, lambda x: 1 - tanh(x) ** 2),
    "erf_sqrt2": (lambda x: erf(x / sqrt(2)), lambda x: 2 * normal(x)),
    "gelu": (lambda x: x * PHI(x), lambda x: PHI(x) + x * normal(x)),
}
STEP = mpf(1) / 8
NODES = [k * STEP for k in range(-76, 77)]
WEIGHTS = [STEP * normal(z) for z in NODES]


def pair(name, q, r, k):
    """E[phi(u) phi(v)] and E[phi'(u) phi'(v)] of variances q and r and covariance k."""
    if name == "relu":
        angle = acos(min(k / sqrt(q * r), mpf(1)))
        return sqrt(q * r) * (sin(angle) + (pi - angle) * k / sqrt(q * r)) / (2 * pi), (pi - angle) / (2 * pi)
    phi, slope = FUNCTIONS[name]
    a, b = k / sqrt(q), sqrt(max(r - k * k / q, mpf(0)))
    value = derivative = mpf(0)
    for z, w in zip(NODES, WEIGHTS):
        inner = inner_slope = mpf(0)
        for y, v in zip(NODES, WEIGHTS) if b > 0 else [(mpf(0), mpf(1))]:
            if w * v < mpf(10) ** -24:
                continue
            x = a * z + b * y
            inner += v * phi(x)
            inner_slope += v * slope(x)
        value += w * phi(sqrt(q) * z) * inner
        derivative += w * slope(sqrt(q) * z) * inner_slope
    return value, derivative


def main():
    rows = [[mpf(x) for x in row] for row in INPUTS]
    n, m = len(rows[0]), len(rows)
    found = []
    for name, sw, sb in NETWORKS:
        overlaps = [[sum(x * y for x, y in zip(a, b)) / n for b in rows] for a in rows]
        tangent = overlaps
        for layer in range(1, DEPTH + 1):
            k = [[mpf(sw) ** 2 * c + mpf(sb) ** 2 for c in row] for row in overlaps]
            pairs = {(i, j): pair(name, k[i][i], k[j][j], k[i][j]) for i in range(m) for j in range(i + 1)}
            of = lambda i, j: pairs[max(i, j), min(i, j)]
            overlaps = [[of(i, j)[0] for j in range(m)] for i in range(m)]
            if layer < DEPTH:
                tangent = [[overlaps[i][j] + mpf(sw) ** 2 * of(i, j)[1] * tangent[i][j] for j in range(m)] for i in range(m)]
        text = lambda matrix: [[nstr(x, 20) for x in row] for row in matrix]
        found.append({"activation": name, "sigma_w": sw, "sigma_b": sb, "overlaps": text(overlaps), "tangent": text(tangent)})
        print(name, found[-1]["overlaps"][1][0], flush=True)
    file = Path(__file__).with_name("kernels.json")
    file.write_text(json.dumps({"inputs": INPUTS, "depth": DEPTH, "kernels": found}, indent=1) + "\n")


main()
