"""Explicit random weights in numpy, the plain way: width 1000, depth 30, two inputs, tanh, float64, fresh weights in every layer.

Prints milliseconds per network: median and quartiles over networks. Usage: python3 numpy_explicit.py [networks].
"""
import statistics
import sys
import time

import numpy as np

WIDTH, DEPTH, SIGMA_W, SIGMA_B = 1000, 30, 1.5, 0.3


def network(rng):
    """Gram matrices of all layers."""
    basis, _ = np.linalg.qr(rng.standard_normal((WIDTH, 2)))
    x = np.sqrt(WIDTH) * basis @ np.linalg.cholesky(np.array([[1.0, 0.75], [0.75, 1.0]])).T
    grams = [x.T @ x / WIDTH]
    for _ in range(DEPTH):
        weights = rng.standard_normal((WIDTH, WIDTH)) * (SIGMA_W / np.sqrt(WIDTH))
        bias = rng.standard_normal((WIDTH, 1)) * SIGMA_B
        x = np.tanh(weights @ x + bias)
        grams.append(x.T @ x / WIDTH)
    return grams


def main():
    networks = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    rng = np.random.default_rng(1)
    network(rng)
    times = []
    for _ in range(networks):
        start = time.perf_counter()
        network(rng)
        times.append(1e3 * (time.perf_counter() - start))
    low, middle, high = statistics.quantiles(times, n=4)
    print(f"numpy {np.__version__}, explicit weights: {middle:.1f} ms per network (quartiles {low:.1f} to {high:.1f}, {networks} networks)")


if __name__ == "__main__":
    main()
