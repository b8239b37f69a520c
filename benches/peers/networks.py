"""Random networks in numpy: `python networks.py WORK THREADS`, one JSON line.

network_explicit  two inputs, width 1000, depth 30, tanh, fresh weights in every layer, float64
network_law       the same law without weights: in each layer 1000 pairs of normals through a 2 x 2 Cholesky factor, ten networks in one
                  array, the fastest number
circle            500 points of a great circle with first and second derivatives, explicit weights, width 1000, depth 40; Gram
                  matrices of every layer
circle_product    the products of that network alone
..._processes     the same in as many processes as threads, each with one
"""
import json
import multiprocessing
import statistics
import sys
import time

import numpy as np

WIDTH, SIGMA_W, SIGMA_B = 1000, 1.5, 0.3
BATCH = 10


def explicit(rng):
    basis, _ = np.linalg.qr(rng.standard_normal((WIDTH, 2)))
    x = np.sqrt(WIDTH) * basis @ np.linalg.cholesky(np.array([[1.0, 0.75], [0.75, 1.0]])).T
    for _ in range(30):
        weights = rng.standard_normal((WIDTH, WIDTH)) * (SIGMA_W / np.sqrt(WIDTH))
        x = np.tanh(weights @ x + rng.standard_normal((WIDTH, 1)) * SIGMA_B)
        gram = x.T @ x / WIDTH
    return [gram[0, 0], gram[1, 0]]


def law(rng):
    gram = np.array([[1.0, 0.75], [0.75, 1.0]])
    for _ in range(30):
        factor = np.linalg.cholesky(SIGMA_W**2 * gram + SIGMA_B**2)
        x = np.tanh(factor @ rng.standard_normal((BATCH, 2, WIDTH)))
        gram = x @ x.swapaxes(1, 2) / WIDTH
    return list(np.mean(gram[:, :, 0], axis=0))


def circle(rng):
    angle = 2 * np.pi * np.arange(500) / 500
    basis, _ = np.linalg.qr(rng.standard_normal((WIDTH, 2)))
    basis *= np.sqrt(WIDTH)
    points = basis @ np.array([np.cos(angle), np.sin(angle)])
    tangents = basis @ np.array([-np.sin(angle), np.cos(angle)])
    x = np.concatenate([points, tangents, -points], axis=1)
    squares = []
    for _ in range(40):
        weights = rng.standard_normal((WIDTH, WIDTH)) * (SIGMA_W / np.sqrt(WIDTH))
        u = weights @ x
        points, tangents, seconds = u[:, :500] + rng.standard_normal((WIDTH, 1)) * SIGMA_B, u[:, 500:1000], u[:, 1000:]
        value = np.tanh(points)
        slope = 1 - value * value
        x = np.concatenate([value, slope * tangents, slope * (seconds - 2 * value * tangents * tangents)], axis=1)
        gram = x.T @ x / WIDTH
        squares.append(np.diag(gram).reshape(3, 500).mean(axis=1))
    return [squares[-1][0], squares[0][1], squares[0][2]]


ROWS = 0.5 - 0.001 * (np.arange(WIDTH * WIDTH) % 997).reshape(WIDTH, WIDTH)
COLUMNS = 0.5 - 0.001 * (np.arange(WIDTH * 1500) % 997).reshape(1500, WIDTH)


def circle_product(_):
    for _ in range(40):
        ROWS @ COLUMNS.T
    return [2.0 * WIDTH * WIDTH * 1500 * 40]


# function, calls in a round, networks in a call, rounds
WORKS = {
    "network_explicit": (explicit, 2, 1, 5),
    "network_law": (law, 20, BATCH, 9),
    "circle": (circle, 1, 1, 3),
    "circle_product": (circle_product, 1, 1, 5),
}


def several(arguments):
    function, count, seed = arguments
    rng = np.random.default_rng(seed)
    return [function(rng) for _ in range(count)]


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    function, count, batch, rounds = WORKS[name.removesuffix("_processes")]
    processes = threads if name.endswith("_processes") else 1
    times, found = [], []
    with multiprocessing.Pool(processes) if processes > 1 else open("/dev/null") as pool:
        for round in range(rounds + 1):
            work = [(function, count, 100 * round + k) for k in range(processes)]
            start = time.perf_counter()
            results = pool.map(several, work) if processes > 1 else [several(work[0])]
            times.append((time.perf_counter() - start) / (count * batch * processes))
            found += [sample for result in results for sample in result]
    low, middle, high = statistics.quantiles(times[1:], n=4, method="inclusive")
    peer = f"numpy {np.__version__}" + (f", {processes} processes" if processes > 1 else "")
    print(json.dumps({"work": name.removesuffix("_processes"), "peer": peer, "threads": threads,
                      "seconds": [low, middle, high], "check": list(np.mean(found, axis=0))}))


if __name__ == "__main__":
    main()
