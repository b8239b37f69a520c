//! What goes into a paper besides figures: numbers and citations.

use super::{Answer, SMALL, accepted, json, neurodyn, write};
use std::path::Path;

const NUMBERS: &str = r#"
[numbers]
"small.star" = { table = "fixed_points", column = "activity_star", at = { sigma_w = 2.5 }, digits = 4 }
"small.mean" = { table = "layers", column = "activity_mc", error = "activity_stderr", at = { sigma_w = 2.5, initial_activity = 1.0, layer = 3 } }
"#;

#[test]
fn numbers_are_macros_that_check_holds_to_the_golden_data() {
    let folder = accepted();
    let root = folder.path();
    let path = root.join("figures/numbers.tex");
    assert!(!path.exists(), "no experiment names numbers");
    let file = format!("experiment = \"activity_convergence\"\n{SMALL}{NUMBERS}");
    write(root, "experiments/small.toml", &file);
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    let text = std::fs::read_to_string(&path).expect("numbers");
    assert!(text.contains("nd@small.star\\endcsname{0.6383}\n"), "{text}");
    let mean = text.lines().find(|line| line.contains("nd@small.mean\\")).expect("a mean");
    let (value, error) =
        mean.rsplit_once('{').expect("a value").1.trim_end_matches('}').split_once('(').expect("an error");
    let golden = std::fs::read_to_string(root.join("tests/golden/small.layers.csv")).expect("golden data");
    let row = golden.lines().find(|line| line.starts_with("2.5,1.0,3,")).expect("the row");
    let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().expect("a number")).collect();
    // of the last digit, after "0."
    let unit: f64 = format!("1e-{}", value.len() - 2).parse().expect("a number");
    let value: f64 = value.parse().expect("a number");
    let error = error.trim_end_matches(')').parse::<f64>().expect("digits") * unit;
    assert!((value - cells[5]).abs() <= 0.51 * unit && (error / cells[6] - 1.0).abs() < 0.05, "{mean} {row}");
    assert_eq!(neurodyn(root, &["check"]).code, 0);
    // Typst and programs are told the same
    let read = |name: &str| std::fs::read_to_string(root.join("figures").join(name)).expect("numbers");
    let all: serde_json::Value = serde_json::from_str(&read("numbers.json")).expect("JSON");
    assert_eq!(
        all["small.star"],
        serde_json::json!({ "value": "0.6383", "experiment": "small", "table": "fixed_points",
        "column": "activity_star", "at": { "sigma_w": 2.5 } })
    );
    let typst = read("numbers.typ");
    assert!(typst.contains("  \"small.star\": (both: $0.6383$, value: \"0.6383\"),\n"), "{typst}");
    let mean = &all["small.mean"];
    assert!(text.contains(&format!("nd@small.mean@error\\endcsname{{{}}}", mean["error"].as_str().expect("an error"))));
    assert!(typst.contains(&format!("value: {}, error: {}),", mean["value"], mean["error"])), "{typst}");
    // a number changed by hand is found, and written again
    for (name, text) in ["numbers.tex", "numbers.typ", "numbers.json"].map(|name| (name, read(name))) {
        std::fs::write(root.join("figures").join(name), text.replace("0.6383", "0.6384")).expect("written");
        let (answer, said) = (neurodyn(root, &["check"]), format!("{name} is not what the golden data say"));
        assert!(answer.code == 1 && answer.err.contains(&said), "{}", answer.err);
        assert_eq!(neurodyn(root, &["run", "--changed"]).code, 0);
        assert_eq!(read(name), text);
    }
}

#[test]
fn numbers_that_do_not_exist_are_refused_where_they_stand() {
    let folder = accepted();
    let root = folder.path();
    for (from, to, message) in [
        ("fixed_points", "fixed", "there is no table \"fixed\""),
        ("activity_star\"", "star\"", "table fixed_points has no column \"star\"; there are: sigma_w, activity_star"),
        ("sigma_w = 2.5 }, digits", "sigma_w = 2.0 }, digits", "0 rows of table fixed_points are meant"),
        (", layer = 3", "", "4 rows of table layers are meant, but it must be one"),
        ("\"small.star\"", "\"small{star\"", "a name is made of letters"),
        ("digits = 4", "digits = 40", "40 digits are not allowed; it must be 1 to 17"),
        ("column = \"activity_star\"", "columns = \"activity_star\"", "unknown field `columns`"),
    ] {
        let numbers = NUMBERS.replacen(from, to, 1);
        write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}{numbers}"));
        let answer = neurodyn(root, &["run", "--quiet"]);
        assert!(answer.code == 2 && answer.err.contains(message), "{message}: {}", answer.err);
        assert!(
            answer.err.contains("experiments/small.toml:1") && !root.join("figures/numbers.tex").exists(),
            "{}",
            answer.err
        );
    }
}

#[test]
fn a_citation_names_seed_and_digest() {
    let folder = accepted();
    let root = folder.path();
    let citation = json(root, &["cite", "figures/small.svg", "--json"]);
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    let digest = citation["digest"].as_str().expect("a digest");
    assert!(svg.contains(&format!("<nd:digest>{digest}</nd:digest>")));
    assert_eq!((citation["seed"].as_u64(), citation["values"].as_u64()), (Some(11), Some(1)));
    let answer = neurodyn(root, &["cite", "small"]);
    for part in ["experiment small, seed 11, values 1", "@misc{neurodyn:small,", "cff-version: 1.2.0", digest] {
        assert!(answer.out.contains(part), "{part}: {}", answer.out);
    }
    let caption = neurodyn(root, &["cite", "small", "--caption"]).out;
    let beginning = format!("seed 11, values 1, SHA-256 \\texttt{{{}}}\\ldots\n", &digest[..12]);
    assert!(caption.ends_with(&beginning) && caption.lines().count() == 1, "{caption}");
    // what it shows, what it is of, and what it was computed by
    assert!(caption.starts_with("Activity against layer from several inputs, "), "{caption}");
    assert!(caption.contains(" Parameters: $\\phi(u) = \\tanh u$, $\\sigma_{b} = 0.3$; $n = "), "{caption}");
    assert!(
        caption
            .contains(" networks at each point. $z$ is the difference of a mean from theory over its standard error. "),
        "{caption}"
    );
    let provenance = neurodyn(root, &["cite", "small", "--provenance"]).out;
    assert!(caption.ends_with(&provenance) && provenance.starts_with("Computed by neurodyn "), "{provenance}");
    let bibtex = neurodyn(root, &["cite", "small", "--bibtex"]).out;
    assert!(bibtex.starts_with("@misc{neurodyn:small,") && bibtex.ends_with("}\n"), "{bibtex}");
    assert!(bibtex.replace("\\allowbreak{}", "").contains(digest), "{bibtex}");
    assert_eq!(neurodyn(root, &["cite", "small", "--bibtex", "--json"]).code, 2);
    let answer = neurodyn(root, &["cite", "other"]);
    assert!(
        answer.code == 2 && answer.err.contains("no figure is called \"other\"; there are: small"),
        "{}",
        answer.err
    );
}

const WAYS: [&[&str]; 5] = [&[], &["--json"], &["--caption"], &["--provenance"], &["--bibtex"]];

/// What every way of citing this gives.
fn cited(root: &Path, figure: &str) -> Vec<Answer> {
    WAYS.iter().map(|way| neurodyn(root, &[&["cite", figure], *way].concat())).collect()
}

fn refused(root: &Path, figure: &str, parts: &[&str]) {
    for answer in cited(root, figure) {
        assert!(answer.code == 2 && answer.out.is_empty(), "{figure}: {}{}", answer.out, answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{figure}: {part} missing in {}", answer.err);
        }
    }
}

/// Without what breaks a digest over lines.
fn whole(text: &str) -> String {
    text.replace("\\allowbreak{}", "")
}

fn digest_of(root: &Path, file: &str) -> String {
    let svg = std::fs::read_to_string(root.join(file)).expect("a figure");
    svg.split_once("<nd:digest>").and_then(|(_, rest)| rest.split('<').next()).expect("a digest").to_owned()
}

fn small(seed: u64, sigma_b: &str) -> String {
    let text =
        SMALL.replace("seed = 11", &format!("seed = {seed}")).replace("sigma_b = 0.3", &format!("sigma_b = {sigma_b}"));
    format!("experiment = \"activity_convergence\"\n{text}")
}

#[test]
fn a_name_is_cited_only_while_figure_file_and_golden_data_belong_together() {
    let folder = accepted();
    let root = folder.path();
    let old = digest_of(root, "figures/small.svg");
    write(root, "experiments/small.toml", &small(12, "0.4"));
    let parts =
        ["seed is 11, there 12", "parameters.sigma_b is 0.3, there 0.4", "neurodyn run small, neurodyn accept small"];
    refused(root, "small", &parts);
    // computed, but not golden
    assert_eq!(neurodyn(root, &["run", "--quiet"]).code, 1);
    refused(root, "small", &["was drawn from other numbers than the golden data", "neurodyn accept small"]);
    assert_eq!(neurodyn(root, &["accept", "small"]).code, 0);
    let new = digest_of(root, "figures/small.svg");
    assert_ne!(old, new);
    for answer in cited(root, "small") {
        let text = whole(&answer.out);
        assert!(
            answer.code == 0 && text.contains(&new[..12]) && text.contains("12") && !text.contains(&old[..12]),
            "{text}"
        );
    }
    // golden data changed by hand
    let golden = root.join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&golden).expect("golden data");
    std::fs::write(&golden, text.replacen("2.5,1.0,3,", "2.5,1.0,4,", 1)).expect("written");
    refused(root, "small", &["other numbers than the golden data"]);
    std::fs::write(&golden, text).expect("written");
    assert_eq!(neurodyn(root, &["cite", "small"]).code, 0);
    // nothing ties golden data to the file
    std::fs::remove_file(root.join("figures/small.svg")).expect("removed");
    refused(root, "small", &["small.svg is not there", "neurodyn run small"]);
    // any format does
    assert_eq!(neurodyn(root, &["draw", "small", "--format", "pdf"]).code, 0);
    assert_eq!(neurodyn(root, &["cite", "small"]).code, 0);
    std::fs::write(root.join("figures/small.svg"), "<svg").expect("written");
    refused(root, "small", &["small.svg: "]);
}

#[test]
fn a_figure_with_other_labels_need_only_be_drawn_again() {
    let folder = accepted();
    let root = folder.path();
    let labels = "[figures.small.panels.a]\nx = \"layer $l$\"\n";
    write(root, "experiments/small.toml", &format!("{}{labels}", small(11, "0.3")));
    assert_eq!(neurodyn(root, &["draw", "small", "--format", "pdf"]).code, 0);
    let answer = neurodyn(root, &["cite", "small"]);
    let said = "small.svg was drawn from another experiments/small.toml: figures.small.panels.a.x is absent, there \"layer $l$\"; \
                draw it as it is now: neurodyn draw small\n";
    assert!(answer.code == 2 && answer.err.ends_with(said), "{}", answer.err);
    assert_eq!(neurodyn(root, &["draw", "small"]).code, 0);
    assert_eq!(neurodyn(root, &["cite", "small"]).code, 0);
}

#[test]
fn a_file_is_cited_as_it_is_and_what_differs_is_said() {
    let folder = accepted();
    let root = folder.path();
    let other = super::project();
    write(other.path(), "experiments/small.toml", &small(12, "0.4"));
    assert_eq!(
        neurodyn(other.path(), &["run", "--quiet", "--format", "svg,pdf,png", "--dpi", "72"]).code,
        0,
        "nothing to compare with"
    );
    std::fs::create_dir(root.join("old")).expect("created");
    let digest = digest_of(other.path(), "figures/small.svg");
    let golden = digest_of(root, "figures/small.svg");
    for end in ["svg", "pdf", "png"] {
        let name = format!("old/small.{end}");
        std::fs::copy(other.path().join(format!("figures/small.{end}")), root.join(&name)).expect("copied");
        for answer in cited(root, &name) {
            let text = whole(&answer.out);
            assert!(answer.code == 0 && text.contains(&digest[..12]) && text.contains("12"), "{name}: {text}");
            assert!(!text.contains(&golden[..12]), "{name}: {text}");
            let said = format!("{name}: its numbers are not the golden data, which have SHA-256 {golden}");
            assert!(answer.err.contains(&said), "{}", answer.err);
            assert!(
                answer.err.contains("its experiment is not experiments/small.toml as it is now: parameters.sigma_b is 0.4, there 0.3; seed is 12, there 11")
            );
        }
    }
    // the committed figure, and nothing to say
    for answer in cited(root, "figures/small.svg") {
        assert!(
            answer.code == 0 && whole(&answer.out).contains(&golden[..12]) && answer.err.is_empty(),
            "{}",
            answer.err
        );
    }
    // far from any project
    let nowhere = tempfile::tempdir().expect("a folder");
    std::fs::copy(root.join("old/small.png"), nowhere.path().join("small.png")).expect("copied");
    let answer = neurodyn(nowhere.path(), &["cite", "small.png"]);
    assert!(answer.code == 0 && answer.out.contains(&digest) && answer.err.is_empty(), "{}", answer.err);
    // edited, nothing run: what the file says
    write(root, "experiments/small.toml", &small(13, "0.3"));
    let answer = neurodyn(root, &["cite", "figures/small.svg"]);
    assert!(answer.code == 0 && answer.out.contains("seed 11") && !answer.out.contains("seed 13"), "{}", answer.out);
    assert!(answer.err.contains("seed is 11, there 13"), "{}", answer.err);
}

#[test]
fn what_is_no_whole_figure_of_its_name_is_not_cited() {
    let folder = accepted();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["draw", "--format", "svg,pdf,png", "--dpi", "72"]).code, 0);
    let read = |end: &str| std::fs::read(root.join(format!("figures/small.{end}"))).expect("drawn");
    let svg = String::from_utf8(read("svg")).expect("text");
    std::fs::create_dir(root.join("bad")).expect("created");
    let bad = |name: &str, bytes: &[u8], said: &str| {
        std::fs::write(root.join("bad").join(name), bytes).expect("written");
        refused(root, &format!("bad/{name}"), &[said]);
    };
    bad("small.svg", b"garbage", "is no SVG, PDF or PNG file");
    bad("small.svg", &svg.as_bytes()[..svg.len() - 20], "is damaged");
    bad("small.png", &read("png")[..read("png").len() - 30], "its end is missing");
    bad("small.pdf", &read("pdf")[..read("pdf").len() - 30], "its end is missing");
    bad("other.svg", svg.as_bytes(), "it holds the figure small; call the file small.svg");
    for (from, to, said) in [
        ("<nd:seed>11<", "<nd:seed>12<", "it states seed 12, but its experiment has seed 11"),
        ("seed = 11", "seed = 12", "it states seed 11, but its experiment has seed 12"),
        ("<nd:digest>", "<nd:digest>0", "as a digest"),
        ("<dc:identifier>small<", "<dc:identifier>large<", "draws no figure \"large\""),
        ("x-default\">Convergence", "x-default\">Divergence", "its title is"),
        ("<rdf:li>neurodyn", "<rdf:li>somebody", "no version of neurodyn"),
        ("activity_convergence", "activity_mop", "no experiment module"),
    ] {
        assert!(svg.contains(from), "{from}");
        bad("small.svg", svg.replacen(from, to, 1).as_bytes(), said);
    }
    refused(root, "bad/absent.svg", &["bad/absent.svg: cannot be read"]);
}

#[test]
fn numbers_for_latex_define_what_is_free_and_expand_to_digits() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("figures/numbers.tex")).expect("numbers");
    // a name that is taken, or a second reading, is no error
    assert!(!text.contains("\\newcommand") && text.contains("\\ifdefined"));
    // what programs in TeX read is no protected macro
    assert!(text.contains("\\neurodyn@name\\ndraw\\neurodyn@value") && text.contains("\n\\gdef\\neurodyn@value#1"));
    // what is set for the file ends with it
    assert_eq!((text.matches("\\begingroup").count(), text.ends_with("\\endgroup\n")), (1, true));
    let alone = |line: &&str| line.contains("@value\\endcsname{") || line.contains("@error\\endcsname{");
    let mut powers = 0;
    for line in text.lines().filter(alone) {
        let digits = line.rsplit_once('{').expect("a value").1.trim_end_matches('}');
        assert!(digits.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
        powers += usize::from(digits.contains('e'));
    }
    assert!(powers > 0, "powers of ten are among them");
}

/// What stands in braces after each of these commands.
fn arguments<'a>(text: &'a str, command: &str) -> Vec<&'a str> {
    text.split(command).skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn the_sample_paper_names_numbers_and_figures_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).expect("a file");
    let (paper, numbers) = (read("examples/paper/body.tex"), read("figures/numbers.tex"));
    let used = arguments(&paper, "\\nd{");
    assert!(used.len() > 50);
    for name in &used {
        assert!(numbers.contains(&format!("nd@{name}\\endcsname")), "{name}");
    }
    let figures = arguments(&paper, "\\drawing{");
    assert_eq!(figures, arguments(&paper, "\\computed{"));
    let makefile = read("Makefile");
    let drawn = makefile.lines().find_map(|line| line.strip_prefix("PAPER_FIGURES = ")).expect("a list");
    assert_eq!(figures.join(" "), drawn);
    for figure in figures {
        assert!(root.join(format!("figures/{figure}.svg")).exists(), "{figure}");
    }
}
