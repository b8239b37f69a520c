//! Messages: the nearest name, the field and its line, what to do instead.

use super::{SMALL, accepted, neurodyn, project, write};
use std::path::Path;

/// The experiments as they are shipped.
fn shipped() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A shipped experiment with other values, run where nothing else is.
fn quick(id: &str, settings: &[&str]) -> super::Answer {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let mut arguments = vec!["run", id, "--out", &out];
    settings.iter().for_each(|setting| arguments.extend(["--set", setting]));
    neurodyn(shipped(), &arguments)
}

#[test]
fn a_misspelt_name_brings_the_nearest_one_and_not_all_of_them() {
    for (arguments, meant) in [
        (vec!["run", "activty_map"], "is activity_map meant?"),
        (vec!["schema", "distance_mpa"], "is distance_map meant?"),
        (vec!["cite", "activity_mop"], "is activity_map meant?"),
        (vec!["data", "activity_mop"], "is activity_map meant?"),
        (vec!["new", "mine", "--from", "activty_map"], "is activity_map meant?"),
        (vec!["shard", "plan", "activity_widht", "--shards", "2"], "is activity_width meant?"),
        (vec!["run", "activity_map", "--set", "experiment=activity_mop"], "is activity_map meant?"),
    ] {
        let answer = neurodyn(shipped(), &arguments);
        assert_eq!(answer.code, 2, "{arguments:?}: {}", answer.err);
        assert!(answer.err.contains(meant), "{arguments:?}: {}", answer.err);
        assert!(!answer.err.contains("singular_slow"), "{arguments:?}: {}", answer.err);
    }
    for (arguments, meant) in [
        (vec!["theory", "--activation", "tahn", "--sigma-w", "1", "--sigma-b", "0"], "is tanh meant?"),
        (vec!["run", "activity_map", "--set", "params.activation=rleu"], "is relu meant?"),
        (vec!["run", "activity_map", "--set", "params.sigma_v=1"], "is `sigma_w` meant?"),
        (vec!["run", "activity_map", "--set", "sede=1"], "is `seed` meant?"),
        (vec!["run", "activity_map", "--set", "prams.sigma_w=1"], "is parameters meant?"),
        (vec!["chekc"], "'check'"),
        (vec!["rnu"], "'run'"),
        (vec!["shard", "lsit"], "'script'"),
        (vec!["shard", "mereg"], "'merge'"),
        (vec!["verify", "figures/activity_mpa.svg"], "is figures/activity_map.svg meant?"),
        (vec!["verify", "activity_map"], "is figures/activity_map.svg meant?"),
        (vec!["cite", "figures/activity_mpa.svg"], "is figures/activity_map.svg meant?"),
        (vec!["run", "experiments/activity_mpa.toml"], "is experiments/activity_map.toml meant?"),
        (vec!["new", "mine", "--from", "figures/activity_mpa.svg"], "is figures/activity_map.svg meant?"),
        (vec!["new", "mine", "--from", "experiments/activity_mpa.toml"], "is experiments/activity_map.toml meant?"),
        (vec!["schema", "experiments/activity_mpa.toml"], "is activity_map meant?"),
    ] {
        let answer = neurodyn(shipped(), &arguments);
        assert!(answer.code == 2 && answer.err.contains(meant), "{arguments:?}: {}", answer.err);
    }
    for (setting, part) in [
        ("params.sigma_w", "it must be PATH=VALUE, such as parameters.sigma_w=1.5"),
        ("params.sigma_w=", "there is no value after ="),
        ("params.sigma_w=abc", "parameters.sigma_w: invalid type: string \"abc\", expected a list"),
    ] {
        let answer = neurodyn(shipped(), &["run", "activity_map", "--set", setting]);
        assert!(answer.code == 2 && answer.err.contains(part), "{setting}: {}", answer.err);
    }
    let answer = neurodyn(shipped(), &["run", "nothing_of_the_kind_at_all"]);
    assert!(answer.code == 2 && answer.err.contains("singular_slow"), "all, where none is near: {}", answer.err);
}

#[test]
fn names_of_tables_columns_and_figures_in_files_have_nearest_ones_too() {
    let folder = accepted();
    let root = folder.path();
    let text = format!("experiment = \"activity_convergence\"\n{SMALL}");
    for (section, meant) in [
        (
            "[numbers]\nx = { table = \"fixed_point\", column = \"activity_star\", at = { sigma_w = 2.5 } }",
            "is fixed_points meant?",
        ),
        (
            "[numbers]\nx = { table = \"fixed_points\", column = \"activty_star\", at = { sigma_w = 2.5 } }",
            "is activity_star meant?",
        ),
        ("[figures.smal]\ntitle = \"x\"", "is small meant?"),
    ] {
        write(root, "experiments/small.toml", &format!("{text}\n{section}\n"));
        let answer = neurodyn(root, &["run"]);
        assert!(answer.code == 2 && answer.err.contains(meant), "{section}: {}", answer.err);
    }
}

#[test]
fn a_figure_is_no_experiment_file() {
    let folder = accepted();
    for name in ["figures/small.svg", "small.svg"] {
        let answer = neurodyn(folder.path(), &["run", name]);
        assert_eq!(answer.code, 2);
        for part in [name, "this is a figure", "neurodyn verify", "neurodyn new NAME --from"] {
            assert!(answer.err.contains(part), "{part} missing in {}", answer.err);
        }
    }
}

#[test]
fn a_copied_file_is_told_which_module_it_is_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(shipped().join("experiments/distance_pairs.toml")).expect("text");
    write(folder.path(), "experiments/my_pairs.toml", &text);
    let answer = neurodyn(folder.path(), &["run", "my_pairs"]);
    assert!(answer.code == 2 && answer.err.contains("experiment = \"distance_pairs\""), "{}", answer.err);
    assert!(!answer.err.contains("singular_slow"), "{}", answer.err);
    let named = format!("experiment = \"distance_pairs\"\n{text}");
    write(folder.path(), "experiments/my_pairs.toml", &named);
    assert_eq!(neurodyn(folder.path(), &["list", "my_pairs"]).code, 0);
}

#[test]
fn the_example_of_the_help_works() {
    let help = neurodyn(shipped(), &["run", "--help"]);
    assert!(help.out.contains("parameters.sigma_w=1.5"), "{}", help.out);
    let answer = quick("activity_map", &["parameters.sigma_w=1.5", "parameters.width=100", "parameters.replicas=30"]);
    assert!(answer.code < 2, "{}", answer.err);
    let help = neurodyn(shipped(), &["theory", "--help"]);
    assert!(help.out.contains("tanh") && help.out.contains("softplus"), "{}", help.out);
    let help = neurodyn(shipped(), &["new", "--help"]);
    assert!(help.out.contains("PNG"), "{}", help.out);
}

#[test]
fn a_scalar_in_the_place_of_a_list_is_a_list_of_one() {
    let folder = project();
    let root = folder.path();
    let answer =
        neurodyn(root, &["run", "small", "--set", "params.sigma_w=1.5", "--set", "params.initial_activities=1"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let svg = std::fs::read_to_string(root.join("quick/small/figures/small.svg")).expect("drawn");
    assert!(
        svg.contains("<rdf:li>parameters.sigma_w=[1.5]</rdf:li><rdf:li>parameters.initial_activities=[1]</rdf:li>")
    );
}

#[test]
fn the_reason_of_a_missing_file_is_said_once() {
    let folder = project();
    let answer = neurodyn(folder.path(), &["verify", "nofile.svg"]);
    assert_ne!(answer.code, 0);
    let said = format!("{}{}", answer.out, answer.err);
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
}

#[test]
fn a_figure_that_was_formatted_again_is_called_that() {
    let folder = accepted();
    let root = folder.path();
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    let start = svg.find("</metadata>").expect("metadata");
    let indented = format!("{}{}", &svg[..start], svg[start..].replace("\n<path", "\n    <path"));
    assert_ne!(svg, indented);
    std::fs::write(root.join("again.svg"), indented).expect("written");
    let answer = neurodyn(root, &["verify", "again.svg"]);
    let said = format!("{}{}", answer.out, answer.err);
    assert!(answer.code == 1 && said.contains("only white space differs"), "{said}");
    assert!(!said.contains("\"\""), "{said}");
}

#[test]
fn line_ends_of_a_new_file_are_of_one_kind() {
    let folder = project();
    let root = folder.path();
    let windows = format!("experiment = \"activity_convergence\"\n{SMALL}").replace('\n', "\r\n");
    write(root, "experiments/small.toml", &windows);
    assert_eq!(neurodyn(root, &["new", "other", "--from", "small"]).code, 0);
    let text = std::fs::read_to_string(root.join("experiments/other.toml")).expect("written");
    assert!(!text.contains('\r'), "{text:?}");
    assert_eq!(neurodyn(root, &["list", "other"]).code, 0);
    let mixed = format!("experiment = \"activity_convergence\"\n{SMALL}").replacen('\n', "\r\n", 2);
    write(root, "experiments/small.toml", &mixed);
    assert_eq!(neurodyn(root, &["new", "third", "--from", "small"]).code, 0);
    let text = std::fs::read_to_string(root.join("experiments/third.toml")).expect("written");
    assert!(!text.contains('\r'), "{text:?}");
}

#[test]
fn the_exact_law_is_a_sampler_by_that_name() {
    let folder = project();
    let sample = |sampler| {
        let mut arguments =
            vec!["sample", "--activation", "tanh", "--sigma-w", "1.5", "--sigma-b", "0.1", "--width", "50"];
        arguments.extend(["--depth", "2", "--activity", "1", "--correlation", "0.5", "--replicas", "3", "--seed", "1"]);
        arguments.extend(["--csv", "--sampler", sampler]);
        neurodyn(folder.path(), &arguments)
    };
    let (exact, macroscopic) = (sample("exact"), sample("macroscopic"));
    assert_eq!((exact.code, exact.out), (0, macroscopic.out));
    assert!(sample("explict").err.contains("exact (or macroscopic), explicit"));
}

#[test]
fn impossible_inputs_are_refused_at_their_field() {
    let gelu = ["params.activation=gelu", "params.sigma_b=0.5", "params.sigma_w=[1.0]"];
    for (id, settings, line, parts) in [
        (
            "distance_map",
            &gelu[..],
            "sampled_correlations",
            &["parameters.sampled_correlations: 0 is not", "gelu, sigma_w = 1", "to 1"][..],
        ),
        (
            "distance_dynamics",
            &gelu,
            "initial_correlations",
            &["parameters.large.initial_correlations: 0.2 is not", "to 1"],
        ),
        (
            "distance_dynamics",
            &["params.small.initial_distances=[7]"],
            "initial_distances",
            &[
                "parameters.small.initial_distances: 7 is beyond the largest distance",
                "tanh, sigma_w = 1.3, sigma_b = 0.3",
            ],
        ),
        ("phase_boundary", &["params.relative_distance=5"], "relative_distance", &["relative_distance", "at most 4"]),
        (
            "distance_critical",
            &["params.relative_distance=3"],
            "relative_distance",
            &["relative_distance", "at most 2"],
        ),
    ] {
        let answer = quick(id, settings);
        assert_eq!(answer.code, 2, "{id}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{id}: {part} missing in {}", answer.err);
        }
        assert!(answer.err.contains(line) && !answer.err.contains("Gram"), "{id}: {}", answer.err);
    }
    // the range that it names is the right one
    let mut settings = gelu.to_vec();
    settings.extend(["params.width=100", "params.replicas=30"]);
    let answer = quick("distance_map", &settings);
    let least =
        answer.err.split("must be from ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a range").to_owned();
    let below = format!("params.sampled_correlations=[{}]", least.parse::<f64>().expect("a number") - 0.002);
    let at = format!("params.sampled_correlations=[{least}]");
    settings.push(&below);
    assert_eq!(quick("distance_map", &settings).code, 2);
    settings.pop();
    settings.push(&at);
    let answer = quick("distance_map", &settings);
    assert!(answer.code < 2, "{}", answer.err);
}

#[test]
fn what_is_missing_or_of_the_wrong_kind_in_a_file_is_said_in_its_words() {
    let text = format!("experiment = \"activity_convergence\"\n{SMALL}");
    for (from, to, parts) in [
        ("seed = 11", "seed = ", &["small.toml:4:", "seed has no value"][..]),
        ("seed = 11", "seed = # to be drawn", &["small.toml:4:", "seed has no value"]),
        (
            "experiment = \"activity_convergence\"\n",
            "",
            &["no experiment module is called \"small\"", "experiment = \"activity_map\"", "neurodyn new"],
        ),
        (
            "replicas = 40\n",
            "replicas = 40\n\n[figures.small]\nwidth = 13.97\n",
            &[
                "small.toml:17:",
                "figures.small.width: 13.97",
                "\"single\" (86 mm)",
                "\"double\" (178 mm)",
                "40 to 400 mm",
            ],
        ),
    ] {
        let folder = project();
        assert!(text.contains(from));
        write(folder.path(), "experiments/small.toml", &text.replacen(from, to, 1));
        let answer = neurodyn(folder.path(), &["run"]);
        assert_eq!(answer.code, 2, "{to}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{to}: {part} missing in {}", answer.err);
        }
    }
    let answer = quick("sampler_law", &["params.cases[0].replicas={ target_stderr = 0.1, at_most = 2048 }"]);
    assert!(answer.code == 2 && answer.err.contains("can be cut into shards"), "{}", answer.err);
}

#[test]
fn long_work_says_what_it_will_take_before_it_begins() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let folder = project();
    // 2 sigma_w, 2 activities, 3 layers of 1e9 neurons, 40 times: hours
    let mut child = Command::new(env!("CARGO_BIN_EXE_neurodyn"))
        .current_dir(folder.path())
        .args(["run", "small", "--set", "params.width=1000000000", "--jobs", "1"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(child.stderr.take().expect("its messages")).lines();
    let mut line = || lines.next().expect("a line").expect("text");
    assert_eq!(line(), "small: running");
    let estimate = line();
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(
        estimate.starts_with("small: ") && estimate.contains("about ") && estimate.ends_with("of work on 1 thread"),
        "{estimate}"
    );
}
