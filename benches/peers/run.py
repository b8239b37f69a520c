"""Runs the works of this folder and of benches/peers.rs on this machine, side by side, and prints a table (Markdown).

Sets up two virtual environments in target/peers (numpy, scipy, JAX; and neural-tangents with the versions it still runs with). A peer that
cannot be installed is reported as missing. A time counts only if both sides computed the same. Usage: python3 run.py [work ...]
"""
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = ROOT / "target" / "peers"
ENVIRONMENTS = {
    "current": ["numpy==2.4.6", "scipy==1.17.1", "jax==0.10.2"],
    "kernels": ["numpy==1.26.4", "scipy==1.13.1", "jax==0.4.30", "jaxlib==0.4.30", "neural-tangents==0.6.5"],
}
# file, environment, work, largest difference of the checks relative to their size, what ours it is
# compared with
PEERS = [
    ("networks.py", "current", "network_explicit", 0.1, ["network_explicit", "network_law"]),
    ("networks.py", "current", "network_explicit_processes", 0.1, ["network_explicit", "network_law"]),
    ("jax_networks.py", "current", "network_explicit", 0.1, ["network_explicit", "network_law"]),
    ("networks.py", "current", "network_law", 0.05, ["network_law"]),
    ("networks.py", "current", "network_law_processes", 0.05, ["network_law"]),
    ("networks.py", "current", "circle", 0.1, ["circle"]),
    ("networks.py", "current", "circle_product", 0.0, ["circle_product"]),
    ("mean_field.py", "current", "q_star", 0.05, ["q_star"]),
    ("mean_field.py", "current", "correlation_map", 0.05, ["correlation_map"]),
    ("covariance.py", "kernels", "covariance", 1e-12, ["covariance"]),
]
NAMES = {
    "network_explicit": "network, explicit weights",
    "network_law": "network, exact law",
    "circle": "circle of 500 jets, 40 layers",
    "circle_product": "its products alone",
    "q_star": "q* on 41 x 41 ensembles",
    "correlation_map": "correlation map, 51 points",
    "covariance": "erf covariance, 500 inputs, 50 layers",
    "phase_plane": "q*, c*, chi_1, chi_2, scales on 41 x 41",
}


def environment(name):
    """Python of a virtual environment with everything installed; None with the reason when that fails."""
    folder = HOME / name
    python = folder / "bin" / "python"
    marker, wanted = folder / "installed", "\n".join(ENVIRONMENTS[name])
    if not (marker.exists() and marker.read_text() == wanted):
        venv.create(folder, with_pip=True)
        done = subprocess.run([python, "-m", "pip", "install", "-q", *ENVIRONMENTS[name]], capture_output=True, text=True)
        if done.returncode:
            return None, done.stderr.strip().splitlines()[-1]
        marker.write_text(wanted)
    return python, None


def limited(threads):
    """Environment and prefix that keep a process to this many threads."""
    count = str(threads)
    variables = {name: count for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    cores = ",".join(str(core) for core in sorted(os.sched_getaffinity(0))[:threads])
    return {**os.environ, **variables}, ["taskset", "-c", cores]


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def machine():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return "unknown processor"


def amount(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1 or unit == "us":
            return f"{seconds * factor:.3g} {unit}"


def main():
    wanted = sys.argv[1:]
    chosen = [peer for peer in PEERS if not wanted or peer[2].removesuffix("_processes") in wanted]
    cores = len(os.sched_getaffinity(0))
    ours = subprocess.run(["cargo", "bench", "--bench", "peers", "--", *wanted], cwd=ROOT, capture_output=True, text=True)
    if ours.returncode:
        sys.exit(ours.stderr)
    found = {(line["work"], line["threads"]): line for line in lines(ours.stdout)}
    print(f"{machine()}, {cores} cores; {ours.stderr.strip().splitlines()[-1]}\n")
    print("| work | peer | threads | peer (quartiles) | ours | ratio |\n|---|---|---|---|---|---|")
    failed = False
    for file, name, work, tolerance, compared in chosen:
        python, reason = environment(name)
        for threads in sorted({1, cores}):
            if work.endswith("_processes") and threads == 1:
                continue
            # one thread a process, all cores for them together
            variables, prefix = limited(threads)
            if work.endswith("_processes"):
                variables = limited(1)[0]
            peer = None
            if python:
                done = subprocess.run([*prefix, python, HERE / file, work, str(threads)], env=variables, capture_output=True, text=True)
                peer = lines(done.stdout)[-1] if done.returncode == 0 else None
                reason = None if peer else done.stderr.strip().splitlines()[-1]
            for mine in compared:
                mine = found.get((mine, threads))
                if not mine:
                    continue
                if not peer:
                    print(f"| {NAMES[work.removesuffix('_processes')]} | {file} | {threads} | missing: {reason} | | |")
                    failed = True
                    continue
                size = max(abs(x) for x in mine["check"])
                worst = max(abs(a - b) for a, b in zip(mine["check"], peer["check"], strict=True)) / size
                if worst > tolerance:
                    print(f"| {work} | {peer['peer']} | {threads} | computed something else: {worst:.1e} | | |")
                    failed = True
                    continue
                low, middle, high = peer["seconds"]
                title = NAMES[peer["work"]] + ("" if mine["work"] == peer["work"] else f" / {NAMES[mine['work']]}")
                ratio = middle / mine["seconds"][1]
                print(f"| {title} | {peer['peer']} | {threads} | {amount(middle)} ({amount(low)} to {amount(high)}) "
                      f"| {amount(mine['seconds'][1])} | {ratio:.3g} |", flush=True)
    for threads in sorted({1, cores}):
        if ("phase_plane", threads) in found:
            print(f"| {NAMES['phase_plane']} | none | {threads} | | {amount(found['phase_plane', threads]['seconds'][1])} | |")
    for threads in sorted({1, cores}):
        if ("peak", threads) in found and ("circle_product", threads) in found:
            peak, product = found["peak", threads], found["circle_product", threads]
            rate = [line["check"][0] / line["seconds"][1] / 1e9 for line in (peak, product)]
            print(f"\n{threads} threads: separate multiplications and additions peak at {rate[0]:.1f} Gflop/s; "
                  f"the products reach {rate[1]:.1f}, {100 * rate[1] / rate[0]:.0f} %.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
