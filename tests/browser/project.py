"""The small project whose report is read: two experiments with Monte Carlo, a heat map, hostile text, changed values."""

import csv
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NEURODYN = REPOSITORY / "target" / "release" / "neurodyn"
HOSTILE = "</title><script>window.hostile = 1</script><img src=x onerror='window.hostile = 2'>"

SMALL = """experiment = "activity_convergence"
family = "activity"
title = "A small one"
seed = SEED
values = 1

[parameters]
activation = "tanh"
sigma_w = [1.3, 2.5]
sigma_b = 0.3
initial_activities = [0.2, 1.0]
depth = 3
width = 200
replicas = 40
"""


class Failure(Exception):
    """A check that does not hold."""


def neurodyn(root, *arguments, code=0):
    command = [str(NEURODYN), "--root", str(root), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600)
    if done.returncode != code:
        raise Failure(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def make(root):
    """Runs and accepts three experiments, then runs one of them with another seed; the path of the report."""
    experiments = root / "experiments"
    experiments.mkdir(parents=True)
    (experiments / "small.toml").write_text(SMALL.replace("SEED", "11"))
    plane = (REPOSITORY / "experiments" / "activity_phase.toml").read_text()
    kept = "".join(line for line in plane.splitlines(keepends=True) if not line.startswith(("seed", "title", "#")))
    (experiments / "plane.toml").write_text(
        f"experiment = \"activity_phase\"\ntitle = '''{HOSTILE.replace(chr(39), chr(34))}'''\nseed = 21\n{kept}"
    )
    hostile = SMALL.replace("SEED", "31").replace('"A small one"', f'"{HOSTILE}"')
    (experiments / "hostile.toml").write_text(f"# {HOSTILE}\n{hostile}")
    neurodyn(root, "--quiet", "run")
    neurodyn(root, "--quiet", "accept")
    (experiments / "small.toml").write_text(SMALL.replace("SEED", "12"))
    neurodyn(root, "--quiet", "run", "small", code=1)
    neurodyn(root, "--quiet", "report")
    return root / "report" / "index.html"


def rows(root, experiment, table):
    """Rows of a stored table."""
    with open(root / "results" / experiment / f"{table}.csv", newline="") as file:
        return list(csv.DictReader(file))
