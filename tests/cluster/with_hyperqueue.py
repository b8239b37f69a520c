"""A sweep as HyperQueue tasks: with a server of its own, and with one that runs already; same bytes as a single run.

Run with a Python that has the package `hyperqueue`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from common import EXPERIMENT, Failure, NEURODYN, SHIPPED, compare, environment, project, run, say, script, shipped

SHARDS = 12
SERVER = """import sys
from hyperqueue import LocalCluster
from hyperqueue.cluster import WorkerConfig
with LocalCluster(sys.argv[1], worker_config=WorkerConfig(cores=2)):
    print("ready", flush=True)
    sys.stdin.read()
"""


def test(scratch):
    shards, merged = scratch / "shards", scratch / "merged"
    root = project(scratch, EXPERIMENT.replace("REPLICAS", "10000"))
    path = scratch / "job.py"
    path.write_text(script(root, "hyperqueue", SHARDS, shards, "--limit", 2, "--out", merged))
    # all in the script's own hands
    run([sys.executable, path], 300, env=environment(), cwd=scratch)
    compare(scratch, merged)
    # some are lost; a server that runs already computes only those
    stored = sorted(shards.glob("shard-*.json"))
    for lost in stored[2:5]:
        lost.unlink()
    before = {one: one.stat().st_mtime_ns for one in stored if one.exists()}
    for old in merged.rglob("*.csv"):
        old.unlink()
    folder = scratch / "server"
    server = subprocess.Popen([sys.executable, "-c", SERVER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=scratch)
    try:
        # the server says where it is, then comes our line
        if b"ready\n" not in iter(server.stdout.readline, b""):
            raise Failure("the server does not start")
        run([sys.executable, path], 300, env=environment(HQ_SERVER_DIR=folder), cwd=scratch)
    finally:
        server.stdin.close()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    compare(scratch, merged)
    if any(one.stat().st_mtime_ns != time for one, time in before.items()):
        raise Failure("a shard that was there was computed again")


def families(scratch):
    """Experiments of other families, all in the script's own hands."""
    for module in SHIPPED:
        folder = scratch / module
        folder.mkdir()
        root = project(folder, shipped(module))
        path = folder / "job.py"
        path.write_text(script(root, "hyperqueue", SHARDS, folder / "shards", "--limit", 2, "--out", folder / "merged"))
        run([sys.executable, path], 300, env=environment(), cwd=folder)
        compare(folder, folder / "merged")
        say(f"{module}: ok")


def main():
    if not NEURODYN.exists():
        sys.exit(f"{NEURODYN} is not there; build it first")
    with tempfile.TemporaryDirectory(prefix="neurodyn-hyperqueue-") as folder:
        scratch = Path(folder)
        try:
            test(scratch)
            families(scratch)
        except (Failure, subprocess.TimeoutExpired) as failure:
            logs = (scratch / "shards" / "log").glob("*.err")
            text = "\n".join(f"--- {log}\n{log.read_text(errors='replace')}" for log in logs)
            sys.exit(f"{text}\nFAILED: {failure}")
    say("hyperqueue: ok")


if __name__ == "__main__":
    main()
