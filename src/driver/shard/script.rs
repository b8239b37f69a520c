//! Job scripts for cluster engines, complete as printed.

use std::fmt::Write;
use std::path::PathBuf;

/// What runs the jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Slurm: a bash script that submits a job array and a merge.
    Slurm,
    /// HyperQueue: a Python script for its PyPI package.
    Hyperqueue,
}

/// A sweep as jobs.
#[derive(Debug, Clone)]
pub struct Script {
    /// Experiment.
    pub id: String,
    /// Number of shards.
    pub shards: u64,
    /// The program.
    pub program: PathBuf,
    /// The project.
    pub root: PathBuf,
    /// Folder of the shards.
    pub folder: PathBuf,
    /// Folder for results and figures of the merge; the project where absent.
    pub out: Option<PathBuf>,
    /// Most tasks at a time.
    pub limit: Option<u64>,
    /// Time of a task, as the engine takes it.
    pub time: Option<String>,
    /// Memory of a task, as the engine takes it.
    pub memory: Option<String>,
    /// Threads of a task.
    pub cpus: u64,
    /// Partition.
    pub partition: Option<String>,
    /// Account.
    pub account: Option<String>,
    /// Most tasks of one job array.
    pub max_array_size: u64,
}

impl Script {
    /// Shards of one task: more than one where a job array would be too large.
    pub fn pack(&self) -> u64 {
        self.shards.div_ceil(self.max_array_size)
    }

    /// The script for an engine.
    pub fn text(&self, engine: Engine) -> String {
        match engine {
            Engine::Slurm => self.slurm(),
            Engine::Hyperqueue => self.hyperqueue(),
        }
    }

    fn program(&self) -> Vec<String> {
        vec![self.program.display().to_string(), "--root".to_owned(), self.root.display().to_string()]
    }

    fn merge(&self) -> Vec<String> {
        let mut words = vec!["shard".to_owned(), "merge".to_owned(), self.id.clone(), "--dir".to_owned()];
        words.push(self.folder.display().to_string());
        if let Some(out) = &self.out {
            words.extend(["--out".to_owned(), out.display().to_string()]);
        }
        words
    }

    fn slurm(&self) -> String {
        let Script { id, shards, cpus, .. } = self;
        let (pack, program) = (self.pack(), shell(&self.program()));
        let folder = quoted(&self.folder.display().to_string());
        let (limit, name) = (self.limit.map(|limit| format!("%{limit}")).unwrap_or_default(), format!("neurodyn-{id}"));
        let mut options = String::new();
        for (name, value) in [("partition", &self.partition), ("account", &self.account)] {
            if let Some(value) = value {
                // writing to a string cannot fail
                let _ = write!(options, " {}", quoted(&format!("--{name}={value}")));
            }
        }
        let mut task = String::new();
        for (name, value) in [("time", &self.time), ("mem", &self.memory)] {
            if let Some(value) = value {
                let _ = write!(task, " {}", quoted(&format!("--{name}={value}")));
            }
        }
        let merge = shell(&self.merge());
        format!(
            r#"#!/usr/bin/env bash
# {shards} shards of {id} as a Slurm job array, {pack} a task, and a merge after them.
# Submit with: bash THIS_FILE. Submit again later, and only what is missing is computed.
set -euo pipefail
neurodyn=({program})
folder={folder}
common=(--parsable --job-name={name}{options})
if [ -n "$(squeue --noheader --me --name={name})" ]; then
    echo "{name} is still in the queue; wait for it, or cancel it with: scancel --me --name={name}" >&2
    exit 1
fi
mkdir -p "$folder/log"
missing=$("${{neurodyn[@]}}" shard status "$folder" --shards {shards} --pack {pack} --missing)
after=()
if [ -n "$missing" ]; then
    # the list goes into the script, since it can be too long for an argument
    array=$({{ printf '#!/usr/bin/env bash\n#SBATCH --array=%s{limit_escaped}\n' "$missing"; cat <<'TASK'
exec {program} --jobs {cpus} --quiet shard run {id} --shard auto/{shards} --pack {pack} --dir {folder}
TASK
    }} | sbatch "${{common[@]}}" --requeue --open-mode=append --cpus-per-task={cpus}{task} --output="$folder/log/%A_%a.txt")
    echo "array ${{array%%;*}}: tasks $missing"
    after=(--dependency="afterok:${{array%%;*}}" --kill-on-invalid-dep=yes)
fi
merge=$(sbatch "${{common[@]}}" "${{after[@]}}" --requeue --cpus-per-task={cpus}{task} --output="$folder/log/merge-%j.txt" <<'MERGE'
#!/usr/bin/env bash
exec {program} --jobs {cpus} {merge}
MERGE
)
echo "merge ${{merge%%;*}}"
"#,
            limit_escaped = limit.replace('%', "%%"),
        )
    }

    fn hyperqueue(&self) -> String {
        let Script { id, shards, cpus, .. } = self;
        let quote = |words: &[String]| words.iter().map(|word| python(word)).collect::<Vec<_>>().join(", ");
        let (program, merge) = (quote(&self.program()), quote(&self.merge()));
        let folder = python(&self.folder.display().to_string());
        let local = self.limit.map_or("os.cpu_count()".to_owned(), |limit| (limit * cpus).to_string());
        format!(
            r#"#!/usr/bin/env python3
"""{shards} shards of {id} as HyperQueue tasks, and a merge after them. Needs: pip install hyperqueue.

Run it again later, and only what is missing is computed. With HQ_SERVER_DIR it submits to the server of that folder,
without it starts a server and a worker here.
"""
import contextlib
import os
import subprocess
import sys

from hyperqueue import Job, LocalCluster
from hyperqueue.client import Client, FailedJobsException
from hyperqueue.cluster import WorkerConfig
from hyperqueue.ffi.protocol import ResourceRequest

NEURODYN = [{program}]
FOLDER = {folder}
SHARDS = {shards}
JOBS = ["--jobs", "{cpus}", "--quiet"]


def missing():
    command = [*NEURODYN, "shard", "status", FOLDER, "--shards", str(SHARDS), "--missing"]
    listed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    ranges = (part.split("-") for part in listed.split(",") if part)
    return [shard for ends in ranges for shard in range(int(ends[0]), int(ends[-1]) + 1)]


def main():
    log = os.path.join(FOLDER, "log")
    os.makedirs(log, exist_ok=True)
    job = Job(max_fails=None, name="neurodyn-{id}")
    cores = ResourceRequest(cpus={cpus})

    def add(words, name, deps=()):
        out = os.path.join(log, name)
        return job.program(
            [*NEURODYN, *words], stdout=out + ".out", stderr=out + ".err", name=name, deps=deps, resources=cores
        )

    shards = [
        add([*JOBS, "shard", "run", "{id}", "--shard", f"{{shard}}/{{SHARDS}}", "--dir", FOLDER], f"shard-{{shard}}")
        for shard in missing()
    ]
    add([*JOBS, {merge}], "merge", deps=shards)
    with contextlib.ExitStack() as stack:
        server = os.environ.get("HQ_SERVER_DIR")
        if server:
            client = Client(server)
        else:
            client = stack.enter_context(LocalCluster(worker_config=WorkerConfig(cores={local}))).client()
        try:
            client.wait_for_jobs([client.submit(job)])
        except FailedJobsException as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
"#
        )
    }
}

/// A word for the shell.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+@".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn shell(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// A string literal for Python.
fn python(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', r"\\").replace('"', "\\\"").replace('\n', r"\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> Script {
        Script {
            id: "x".into(),
            shards: 2500,
            program: "/bin/neuro dyn".into(),
            root: "/it's".into(),
            folder: "/data/$x".into(),
            out: None,
            limit: Some(8),
            time: Some("01:00:00".into()),
            memory: None,
            cpus: 2,
            partition: Some("long".into()),
            account: None,
            max_array_size: 1001,
        }
    }

    #[test]
    fn arrays_stay_below_their_limit() {
        let mut script = script();
        assert_eq!(script.pack(), 3);
        let text = script.text(Engine::Slurm);
        for part in [
            "--pack 3 --missing",
            "auto/2500 --pack 3",
            "%%8",
            "--time=01:00:00",
            "--partition=long",
            "--cpus-per-task=2",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("--mem") && !text.contains("--account"));
        script.max_array_size = 2500;
        assert_eq!(script.pack(), 1);
    }

    #[test]
    fn hostile_paths_are_quoted() {
        let text = script().text(Engine::Slurm);
        for part in ["'/bin/neuro dyn'", r"'/it'\''s'", "folder='/data/$x'"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(python("a\"b\\c"), r#""a\"b\\c""#);
    }
}
