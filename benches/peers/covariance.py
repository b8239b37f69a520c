"""Covariances by neural-tangents, jitted, warm, float64: `python covariance.py WORK THREADS`, one JSON line.

covariance           500 inputs after 50 layers of erf, in closed form
tangent_kernel       500 inputs through 50 layers of weights with relu in between, the tangent kernel in closed form
formula_covariance   40 inputs after 10 layers of u sigmoid(u), which it has no closed form of: its ElementwiseNumerical with 25 points

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
    if name == "covariance":
        # erf(W x + b) with the standard deviations over sqrt 2 is erf((W x + b) / sqrt 2)
        w, b = 1.5 / np.sqrt(2), 0.3 / np.sqrt(2)
        count, depth, step, activation = 500, 50, 0.01, stax.Erf()
    elif name == "tangent_kernel":
        w, b = np.sqrt(2), 0.0
        count, depth, step, activation = 500, 49, 0.01, stax.Relu()
    else:
        w, b = 1.5, 0.3
        count, depth, step, activation = 40, 10, 0.1, stax.ElementwiseNumerical(lambda u: u * jax.nn.sigmoid(u), deg=25)
    layers = [layer for _ in range(depth) for layer in (stax.Dense(1, W_std=w, b_std=b), activation)]
    if name == "tangent_kernel":
        # its weights of variance 1 / n are multiplied by sigma_w, so that every slope has another factor of it
        _, _, kernel = stax.serial(*layers, stax.Dense(1, W_std=w, b_std=b))
        run = jax.jit(lambda x: kernel(x, None, ("nngp", "ntk")).ntk / w**2)
    else:
        _, _, kernel = stax.serial(*layers)
        run = jax.jit(lambda x: kernel(x, None, "nngp"))
    # rows of length sqrt 2, so that x.x'/2 = cos(step (i - j))
    angle = step * np.arange(count)
    x = np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    times = []
    for _ in range(8):
        start = time.perf_counter()
        found = np.asarray(run(x).block_until_ready())
        times.append(time.perf_counter() - start)
    # on the diagonal its tangent kernel takes the rounding of a root for an angle: 49.9999918 for 50
    first = count // 10 if name == "tangent_kernel" else 0
    low, middle, high = statistics.quantiles(times[1:], n=4, method="inclusive")
    print(json.dumps({"work": name, "peer": f"neural-tangents {neural_tangents.__version__}", "threads": threads,
                      "seconds": [low, middle, high], "check": [float(found[i, 0]) for i in range(first, count, count // 10)]}))


if __name__ == "__main__":
    main()
