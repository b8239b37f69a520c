"""What a call costs beside the program: processor time of 10^5 sampled networks as arrays, and of the kernels of 1000 inputs.

    python crates/python/bench.py PROGRAM [RUNS]

PROGRAM is that of cargo (target/release/neurodyn). Runs alternate; of each side the shortest counts, since a machine at work only ever adds. Of the program
the time of a small request is taken off, which is its start.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time

import neurodyn
import numpy as np

SAMPLE = "--activation tanh --sigma-w 2.5 --sigma-b 0.3 --width 100 --depth 10 --activity 0.64 --correlation 0.5 --seed 1"
KERNEL = "--activation relu --sigma-w 1.4 --sigma-b 0 --depth 5"


def program(*words: str) -> float:
    """Seconds of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.argv[1], *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def own(call) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def compare(name: str, whole, small, call, runs: int) -> None:
    inside, outside, start = [], [], []
    for _ in range(runs):
        start.append(program(*small))
        outside.append(program(*whole))
        inside.append(own(call))
    rust, python = min(outside) - min(start), min(inside)
    print(f"{name}: {python:.3f} s in Python, {rust:.3f} s in the program (and {min(start):.3f} s to start it): {python / rust:.2f} times", flush=True)


def main() -> None:
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    networks = ["sample", *SAMPLE.split(), "--json", "--replicas"]
    compare(
        "100000 networks of 10 layers of 100 neurons",
        [*networks, "100000"],
        [*networks, "1"],
        lambda: neurodyn.sample("tanh", 2.5, 0.3, width=100, depth=10, activity=0.64, correlation=0.5, replicas=100_000, seed=1),
        runs,
    )
    x = np.random.default_rng(1).standard_normal((1000, 100))
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, name) for name in ("x.npy", "small.npy", "k.npy", "t.npy")]
        np.save(files[0], x)
        np.save(files[1], x[:2])
        out = [*KERNEL.split(), "--out", files[2], "--ntk", files[3]]
        compare(
            "both kernels of 1000 inputs, 5 layers on",
            ["kernel", files[0], *out],
            ["kernel", files[1], *out],
            lambda: neurodyn.kernel(x, "relu", 1.4, 0.0, depth=5, ntk=True),
            runs,
        )


main()
