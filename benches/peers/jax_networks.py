"""Two inputs through explicit weights in JAX, jitted, float64: `python jax_networks.py WORK THREADS`, one JSON line."""
import json
import statistics
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)
WIDTH, SIGMA_W, SIGMA_B = 1000, 1.5, 0.3


@jax.jit
def network(key):
    factor = jnp.linalg.cholesky(jnp.array([[1.0, 0.75], [0.75, 1.0]]))
    basis = jnp.zeros((WIDTH, 2)).at[0, 0].set(1.0).at[1, 1].set(1.0)

    def layer(x, key):
        weights, bias = jax.random.split(key)
        w = jax.random.normal(weights, (WIDTH, WIDTH), dtype=jnp.float64) * (SIGMA_W / np.sqrt(WIDTH))
        x = jnp.tanh(w @ x + jax.random.normal(bias, (WIDTH, 1), dtype=jnp.float64) * SIGMA_B)
        return x, x.T @ x / WIDTH

    _, grams = jax.lax.scan(layer, np.sqrt(WIDTH) * basis @ factor.T, jax.random.split(key, 30))
    return grams


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    times, found = [], []
    for round in range(8):
        start = time.perf_counter()
        grams = np.asarray(network(jax.random.PRNGKey(round)))
        times.append(time.perf_counter() - start)
        found.append([grams[-1, 0, 0], grams[-1, 1, 0]])
    low, middle, high = statistics.quantiles(times[1:], n=4, method="inclusive")
    print(json.dumps({"work": name, "peer": f"JAX {jax.__version__}", "threads": threads, "seconds": [low, middle, high],
                      "check": list(np.mean(found, axis=0))}))


if __name__ == "__main__":
    main()
