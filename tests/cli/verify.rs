//! Figures that prove themselves, and figures that were changed.

use super::{accepted, files_below, neurodyn};
use neurodyn::export::export;
use neurodyn::provenance::{Media, Provenance};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

/// The small experiment drawn in all formats.
fn drawn() -> TempDir {
    let folder = accepted();
    let answer = neurodyn(folder.path(), &["draw", "--format", "svg,pdf,png", "--dpi", "100"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    folder
}

fn verify(root: &Path, files: &[&str]) -> (i32, Vec<Value>, String) {
    let answer = neurodyn(root, &[&["verify", "--json"], files].concat());
    let found = serde_json::from_str::<Vec<Value>>(&answer.out).unwrap_or_default();
    (answer.code, found, answer.err)
}

#[test]
fn figures_of_all_formats_verify_from_themselves_alone() {
    let folder = drawn();
    let elsewhere = tempfile::tempdir().expect("a folder");
    for extension in ["svg", "pdf", "png"] {
        // under another name, far from any project
        let from = folder.path().join(format!("figures/small.{extension}"));
        std::fs::copy(from, elsewhere.path().join(format!("figure.{extension}"))).expect("copied");
    }
    let before = files_below(elsewhere.path());
    let answer = neurodyn(elsewhere.path(), &["verify", "figure.svg", "figure.pdf", "figure.png"]);
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    assert_eq!(
        answer.out.matches("verified: numbers identical, drawing identical (experiment small, seed 11").count(),
        3
    );
    // once for all three
    assert_eq!(answer.err.matches("small: computed again").count(), 1, "{}", answer.err);
    assert!(answer.err.contains("3 of 3 figures verified"));
    assert_eq!(files_below(elsewhere.path()), before, "nothing is written");
}

/// A change of a figure and a word that the report must hold.
type Change = (&'static str, &'static str, &'static str);

/// What is replaced in the SVG, by what, and what must be said.
const CHANGES: &[Change] = &[
    ("<nd:seed>11<", "<nd:seed>12<", "it states seed 12, but its experiment has seed 11"),
    ("seed = 11", "seed = 12", "it states seed 11, but its experiment has seed 12"),
    ("<nd:values>1<", "<nd:values>2<", "it states values 2"),
    ("<nd:family>activity<", "<nd:family>distance<", "it states family distance"),
    ("sigma_w = [1.3, 2.5]", "sigma_w = [1.3, 2.6]", "numbers: small."),
    ("sigma_b = 0.3\n", "sigma_b = 0.3000001\n", "numbers: small."),
    ("replicas = 40", "replicas = 41", "numbers: small."),
    ("<nd:digest>", "<nd:digest>0", "numbers: all tables together"),
    ("<rdf:li>small.layers.csv ", "<rdf:li>small.layers.csv 0", "numbers: small.layers.csv has SHA-256"),
    ("<rdf:li>small.layers.csv ", "<rdf:li>small.levels.csv ", "small.levels.csv is not computed"),
    ("<dc:identifier>small<", "<dc:identifier>large<", "draws no figure \"large\"; it draws small"),
    ("x-default\">Convergence", "x-default\">Divergence", "its title is \"Divergence"),
    ("-title\">Convergence", "-title\">Divergence", "\"Divergence\" where \"Convergence\" is meant"),
    ("<dc:source>", "<dc:source>another ", "drawing: line"),
    ("stroke-width=\".9\"", "stroke-width=\".8\"", "\".8\" where \".9\" is meant"),
    ("#1a1a1a", "#1a1a1b", "\"#1a1a1b\" where \"#1a1a1a\" is meant"),
    ("<defs>", "<defs><script>alert(1)</script>", "drawing: line"),
    ("</metadata>", "</metadata><!-- -->", "drawing: line"),
    (" viewBox=\"0 0", " viewBox=\"1 0", "drawing: line 2"),
    ("\n</svg>", "\n<path d=\"M0 0h1\"/></svg>", "drawing: line"),
    ("</svg>\n", "</svg>", "line ends differ"),
];

/// The first coordinate of a path of the second panel, a hundredth of a point to the right.
fn coordinate_moved(svg: &str) -> String {
    let panel = svg.find("panel (b)").expect("two panels");
    let start = panel + svg[panel..].find("d=\"M").expect("a path") + 4;
    let end = start + svg[start..].find(' ').expect("a number");
    let moved: f64 = svg[start..end].parse::<f64>().expect("a number") + 0.01;
    format!("{}{moved:.2}{}", &svg[..start], &svg[end..])
}

#[test]
fn whatever_is_altered_in_an_svg_is_caught() {
    let folder = drawn();
    let root = folder.path();
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    let mut altered: Vec<(String, &str)> = Vec::new();
    for (from, to, said) in CHANGES {
        let text = svg.replacen(from, to, 1);
        assert_ne!(text, svg, "{from} is not in the figure");
        altered.push((text, said));
    }
    altered.push((coordinate_moved(&svg), "(panel (b)"));
    let line = svg.lines().rfind(|line| line.starts_with("<path")).expect("a path");
    altered.push((svg.replacen(&format!("{line}\n"), "", 1), "lines differ in all"));
    let names: Vec<String> = (0..altered.len()).map(|index| format!("{index}.svg")).collect();
    for (name, (text, _)) in names.iter().zip(&altered) {
        std::fs::write(root.join(name), text).expect("written");
    }
    let (code, found, err) = verify(root, &names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(code == 1 && found.len() == altered.len() && found.len() >= 20, "{err}");
    assert!(err.contains(&format!("0 of {} figures verified", altered.len())), "{err}");
    for (found, (_, said)) in found.iter().zip(&altered) {
        let problems: Vec<&str> =
            found["problems"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(problems.iter().any(|problem| problem.contains(said)), "{said}: {problems:?}");
    }
    // and the untouched one among them still holds
    let (code, found, _) = verify(root, &["0.svg", "figures/small.svg"]);
    assert_eq!((code, &found[1]["drawing_identical"], &found[1]["numbers_identical"]), (1, &true.into(), &true.into()));
}

/// The file with one bit of its metadata flipped.
fn flipped(file: &[u8]) -> Vec<u8> {
    let mut flipped = file.to_vec();
    let middle = file.windows(14).position(|window| window == b"dc:description").expect("metadata") + 60;
    flipped[middle] ^= 1;
    flipped
}

#[test]
fn whatever_is_altered_in_pdf_and_png_is_caught() {
    let folder = drawn();
    let root = folder.path();
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    let moved = svg.replace("#1a1a1a", "#2a1a1a");
    let mut files: Vec<(&str, Vec<u8>, &str)> = Vec::new();
    for (media, drawing) in [(Media::Pdf, "drawing: byte"), (Media::Png, "pixels differ, the first at column")] {
        let good = std::fs::read(root.join(format!("figures/small.{}", media.extension()))).expect("drawn");
        let (_, provenance) = Provenance::from_file(&good).expect("provenance");
        // another drawing with the same provenance, and the same drawing with another one
        files.push((media.extension(), export(&moved, media, &provenance).expect("exported"), drawing));
        let seed = Provenance { seed: 12, ..provenance.clone() };
        files.push((media.extension(), export(&svg, media, &seed).expect("exported"), "it states seed 12"));
        let toml = Provenance { toml: provenance.toml.replace("seed = 11", "seed = 13"), ..provenance.clone() };
        files.push((media.extension(), export(&svg, media, &toml).expect("exported"), "numbers: small."));
        files.push((media.extension(), [good.as_slice(), b"\n"].concat(), "drawing: "));
        if media == Media::Pdf {
            files.push((media.extension(), flipped(&good), "drawing: "));
        }
    }
    let names: Vec<String> = files.iter().enumerate().map(|(index, (end, ..))| format!("{index}.{end}")).collect();
    for (name, (_, bytes, _)) in names.iter().zip(&files) {
        std::fs::write(root.join(name), bytes).expect("written");
    }
    let (code, found, err) = verify(root, &names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(code == 1 && found.len() == files.len(), "{err}");
    for (found, (_, _, said)) in found.iter().zip(&files) {
        let problems = found["problems"].to_string();
        assert!(problems.contains(said), "{said}: {problems}");
    }
}

#[test]
fn what_is_no_figure_of_ours_is_refused_and_costs_no_other_its_answer() {
    let folder = drawn();
    let root = folder.path();
    let read = |extension: &str| std::fs::read(root.join(format!("figures/small.{extension}"))).expect("drawn");
    let (svg, pdf, png) = (String::from_utf8(read("svg")).expect("text"), read("pdf"), read("png"));
    for (name, bytes, said) in [
        (
            "foreign.svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>".to_vec(),
            "holds no provenance",
        ),
        ("foreign.pdf", b"%PDF-1.4\n%%EOF\n".to_vec(), "is damaged: its end is missing"),
        ("notes.txt", b"figures".to_vec(), "is no SVG, PDF or PNG file"),
        ("empty.svg", Vec::new(), "is no SVG, PDF or PNG file"),
        ("cut.svg", svg.as_bytes()[..svg.len() / 2].to_vec(), "is damaged"),
        ("cut.png", png[..200].to_vec(), "is damaged"),
        ("flipped.png", flipped(&png), "is damaged"),
        (
            "cut.pdf",
            pdf[..pdf.windows(9).position(|w| w == b"<?xpacket").expect("a packet") + 400].to_vec(),
            "is damaged",
        ),
        (
            "renamed.svg",
            svg.replace("<nd:experiment>small", "<nd:experiment>../small").into_bytes(),
            "allowed are lower case letters",
        ),
        (
            "module.svg",
            svg.replace("\"activity_convergence\"", "\"activity_divergence\"").into_bytes(),
            "no experiment module is called",
        ),
        ("broken.svg", svg.replace("seed = 11", "seed = eleven").into_bytes(), "small.toml:4:"),
        ("negative.svg", svg.replace("sigma_b = 0.3", "sigma_b = -0.3").into_bytes(), "-0.3"),
        ("twice.svg", svg.replacen("<nd:seed>", "<nd:seed>11</nd:seed><nd:seed>", 1).into_bytes(), "has seed twice"),
    ] {
        std::fs::write(root.join(name), bytes).expect("written");
        assert!(
            !name.ends_with(".svg") || std::fs::read(root.join(name)).expect("written") != svg.as_bytes(),
            "{name}"
        );
        let answer = neurodyn(root, &["verify", "figures/small.svg", name]);
        let line = answer.err.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(answer.code == 2 && answer.err.contains(said) && !line.is_empty(), "{name}: {}", answer.err);
        assert!(
            answer.out.starts_with("figures/small.svg: verified: ") && !answer.out.contains(name),
            "{}",
            answer.out
        );
        assert!(answer.err.contains("1 of 2 figures verified"), "{name}: {}", answer.err);
    }
    let answer = neurodyn(root, &["verify", "absent.svg", "notes.txt"]);
    assert!(answer.code == 2 && answer.err.contains("absent.svg: cannot be read"), "{}", answer.err);
    assert!(answer.err.contains("notes.txt: is no SVG") && !answer.err.contains("running"), "{}", answer.err);
}

#[test]
fn formats_that_do_not_exist_are_refused() {
    let folder = accepted();
    let before = files_below(folder.path());
    for (arguments, said) in [
        (&["draw", "--format", "svg,eps"][..], "\"eps\" is no format; allowed: svg, pdf, png"),
        (&["draw", "--format", "png", "--dpi", "5"], "30..=1200"),
        (&["draw", "--format", ""], "is no format"),
    ] {
        let answer = neurodyn(folder.path(), arguments);
        assert!(answer.code == 2 && answer.err.contains(said), "{arguments:?}: {}", answer.err);
    }
    // a folder is in the way of one of the files: nothing is drawn at all
    std::fs::create_dir(folder.path().join("figures/small.png")).expect("created");
    let answer = neurodyn(folder.path(), &["draw", "--format", "pdf,png"]);
    assert!(answer.code == 2 && answer.err.contains("small.png: cannot be written"), "{}", answer.err);
    assert_eq!(files_below(folder.path()), before);
}
