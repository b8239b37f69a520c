//! What a command leaves alone: files that it does not write, and experiments that are not at fault.

use super::{SMALL, accepted, files_below, json, neurodyn, project, write};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;
use tempfile::TempDir;

/// Every file and folder: when it was changed, and its content.
fn state(folder: &Path) -> Vec<(String, SystemTime, Option<Vec<u8>>)> {
    let mut found = Vec::new();
    let time = |path: &Path| std::fs::metadata(path).and_then(|data| data.modified()).expect("a time");
    found.push((folder.display().to_string(), time(folder), None));
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(state(&path));
        } else {
            found.push((path.display().to_string(), time(&path), Some(std::fs::read(&path).expect("readable"))));
        }
    }
    found.sort();
    found
}

/// The same number in golden data, but for a digit.
fn other_golden(root: &Path) {
    let path = root.join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&path).expect("golden data");
    std::fs::write(&path, text.replacen("1.3,0.2,", "1.3,0.3,", 1)).expect("written");
}

fn variant(seed: u64) -> String {
    format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("seed = 11", &format!("seed = {seed}")))
}

/// Two experiments, run and accepted.
fn two() -> TempDir {
    let folder = accepted();
    let root = folder.path();
    write(root, "experiments/twin.toml", &variant(12));
    for arguments in [["run", "twin"], ["accept", "twin"]] {
        assert_eq!(neurodyn(root, &arguments).code, 0);
    }
    folder
}

#[test]
fn a_check_writes_nothing_whatever_it_finds() {
    let folder = accepted();
    let root = folder.path();
    let code = || {
        let before = state(root);
        let answer = neurodyn(root, &["check"]);
        assert!(state(root) == before, "{}", answer.err);
        answer.code
    };
    assert_eq!(code(), 0);
    // where nothing can be written
    #[cfg(unix)]
    {
        let modes =
            |mode: &str| Command::new("chmod").args(["-R", mode]).arg(root).status().expect("it runs").success();
        assert!(modes("a-w"));
        let answer = neurodyn(root, &["check"]);
        assert!(modes("u+w"));
        assert_eq!(answer.code, 0, "{}", answer.err);
    }
    other_golden(root);
    assert_eq!(code(), 1);
    write(root, "tests/golden/small.layers.csv.new", "what waits\n");
    assert_eq!(code(), 1);
    std::fs::remove_file(root.join("figures/small.svg")).expect("removed");
    assert_eq!(code(), 1);
    std::fs::remove_dir_all(root.join("tests/golden")).expect("removed");
    assert_eq!(code(), 2);
}

#[test]
fn a_run_to_elsewhere_leaves_the_project_alone() {
    let folder = accepted();
    let root = folder.path();
    other_golden(root);
    let before = state(&root.join("tests"));
    let answer = neurodyn(root, &["run", "--out", "elsewhere"]);
    let table = "elsewhere/results/small/layers.csv";
    assert!(answer.code == 1 && answer.err.contains(&format!("the new table is {table}\n")), "{}", answer.err);
    assert!(state(&root.join("tests")) == before);
    // which is the table that would be golden
    assert_eq!(neurodyn(root, &["accept", "--out", "elsewhere"]).code, 0);
    let [golden, table] = ["tests/golden/small.layers.csv", table].map(|name| std::fs::read(root.join(name)));
    assert_eq!(golden.expect("golden data"), table.expect("a table"));
}

#[test]
fn golden_data_go_only_where_that_is_asked_for() {
    let folder = accepted();
    let root = folder.path();
    let golden = || files_below(&root.join("tests/golden"));
    let before = golden();
    assert_eq!(before.len(), 2);
    let record = root.join("results/small/run.json");
    let text = std::fs::read_to_string(&record).expect("a record");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let with_tables = |tables: &[Value]| {
        let mut value = value.clone();
        value["tables"] = tables.into();
        std::fs::write(&record, value.to_string()).expect("written");
    };
    with_tables(&[]);
    for arguments in [&["accept"][..], &["accept", "small", "--remove"], &["draw"]] {
        let answer = neurodyn(root, arguments);
        assert!(answer.code == 2 && answer.err.contains("run.json: damaged; run it again"), "{}", answer.err);
    }
    with_tables(&[value["tables"][0].clone()]);
    let answer = neurodyn(root, &["accept"]);
    assert_eq!((answer.code, golden()), (2, before.clone()), "{}", answer.err);
    for part in ["tests/golden/small.fixed_points.csv", "small.layers.csv", "neurodyn accept small --remove"] {
        assert!(answer.err.contains(part), "{part}: {}", answer.err);
    }
    let answer = neurodyn(root, &["accept", "--remove"]);
    assert!(answer.code == 0 && answer.err.contains("; removed "), "{}", answer.err);
    assert_eq!(golden().len(), 1);
}

#[test]
fn the_first_time_is_no_error_and_says_what_to_do() {
    let folder = project();
    let root = folder.path();
    let said = "no golden data yet; look at the figure, then make its numbers golden with: neurodyn accept small";
    let answer = neurodyn(root, &["run", "--json"]);
    assert!(answer.code == 0 && answer.err.contains(&format!("small: {said}\n")), "{}", answer.err);
    let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((&verdicts[0]["outcome"], &verdicts[0]["problems"][0]), (&"incomplete".into(), &said.into()));
    let answer = neurodyn(root, &["run", "--quiet"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert_eq!(neurodyn(root, &["draw"]).code, 0);
    assert_eq!(neurodyn(root, &["shard", "run", "small", "--shard", "0/1", "--dir", "shards"]).code, 0);
    let answer = neurodyn(root, &["shard", "merge", "small", "--dir", "shards", "--out", "merged"]);
    assert!(answer.code == 0 && answer.err.contains(&format!("{said} --out merged\n")), "{}", answer.err);
    // one table of several is another matter
    assert_eq!(neurodyn(root, &["accept"]).code, 0);
    std::fs::remove_file(root.join("tests/golden/small.layers.csv")).expect("removed");
    let answer = neurodyn(root, &["run"]);
    assert!(answer.code == 1 && answer.err.contains("small.layers.csv is missing"), "{}", answer.err);
}

#[test]
fn a_disagreement_is_counted_and_does_not_become_golden_unsaid() {
    let folder = project();
    let root = folder.path();
    let narrow = SMALL.replace("width = 200", "width = 2").replace("replicas = 40", "replicas = 4000");
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{narrow}"));
    let answer = neurodyn(root, &["run", "--json"]);
    let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
    let agreement = &verdicts[0]["agreement"];
    let (failed, cells) = (agreement["failed"].as_u64().expect("some"), agreement["cells"].as_u64().expect("cells"));
    assert!(answer.code == 1 && 0 < failed && failed < cells, "{}", answer.err);
    let disagree = format!("theory and Monte Carlo disagree in {failed} of {cells} cells");
    let lines: Vec<&str> = answer.err.lines().filter(|line| line.contains(&disagree)).collect();
    let [invitation, end] = lines[..] else { panic!("{}", answer.err) };
    for part in ["no golden data yet; ", "a width too small for the depth", "all the same with: neurodyn accept small"]
    {
        assert!(invitation.contains(part), "{part}: {invitation}");
    }
    assert!(end.contains("max |z|") && !answer.err.contains("look at the figure"), "{}", answer.err);
    // it is for the user to say, who is told even where all else is quiet
    let answer = neurodyn(root, &["accept", "small", "--quiet"]);
    let said = format!("small: its {disagree}; golden all the same, and check will go on saying so\n");
    assert_eq!((answer.code, answer.err), (0, said));
    let answer = neurodyn(root, &["check"]);
    assert!(answer.code == 1 && answer.err.contains(&disagree), "{}", answer.err);
}

#[cfg(unix)]
#[test]
fn modes_of_all_that_is_written_follow_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    for (umask, expected) in [("002", 0o664), ("022", 0o644), ("077", 0o600)] {
        let folder = project();
        let root = folder.path();
        let before = files_below(root);
        for arguments in [
            "new other --from small",
            "run --format svg,pdf,png --dpi 72",
            "accept",
            "run --changed",
            "report",
            "data",
            "schema --out schemas",
            "shard run small --shard 0/1 --dir shards",
        ] {
            let script = format!("umask {umask}; exec {} {arguments} --quiet", env!("CARGO_BIN_EXE_neurodyn"));
            let done = Command::new("sh").current_dir(root).args(["-c", &script]).output().expect("it runs");
            assert!(done.status.success(), "{arguments}: {}", String::from_utf8_lossy(&done.stderr));
        }
        other_golden(root);
        let script = format!("umask {umask}; exec {} run small --quiet", env!("CARGO_BIN_EXE_neurodyn"));
        let done = Command::new("sh").current_dir(root).args(["-c", &script]).output().expect("it runs");
        assert_eq!(done.status.code(), Some(1));
        let written: Vec<String> = files_below(root).into_iter().filter(|name| !before.contains(name)).collect();
        for part in ["other.toml", "small.png", "run.json", "stamp.json", ".csv.new", "index.html", "shard-0-of-1.json"]
        {
            assert!(written.iter().any(|name| name.ends_with(part)), "{part} in {written:?}");
        }
        for name in written {
            let mode = std::fs::metadata(&name).expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode, expected, "{name} under umask {umask}: {mode:o}");
        }
    }
}

/// Commands over all experiments go on past what is said, and fail; those that name others do not fail. Every command has a quiet form, which
/// says that and nothing else.
fn is_named_and_stops_nothing(root: &Path, said: &str, quiet_too: bool) {
    let arguments = |command: &str| command.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let act = |command: &str| {
        let words = arguments(command);
        neurodyn(root, &words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    for command in ["run", "run --changed", "check", "draw", "report", "data", "accept", "list", "list --json"] {
        let answer = act(command);
        assert_eq!(answer.code, 1, "{command}: {}", answer.err);
        assert!(answer.err.contains(said), "{command}: {}", answer.err);
        if quiet_too {
            let quiet = act(&format!("{command} --quiet"));
            assert!(quiet.code == 1 && quiet.err.contains(said), "{command}: {}", quiet.err);
        }
    }
    // the others were worked on
    let answer = act("check --json");
    let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
    for id in ["small", "twin"] {
        let verdict = verdicts.as_array().expect("verdicts").iter().find(|verdict| verdict["id"] == id);
        assert_eq!(verdict.expect("a verdict")["outcome"], "fine", "{answer}", answer = answer.err);
        let page = std::fs::read_to_string(root.join("report/index.html")).expect("a page");
        assert!(page.contains(&format!("id=\"figure-{id}\"")), "{id}");
        assert!(root.join(format!("data/{id}.layers.csv")).is_file());
    }
    let names: Value = serde_json::from_str(&act("list --json").out).expect("JSON");
    assert!(names.as_array().is_some_and(|rows| rows.len() >= 2), "{names}");
    for command in [
        "run small",
        "check twin small",
        "draw small",
        "report twin",
        "data small",
        "accept small",
        "list twin",
        "cite small",
        "verify figures/small.svg figures/twin.svg",
        "run small --set parameters.depth=2",
        "shard plan small --shards 2",
    ] {
        let answer = act(command);
        assert_eq!(answer.code, 0, "{command}: {}", answer.err);
        assert!(!answer.err.contains("neurodyn: error"), "{command}: {}", answer.err);
        if quiet_too {
            let quiet = act(&format!("{command} --quiet"));
            assert_eq!((quiet.code, quiet.err.as_str()), (0, ""), "{command}");
        }
    }
}

#[test]
fn a_broken_file_stops_no_other() {
    for (text, said) in [
        ("family = \n".to_owned(), "experiments/broken.toml:1:10: "),
        (variant(99).replace("width = 200", "width = 0"), "experiments/broken.toml:13:"),
        (variant(99).replace("activity_convergence", "activity_mop"), "no experiment module is called"),
        (variant(99) + "[figures.broken.panels.a]\nx = 'a_b'\n", "experiments/broken.toml:16:5: "),
        (
            variant(99) + "[numbers]\n\"a{b\" = { table = \"layers\", column = \"layer\" }\n",
            "a name is made of letters",
        ),
    ] {
        let folder = two();
        let root = folder.path();
        write(root, "experiments/broken.toml", &text);
        // quiet commands do not ask what is broken
        is_named_and_stops_nothing(root, said, text.starts_with("family = \n"));
        for command in ["run", "check", "draw", "list", "accept", "report", "data"] {
            let before = state(root);
            let answer = neurodyn(root, &[command, "broken"]);
            assert!(
                answer.code == 2 && answer.err.contains(said) && state(root) == before,
                "{command}: {}",
                answer.err
            );
        }
        // its seed is not given to another, as far as it is known
        assert_eq!(neurodyn(root, &["new", "next", "--from", "small"]).code, 0);
        let seeds = json(root, &["list", "next", "--json"]);
        assert_eq!(seeds[0]["seed"], if text.contains("99") { 100 } else { 13 });
        let answer = neurodyn(root, &["new", "other", "--from", "broken"]);
        assert!(answer.code == 2 && answer.err.contains(said), "{}", answer.err);
    }
}

#[test]
fn a_shared_seed_stops_only_those_that_share_it() {
    let folder = two();
    let root = folder.path();
    for name in ["one", "more"] {
        write(root, &format!("experiments/{name}.toml"), &variant(77));
    }
    is_named_and_stops_nothing(root, "experiments/more.toml and experiments/one.toml have the same seed 77", true);
    for name in ["one", "more"] {
        let answer = neurodyn(root, &["run", name]);
        assert!(answer.code == 2 && answer.err.contains("the same seed 77"), "{}", answer.err);
    }
    assert!(!root.join("results/one").exists() && !root.join("figures/more.svg").exists());
}

#[test]
fn an_experiment_not_run_or_edited_or_without_golden_data_stops_no_other() {
    let folder = two();
    let root = folder.path();
    write(root, "experiments/later.toml", &variant(30));
    for (command, said) in [
        ("check", "no golden data for later"),
        ("draw", "results/later: no results here yet; compute them with: neurodyn run later"),
        ("report", "results/later: no results here yet"),
        ("data", "results/later: no results here yet"),
        ("accept", "results/later: no results here yet"),
    ] {
        let answer = neurodyn(root, &[command]);
        assert!(answer.code == 1 && answer.err.contains(said), "{command}: {}", answer.err);
        // it alone
        let answer = neurodyn(root, &[command, "later"]);
        assert!(answer.code == 2 && answer.err.contains(said), "{command}: {}", answer.err);
    }
    let check = neurodyn(root, &["check", "--json"]);
    let verdicts: Value = serde_json::from_str(&check.out).expect("JSON");
    let outcomes: Vec<&str> =
        verdicts.as_array().expect("verdicts").iter().filter_map(|verdict| verdict["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["refused", "fine", "fine"]);
    // run, so that it has results, and accepted
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    assert_eq!(neurodyn(root, &["accept"]).code, 0);
    assert_eq!((neurodyn(root, &["check"]).code, neurodyn(root, &["report"]).code), (0, 0));
    // edited since
    write(root, "experiments/later.toml", &variant(31));
    for command in ["draw", "report", "data", "accept"] {
        let answer = neurodyn(root, &[command]);
        let said = "results of another version of experiments/later.toml";
        assert!(answer.code == 1 && answer.err.contains(said), "{command}: {}", answer.err);
    }
    let page = std::fs::read_to_string(root.join("report/index.html")).expect("a page");
    assert!(page.contains("id=\"figure-small\"") && !page.contains("id=\"figure-later\""));
    // golden data that nobody can read
    assert_eq!(neurodyn(root, &["run", "later"]).code, 1);
    std::fs::write(root.join("tests/golden/later.layers.csv"), b"\xff").expect("written");
    for command in ["check", "run", "report"] {
        let answer = neurodyn(root, &[command]);
        assert!(answer.code == 1 && answer.err.contains("later.layers.csv"), "{command}: {}", answer.err);
    }
    assert_eq!(neurodyn(root, &["list"]).code, 0);
}

#[test]
fn an_experiment_that_fails_while_it_is_computed_stops_no_other() {
    let folder = two();
    let root = folder.path();
    let overflow =
        variant(30).replace("\"tanh\"", "\"linear\"").replace("[1.3, 2.5]", "[1e99]").replace("0.2, 1.0", "1.0");
    // the first of all
    write(root, "experiments/first.toml", &overflow);
    let answer = neurodyn(root, &["run", "--json"]);
    assert!(answer.code == 1 && answer.err.contains("layer 2"), "{}", answer.err);
    let verdicts: Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(verdicts.as_array().map(Vec::len), Some(3));
    assert_eq!((&verdicts[0]["outcome"], &verdicts[2]["outcome"]), (&"refused".into(), &"fine".into()));
    let answer = neurodyn(root, &["run", "first"]);
    assert!(answer.code == 2 && answer.err.contains("neurodyn: error: experiments/first.toml: "), "{}", answer.err);
}

#[test]
fn figures_are_drawn_elsewhere_from_the_results_of_the_project() {
    let folder = accepted();
    let root = folder.path();
    let figure = |name: &str| std::fs::read(root.join(name).join("figures/small.svg")).expect("drawn");
    let before = state(&root.join("results"));
    assert_eq!(neurodyn(root, &["draw", "--out", "elsewhere"]).code, 0);
    assert!(figure("elsewhere") == figure(".") && files_below(&root.join("elsewhere")).len() == 1);
    assert_eq!(neurodyn(root, &["report", "--out", "elsewhere"]).code, 0);
    assert!(state(&root.join("results")) == before);
    // results that are there come first, and those that are named before all
    let other = variant(12).replace("A small one", "Another one");
    write(root, "experiments/small.toml", &other);
    assert_eq!(neurodyn(root, &["run", "--out", "elsewhere", "--quiet"]).code, 1);
    assert_eq!(neurodyn(root, &["draw", "--out", "elsewhere"]).code, 0);
    let answer = neurodyn(root, &["draw", "--out", "third"]);
    assert!(answer.code == 2 && answer.err.contains("another version"), "{}", answer.err);
    assert!(!root.join("third").exists());
    for command in ["draw", "report", "data"] {
        let answer = neurodyn(root, &[command, "--out", "third", "--results", "elsewhere"]);
        assert_eq!(answer.code, 0, "{}", answer.err);
    }
    assert!(figure("third") == figure("elsewhere") && figure("third") != figure("."));
    assert!(root.join("third/report/index.html").is_file() && root.join("third/small.layers.csv").is_file());
    let answer = neurodyn(root, &["draw", "--out", "elsewhere", "--results", "nowhere"]);
    assert!(answer.code == 2 && answer.err.contains("nowhere/results/small: no results here yet"), "{}", answer.err);
}

#[test]
fn no_experiment_draws_over_the_figure_of_another() {
    let folder = two();
    let root = folder.path();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/metric_growth.toml");
    std::fs::copy(&shipped, root.join("experiments/metric_growth.toml")).expect("copied");
    let before = state(root);
    // a figure of metric_growth is called metric_spread
    let answer = neurodyn(root, &["new", "metric_spread", "--from", "small"]);
    let said = "experiments/metric_spread.toml: would draw figures/metric_spread.svg, which experiments/metric_growth.toml draws";
    assert!(answer.code == 2 && answer.err.contains(said), "{}", answer.err);
    assert!(state(root) == before);
    write(root, "experiments/metric_spread.toml", &variant(30));
    let said = "experiments/metric_growth.toml and experiments/metric_spread.toml both draw figures/metric_spread.svg";
    is_named_and_stops_nothing(root, said, true);
    for name in ["metric_growth", "metric_spread"] {
        let before = state(root);
        let answer = neurodyn(root, &["run", name]);
        assert!(answer.code == 2 && answer.err.contains(said) && state(root) == before, "{}", answer.err);
    }
    // a file from outside that would
    std::fs::rename(root.join("experiments/metric_spread.toml"), root.join("metric_spread.toml")).expect("moved");
    let answer = neurodyn(root, &["run", "metric_spread.toml"]);
    assert!(answer.code == 2 && answer.err.contains("both draw figures/metric_spread.svg"), "{}", answer.err);
    assert!(!root.join("figures/metric_spread.svg").exists());
}

#[test]
fn a_name_is_as_long_as_all_that_is_made_of_it_can_be() {
    let folder = accepted();
    let root = folder.path();
    let before = state(root);
    for length in [101, 243, 300] {
        let answer = neurodyn(root, &["new", &"x".repeat(length), "--from", "small"]);
        assert!(answer.code == 2 && answer.err.contains("at most 100"), "{}", answer.err);
        assert!(state(root) == before);
    }
    let name = "x".repeat(100);
    assert_eq!(neurodyn(root, &["new", &name, "--from", "small"]).code, 0);
    for arguments in [
        &["run", &name, "--format", "svg,pdf,png", "--dpi", "72"][..],
        &["accept", &name],
        &["check", &name],
        &["run", &name, "--changed"],
        &["run", &name, "--set", "parameters.depth=2"],
        &["data", &name],
        &["report"],
        &["cite", &name],
    ] {
        let answer = neurodyn(root, arguments);
        assert_eq!(answer.code, 0, "{arguments:?}: {}", answer.err);
    }
    let path = root.join(format!("experiments/{name}.toml"));
    std::fs::rename(&path, root.join(format!("experiments/{name}x.toml"))).expect("moved");
    let answer = neurodyn(root, &["list"]);
    assert!(answer.code == 1 && answer.err.contains("at most 100"), "{}", answer.err);
}
