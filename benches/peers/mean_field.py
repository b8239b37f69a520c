"""Mean-field integrals with scipy's adaptive quadrature, the way of the code that came with Poole et al. (2016): iterated maps, integrals
and iterations to 1e-2. `python mean_field.py WORK THREADS`, one JSON line.

q_star            fixed points of the length map of tanh on the plane sigma_w 1 to 5, sigma_b 0 to 4, 41 x 41
correlation_map   the correlation map of tanh at sigma_w 1.5, sigma_b 0.3, 51 correlations
..._processes     the same cut among as many processes as threads
"""
import json
import math
import multiprocessing
import statistics
import sys
import time

import numpy as np
import scipy
from scipy import integrate

COARSE = 1e-2


def gauss(z):
    return math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def length(q, sigma_w, sigma_b):
    root = math.sqrt(q)
    mean, _ = integrate.quad(lambda z: gauss(z) * math.tanh(root * z) ** 2, -10, 10, epsabs=COARSE, epsrel=COARSE)
    return sigma_w**2 * mean + sigma_b**2


def fixed_point(ensemble):
    sigma_w, sigma_b = ensemble
    q = 3.0
    for _ in range(500):
        after = length(q, sigma_w, sigma_b)
        if abs(after - q) < COARSE:
            return after
        q = after
    return q


def q_star(spread):
    return spread(fixed_point, [(1 + 0.1 * (i % 41), 0.1 * (i // 41)) for i in range(41 * 41)])[::100]


def covariance(arguments):
    q, c, sigma_w, sigma_b = arguments
    root, other = math.sqrt(q), math.sqrt(max(1 - c * c, 0.0))
    integrand = lambda y, z: gauss(y) * gauss(z) * math.tanh(root * z) * math.tanh(root * (c * z + other * y))
    mean, _ = integrate.dblquad(integrand, -10, 10, -10, 10, epsabs=COARSE, epsrel=COARSE)
    return (sigma_w**2 * mean + sigma_b**2) / q


def correlation_map(spread):
    sigma_w, sigma_b = 1.5, 0.3
    q = 1.0
    for _ in range(200):
        q = length(q, sigma_w, sigma_b)
    return spread(covariance, [(q, k / 50, sigma_w, sigma_b) for k in range(51)])


def main():
    name, threads = sys.argv[1], int(sys.argv[2])
    plain = name.removesuffix("_processes")
    processes = threads if name != plain else 1
    work = {"q_star": q_star, "correlation_map": correlation_map}[plain]
    times = []
    with multiprocessing.Pool(processes) if processes > 1 else open("/dev/null") as pool:
        spread = pool.map if processes > 1 else lambda function, items: [function(item) for item in items]
        for _ in range(4):
            start = time.perf_counter()
            found = work(spread)
            times.append(time.perf_counter() - start)
    low, middle, high = statistics.quantiles(times[1:], n=4, method="inclusive")
    peer = f"scipy {scipy.__version__}, tolerance 1e-2" + (f", {processes} processes" if processes > 1 else "")
    print(json.dumps({"work": plain, "peer": peer, "threads": threads,
                      "seconds": [low, middle, high], "check": [float(x) for x in np.asarray(found)]}))


if __name__ == "__main__":
    main()
