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
    /// Name of the experiment, for those who look at the queue.
    pub name: String,
    /// What `shard run` is to compute: that name, or a file.
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

    /// What the job is called: never more than letters, digits and a few signs, so it is safe everywhere, in comments too.
    fn job(&self) -> String {
        let safe = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
        format!("neurodyn-{}", self.name.chars().map(safe).collect::<String>())
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
        let Script { shards, cpus, .. } = self;
        let (pack, program, name) = (self.pack(), shell(&self.program()), self.job());
        let folder = quoted(&self.folder.display().to_string());
        let limit = self.limit.map(|limit| format!("%{limit}")).unwrap_or_default();
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
        let run = shell(&["shard".to_owned(), "run".to_owned(), self.id.clone()]);
        let run =
            format!("exec {program} --jobs {cpus} --quiet {run} --shard auto/{shards} --pack {pack} --dir {folder}\n");
        let merge = format!("#!/usr/bin/env bash\nexec {program} --jobs {cpus} {}\n", shell(&self.merge()));
        let (run, merge) = (here(&run), here(&merge));
        format!(
            r#"#!/usr/bin/env bash
# {name}: {shards} shards as a Slurm job array, {pack} a task, and a merge after them.
# Submit with: bash THIS_FILE. Submit again later, and only what is missing is computed.
set -euo pipefail
neurodyn=({program})
folder={folder}
common=(--parsable --job-name={name}{options})
queued=$(squeue --noheader --me --name={name}) || {{
    echo "squeue failed, so nobody knows whether {name} is in the queue; nothing was submitted" >&2
    exit 1
}}
if [ -n "$queued" ]; then
    echo "{name} is still in the queue; wait for it, or cancel it with: scancel --me --name={name}" >&2
    exit 1
fi
log=$folder/log
mkdir -p "$log"
# Slurm takes % for the start of a pattern
log=${{log//%/%%}}
task() {{
    cat {run}}}
merge() {{
    cat {merge}}}
missing=$("${{neurodyn[@]}}" shard status "$folder" --shards {shards} --pack {pack} --missing)
after=()
if [ -n "$missing" ]; then
    # the list goes into the script, since it can be too long for an argument
    array=$({{ printf '#!/usr/bin/env bash\n#SBATCH --array=%s{limit_escaped}\n' "$missing"; task; }} |
        sbatch "${{common[@]}}" --requeue --open-mode=append --cpus-per-task={cpus}{task} --output="$log/%A_%a.txt")
    echo "array ${{array%%;*}}: tasks $missing"
    after=(--dependency="afterok:${{array%%;*}}" --kill-on-invalid-dep=yes)
fi
# an empty array is unset to bash before 4.4
merge=$(merge |
    sbatch "${{common[@]}}" ${{after[@]+"${{after[@]}}"}} --requeue --cpus-per-task={cpus}{task} --output="$log/merge-%j.txt")
echo "merge ${{merge%%;*}}"
"#,
            limit_escaped = limit.replace('%', "%%"),
        )
    }

    fn hyperqueue(&self) -> String {
        let Script { shards, cpus, .. } = self;
        let (name, id) = (self.job(), python(&self.id));
        let quote = |words: &[String]| words.iter().map(|word| python(word)).collect::<Vec<_>>().join(", ");
        let (program, merge) = (quote(&self.program()), quote(&self.merge()));
        let folder = python(&self.folder.display().to_string());
        let local = self.limit.map_or("os.cpu_count()".to_owned(), |limit| (limit * cpus).to_string());
        format!(
            r#"#!/usr/bin/env python3
"""{name}: {shards} shards as HyperQueue tasks, and a merge after them. Needs: pip install hyperqueue.

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
    job = Job(max_fails=None, name="{name}")
    cores = ResourceRequest(cpus={cpus})

    def add(words, name, deps=()):
        out = os.path.join(log, name)
        return job.program(
            [*NEURODYN, *words], stdout=out + ".out", stderr=out + ".err", name=name, deps=deps, resources=cores
        )

    shards = [
        add([*JOBS, "shard", "run", {id}, "--shard", f"{{shard}}/{{SHARDS}}", "--dir", FOLDER], f"shard-{{shard}}")
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

/// A word for the shell, whatever is in it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:,+@".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn shell(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// Lines as a here-document, which ends at a line that they do not have.
fn here(lines: &str) -> String {
    let mut end = "END".to_owned();
    while lines.lines().any(|line| line == end) {
        end.push('_');
    }
    format!("<<'{end}'\n{lines}{end}\n")
}

/// A string literal for Python.
fn python(word: &str) -> String {
    let mut literal = "\"".to_owned();
    for letter in word.chars() {
        match letter {
            '\\' | '"' => literal.extend(['\\', letter]),
            // writing to a string cannot fail
            _ if letter.is_control() => drop(write!(literal, "\\u{:04x}", u32::from(letter))),
            _ => literal.push(letter),
        }
    }
    literal + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn script() -> Script {
        Script {
            name: "x".into(),
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
        assert!(text.contains(r#"${after[@]+"${after[@]}"}"#), "{text}");
    }

    /// What a program reads of these words; `None` where there is no such program.
    fn read_by(program: &str, script: &str) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().expect("a folder");
        let flag = if program == "python3" { "-Ic" } else { "-c" };
        let mut command = std::process::Command::new(program);
        let output = command.args([flag, script]).current_dir(folder.path()).env("LC_ALL", "C.UTF-8").output().ok()?;
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 0, "{script} wrote a file");
        Some(output.stdout)
    }

    /// Words of the letters that shells and Python know, and of any others.
    fn words() -> impl Strategy<Value = Vec<String>> {
        let word = prop_oneof![
            "[ -~\n\t]{0,12}",
            r#"[$(){}'"`\\;&|<>*?~#! \n\r-]{0,12}"#,
            "[^\u{0}]{0,8}",
            Just("$(touch PWN)".to_owned()),
            Just("'; touch PWN; '".to_owned()),
            Just("\nEND\ntouch PWN\n".to_owned()),
            Just("\"\"\"\nopen('PWN', 'w')\n".to_owned()),
            Just("-n".to_owned()),
        ];
        proptest::collection::vec(word, 1..20)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn shells_read_every_word_as_it_was(words in words()) {
            let meant: Vec<u8> = words.iter().flat_map(|word| [word.as_bytes(), b"\0"].concat()).collect();
            let line = format!("printf '%s\\0' {}", shell(&words));
            // as it stands, and in a here-document that a second shell reads
            let nested = format!("sh {}", here(&format!("{line}\n")));
            for program in ["sh", "bash"] {
                for script in [&line, &nested] {
                    prop_assert_eq!(read_by(program, script), Some(meant.clone()), "{}: {}", program, script);
                }
            }
            let list: Vec<String> = words.iter().map(|word| python(word)).collect();
            let code = format!(
                "import sys\nfor word in [{}]:\n    sys.stdout.buffer.write(word.encode() + bytes(1))\n",
                list.join(", ")
            );
            // Python need not be here; where it is, it must agree
            if let Some(read) = read_by("python3", &code) {
                prop_assert_eq!(read, meant, "{}", &code);
            }
        }

        #[test]
        fn scripts_are_sound_whatever_they_name(words in words()) {
            let word = |index: usize| words[index % words.len()].clone();
            let script = Script {
                name: word(0),
                id: word(1),
                program: word(2).into(),
                root: word(3).into(),
                folder: word(4).into(),
                out: Some(word(5).into()),
                partition: Some(word(6)),
                account: Some(word(7)),
                ..script()
            };
            // a syntax error, or a word that became code, would show; nothing is run
            let text = script.text(Engine::Slurm);
            let checked = format!("bash -n {}", here(&text));
            prop_assert_eq!(read_by("bash", &checked), Some(Vec::new()), "{}", &text);
            let code = format!("import ast\nast.parse({})\n", python(&script.text(Engine::Hyperqueue)));
            if let Some(read) = read_by("python3", &code) {
                prop_assert_eq!(read, Vec::<u8>::new());
            }
        }
    }
}
