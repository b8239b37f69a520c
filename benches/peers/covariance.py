"""The covariance of 500 inputs after 50 layers of erf by neural-tangents, jitted, warm, float64: `python covariance.py WORK THREADS`.

The package no longer imports with current JAX; with the versions pinned in run.py it does once its experimental part, which wants
TensorFlow, is left out. Its erf is erf(u), ours erf(u / sqrt 2): weights and biases are scaled to match.
"""
import json
import statistics
import sys
import time
import types

import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
sys.modules["neural_tangents.experimental"] = types.ModuleType("neural_tangents.experimental")
import neural_tangents
from neural_tangents import stax


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    # erf(W x + b) with the standard deviations over sqrt 2 is erf((W x + b) / sqrt 2)
    w, b = 1.5 / np.sqrt(2), 0.3 / np.sqrt(2)
    layers = [layer for _ in range(50) for layer in (stax.Dense(1, W_std=w, b_std=b), stax.Erf())]
    _, _, kernel = stax.serial(*layers)
    run = jax.jit(lambda x: kernel(x, None, "nngp"))
    # rows of length sqrt 2, so that x.x'/2 = cos(0.01 (i - j))
    angle = 0.01 * np.arange(500)
    x = np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    times = []
    for _ in range(8):
        start = time.perf_counter()
        found = np.asarray(run(x).block_until_ready())
        times.append(time.perf_counter() - start)
    low, middle, high = statistics.quantiles(times[1:], n=4, method="inclusive")
    print(json.dumps({"work": name, "peer": f"neural-tangents {neural_tangents.__version__}", "threads": threads,
                      "seconds": [low, middle, high], "check": [float(found[i, 0]) for i in range(0, 500, 50)]}))


if __name__ == "__main__":
    main()
