"""A sweep as a Slurm job array on two nodes, one of which dies: requeue, resume, merge, same bytes as a single run.

Munge, controller and both nodes run in a scratch folder with a configuration of their own; needs to be root.
"""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from common import Failure, compare, environment, project, run, say, script, wait, EXPERIMENT, NEURODYN

SHARDS, PACK = 12, 2
# as many tasks as there are shards would be too many for it
MAX_ARRAY_SIZE = 7


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """Munge, one controller and two nodes on this machine, gone at the end."""

    def __init__(self, scratch):
        self.scratch, self.daemons = scratch, {}
        host = socket.gethostname().split(".")[0]
        ports = free_ports(3)
        (scratch / "munge.key").write_bytes(os.urandom(1024))
        (scratch / "munge.key").chmod(0o400)
        for folder in ("state", "spool.n1", "spool.n2"):
            (scratch / folder).mkdir()
        self.configuration = scratch / "slurm.conf"
        nodes = "".join(
            f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 RealMemory=500\n"
            for name, port in zip(("n1", "n2"), ports[1:])
        )
        self.configuration.write_text(
            f"""ClusterName=neurodyn
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={scratch}/munge.socket,cred_expire=5
StateSaveLocation={scratch}/state
SlurmdSpoolDir={scratch}/spool.%n
SlurmctldPidFile={scratch}/slurmctld.pid
SlurmdPidFile={scratch}/slurmd.%n.pid
SlurmctldLogFile={scratch}/slurmctld.log
SlurmdLogFile={scratch}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=60
KillWait=5
MaxArraySize={MAX_ARRAY_SIZE}
SchedulerParameters=sched_interval=2
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={scratch}/completed.txt
{nodes}PartitionName=debug Nodes=n1,n2 Default=YES State=UP
"""
        )
        self.environment = environment(SLURM_CONF=self.configuration)

    def __enter__(self):
        s = self.scratch
        files = [f"--{name}={s}/munge.{end}" for name, end in
                 (("socket", "socket"), ("key-file", "key"), ("pid-file", "pid"), ("log-file", "log"), ("seed-file", "seed"))]
        try:
            self.start("munged", "--foreground", "--force", *files)
            wait("munge", (s / "munge.socket").exists)
            self.start("slurmctld", "-D", "-c")
            for name in ("n1", "n2"):
                self.start_node(name)
            wait("both nodes", lambda: self.slurm("sinfo", "-h", "-N", "-o", "%T").split() == ["idle", "idle"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self, program, *arguments, name=None):
        name = name or program
        path = next(p for p in (Path(f) / program for f in ("/usr/sbin", "/usr/bin", "/sbin")) if p.exists())
        log = open(self.scratch / f"{name}.out", "ab")
        self.daemons[name] = subprocess.Popen(
            [path, *map(str, arguments)], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )

    def start_node(self, name):
        self.start("slurmd", "-D", "-N", name, name=f"slurmd.{name}")

    def kill_node(self, name):
        """All at once: the daemon, then step daemons and tasks that run on its node of this cluster."""
        tasks = self.processes(name)
        if not tasks:
            raise Failure(f"nothing runs on {name}")
        daemon = self.daemons.pop(f"slurmd.{name}")
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        steps = {step for step, _ in tasks if Path(f"/proc/{step}/comm").read_text().startswith("slurmstepd")}
        for process in [*steps, *(task for _, task in tasks)]:
            # a task may have ended by itself; then the check of what it stored fails
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def processes(self, name):
        """Parents and ids of the processes that this cluster started on a node."""
        marks = {f"SLURM_CONF={self.configuration}".encode(), f"SLURMD_NODENAME={name}".encode()}
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if marks <= set((folder / "environ").read_bytes().split(b"\0")):
                    found.append((int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1]), int(folder.name)))
            except OSError:
                continue
        return found

    def slurm(self, *command):
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        return done.stdout

    def __exit__(self, *_):
        if "slurmctld" in self.daemons:
            self.slurm("scancel", "--user=root", "--signal=KILL")
            self.slurm("scancel", "--user=root")
        for daemon in reversed(self.daemons.values()):
            daemon.terminate()
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def logs(self):
        names = [*self.scratch.glob("*.log"), *self.scratch.glob("*.out"), *(self.scratch / "shards" / "log").glob("*")]
        return "\n".join(f"--- {path}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-25:]) for path in names)


def submit(cluster, path):
    """Runs the printed script; what it says."""
    done = run(["bash", path], env=cluster.environment)
    say(" / ".join(done.split("\n")).rstrip(" /"))
    return done


def finish(cluster, said):
    """Waits until nothing is left, and until the merge is known to have ended well."""
    job = re.search(r"merge (\d+)", said).group(1)
    wait("the queue", lambda: not cluster.slurm("squeue", "-h").strip(), 400, 0.5)
    ended = wait("the merge", lambda: re.search(rf"JobId={job} .*JobState=(\w+)", (cluster.scratch / "completed.txt").read_text()))
    if ended.group(1) != "COMPLETED":
        raise Failure(f"the merge ended as {ended.group(1)}")


def test(cluster):
    scratch, shards, merged = cluster.scratch, cluster.scratch / "shards", cluster.scratch / "merged"
    root = project(scratch, EXPERIMENT.replace("REPLICAS", str(45_000)))
    path = scratch / "job.sh"
    flags = ["--limit", 2, "--max-array-size", MAX_ARRAY_SIZE, "--time", "00:10:00", "--memory", "100M", "--partition", "debug"]
    path.write_text(script(root, "slurm", SHARDS, shards, *flags, "--out", merged))

    said = submit(cluster, path)
    if f"tasks 0-{SHARDS // PACK - 1}" not in said:
        raise Failure("the first array is not all tasks")
    running = ("squeue", "-h", "-r", "-t", "R", "-w", "n2", "-o", "%i")
    wait("a first shard", lambda: list(shards.glob("shard-*.json")))
    before = cluster.slurm(*running).split()
    # one that has just begun, so that it dies in the middle
    task = wait("a new task on n2", lambda: [task for task in cluster.slurm(*running).split() if task not in before])[0]
    wait("its process", lambda: cluster.processes("n2"))
    cluster.kill_node("n2")
    cluster.slurm("scontrol", "update", "nodename=n2", "state=down", "reason=killed")
    left = run([NEURODYN, "shard", "status", shards, "--shards", SHARDS, "--missing"]).strip()
    lost = {str(int(task.split("_")[1]) * PACK + shard) for shard in range(PACK)}
    listed = {str(shard) for ends in (part.split("-") for part in left.split(",")) for shard in range(int(ends[0]), int(ends[-1]) + 1)}
    if not lost <= listed:
        raise Failure(f"task {task} was to die before it stored shards {sorted(lost)}, but missing are {left}")
    say(f"killed n2 under task {task}; missing: shards {left}")
    restarted = lambda: "Restarts=1" in cluster.slurm("scontrol", "show", "job", task)
    wait("the requeue", restarted, 30)
    cluster.start_node("n2")
    cluster.slurm("scontrol", "update", "nodename=n2", "state=resume")
    wait("n2 again", lambda: cluster.slurm("sinfo", "-h", "-n", "n2", "-o", "%T").strip() in ("idle", "allocated"))
    finish(cluster, said)
    compare(scratch, merged)

    # two tasks lose what they stored, one of them by damage
    lost = sorted(shards.glob("shard-*.json"))
    lost[3].unlink()
    lost[9].write_text(lost[9].read_text()[:-40])
    for path_of_merge in sorted(merged.rglob("*.csv")):
        path_of_merge.unlink()
    said = submit(cluster, path)
    if "tasks 1,4" not in said:
        raise Failure(f"tasks 1 and 4 should be resumed: {said}")
    finish(cluster, said)
    compare(scratch, merged)
    said = submit(cluster, path)
    if "array" in said:
        raise Failure(f"nothing is missing, but: {said}")
    finish(cluster, said)


def main():
    if not NEURODYN.exists():
        sys.exit(f"{NEURODYN} is not there; build it first")
    with tempfile.TemporaryDirectory(prefix="neurodyn-slurm-") as folder:
        scratch = Path(folder)
        with Cluster(scratch) as cluster:
            try:
                test(cluster)
            except (Failure, subprocess.TimeoutExpired) as failure:
                sys.exit(f"{cluster.logs()}\nFAILED: {failure}")
    say("slurm: ok")


if __name__ == "__main__":
    main()
