"""Runs the works of this folder and of benches/peers.rs on this machine, side by side, and prints a table (Markdown).

Sets up two virtual environments in target/peers (numpy, scipy, JAX; and neural-tangents with the versions it still runs with). A peer that
cannot be installed is reported as missing. A time counts only if both sides computed the same. Usage: python3 run.py [work ...]
"""
import json
import os
import platform
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HOME = ROOT / "target" / "peers"
# what pip installs, and what it installs without dependencies: those of neural-tangents want TensorFlow, for a part not used here
ENVIRONMENTS = {
    "current": (["numpy==2.4.6", "scipy==1.17.1", "jax==0.10.2", "threadpoolctl==3.8.0"], []),
    "kernels": (
        ["numpy==1.26.4", "scipy==1.13.1", "jax==0.4.30", "jaxlib==0.4.30", "frozendict==2.4.7"],
        ["neural-tangents==0.6.5"],
    ),
}
# file, environment, work, largest difference of the checks relative to their size, which of our works it is compared with. What ends in
# _processes runs only with several threads, one in each process.
PEERS = [
    ("networks.py", "current", "network_explicit", 0.1, ["network_explicit", "network_law"]),
    ("networks.py", "current", "network_explicit_processes", 0.1, ["network_explicit", "network_law"]),
    ("jax_networks.py", "current", "network_explicit", 0.1, ["network_explicit", "network_law"]),
    ("networks.py", "current", "network_law", 0.05, ["network_law"]),
    ("networks.py", "current", "network_law_processes", 0.05, ["network_law"]),
    ("networks.py", "current", "circle", 0.1, ["circle"]),
    ("networks.py", "current", "circle_product", 0.0, ["circle_product"]),
    ("mean_field.py", "current", "q_star", 0.05, ["q_star"]),
    ("mean_field.py", "current", "q_star_processes", 0.05, ["q_star"]),
    ("mean_field.py", "current", "correlation_map", 0.05, ["correlation_map"]),
    ("mean_field.py", "current", "correlation_map_processes", 0.05, ["correlation_map"]),
    ("covariance.py", "kernels", "covariance", 1e-12, ["covariance"]),
    ("covariance.py", "kernels", "tangent_kernel", 1e-9, ["tangent_kernel"]),
    # by 25 points a variable, which is what it errs by
    ("covariance.py", "kernels", "formula_covariance", 2e-3, ["formula_covariance"]),
]
NAMES = {
    "network_explicit": "network, explicit weights",
    "network_law": "network, exact law",
    "circle": "circle of 500 jets, 40 layers",
    "circle_product": "its products alone",
    "q_star": "q* on 41 x 41 ensembles",
    "correlation_map": "correlation map, 51 points",
    "covariance": "erf covariance, 500 inputs, 50 layers",
    "tangent_kernel": "relu overlaps and tangent kernel, 500 inputs, 50 layers",
    "formula_covariance": "covariance of a formula, 40 inputs, 10 layers",
    "phase_plane": "q*, c*, chi_1, chi_2, scales on 41 x 41",
}
# what single-threaded scipy does with one thread it does with several
SERIAL = {"q_star", "correlation_map"}


def environment(name):
    """Python of a virtual environment with everything installed, or None and the reason why there is none."""
    folder = HOME / name
    python = folder / "bin" / "python"
    whole, alone = ENVIRONMENTS[name]
    marker, wanted = folder / "installed", "\n".join(whole + alone)
    if not (marker.exists() and marker.read_text() == wanted):
        try:
            venv.create(folder, clear=True, with_pip=True)
        except subprocess.CalledProcessError as error:
            return None, str(error)
        for packages in (whole, ["--no-deps", *alone] if alone else []):
            if not packages:
                continue
            done = subprocess.run([python, "-m", "pip", "install", "-q", *packages], capture_output=True, text=True)
            if done.returncode:
                return None, last_line(done.stderr)
        marker.write_text(wanted)
    return python, None


def limited(threads):
    """Variables and prefix that keep a process to this many threads. BLAS chooses its kernel by the processor, not by a variable."""
    count = str(threads)
    variables = {name: count for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    kept = {name: value for name, value in os.environ.items() if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    cores = ",".join(str(core) for core in sorted(os.sched_getaffinity(0))[:threads])
    return {**kept, **variables}, ["taskset", "-c", cores]


def lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def last_line(text):
    return (text.strip().splitlines() or ["no message"])[-1]


def machine():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return "unknown processor"


def blas():
    """The kernel that numpy's products use here."""
    python, reason = environment("current")
    code = "import numpy, threadpoolctl; print(*(f\"{i['internal_api']} {i['version']} {i['architecture']}\" for i in threadpoolctl.threadpool_info()))"
    return reason or subprocess.run([python, "-c", code], env=limited(1)[0], capture_output=True, text=True).stdout.strip()


def amount(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * factor >= 1 or unit == "us":
            return f"{seconds * factor:.3g} {unit}"


def spread(line):
    low, middle, high = line["seconds"]
    return f"{amount(middle)} ({amount(low)} to {amount(high)})"


def measure_peer(file, name, work, threads):
    """The peer's line, or None and the reason why there is none."""
    python, reason = environment(name)
    if not python:
        return None, reason
    variables, prefix = limited(threads)
    if work.endswith("_processes"):
        variables = limited(1)[0]
    done = subprocess.run([*prefix, python, HERE / file, work, str(threads)], env=variables, capture_output=True, text=True)
    return (lines(done.stdout)[-1], None) if done.returncode == 0 else (None, last_line(done.stderr))


def compare(title, peer, mine, tolerance, threads):
    """A row of the table, and whether both sides computed the same."""
    size = max(abs(x) for x in mine["check"])
    worst = max(abs(a - b) for a, b in zip(mine["check"], peer["check"], strict=True)) / size
    if worst > tolerance:
        return f"| {title} | {peer['peer']} | {threads} | computed something else: {worst:.1e} | {spread(mine)} | |", False
    ratio = peer["seconds"][1] / mine["seconds"][1]
    return f"| {title} | {peer['peer']} | {threads} | {spread(peer)} | {spread(mine)} | {ratio:.3g} |", True


def main():
    wanted = sys.argv[1:]
    unknown = set(wanted) - set(NAMES) - {"peak"}
    if unknown:
        sys.exit(f"no such work: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}, peak")
    needed = {mine for *_, work, _, compared in PEERS if work in wanted for mine in compared}
    bench = ["cargo", "bench", "--bench", "peers", "--", *wanted, *sorted(needed - set(wanted))]
    ours = subprocess.run(bench, cwd=ROOT, capture_output=True, text=True)
    if ours.returncode:
        sys.exit(ours.stderr)
    found = {(line["work"], line["threads"]): line for line in lines(ours.stdout)}
    counts = sorted({threads for _, threads in found})
    print(f"{machine()}, {counts[-1]} cores; {last_line(ours.stderr)}; Python {platform.python_version()}, {blas()}\n")
    print("| work | peer | threads | peer: median (quartiles) | ours | ratio |\n|---|---|---|---|---|---|")
    failed = False
    for file, name, work, tolerance, compared in PEERS:
        plain = work.removesuffix("_processes")
        if wanted and plain not in wanted:
            continue
        for threads in counts:
            if threads == 1 and work != plain or threads > 1 and work in SERIAL:
                continue
            peer, reason = measure_peer(file, name, work, threads)
            for mine in compared:
                title = NAMES[plain] + ("" if mine == plain else f" / {NAMES[mine]}")
                if peer:
                    row, same = compare(title, peer, found[mine, threads], tolerance, threads)
                else:
                    row, same = f"| {title} | {file} | {threads} | missing: {reason} | {spread(found[mine, threads])} | |", False
                print(row, flush=True)
                failed |= not same
    for threads in counts:
        if ("phase_plane", threads) in found:
            print(f"| {NAMES['phase_plane']} | none | {threads} | | {spread(found['phase_plane', threads])} | |")
    for threads in counts:
        if ("peak", threads) in found and ("circle_product", threads) in found:
            peak, product = found["peak", threads], found["circle_product", threads]
            rate = [line["check"][0] / line["seconds"][1] / 1e9 for line in (peak, product)]
            print(f"\n{threads} thread{'s' * (threads > 1)}: fused multiply-adds peak at {rate[0]:.1f} Gflop/s; "
                  f"the products reach {rate[1]:.1f}, {100 * rate[1] / rate[0]:.0f} %.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
