//! What a figure says of itself: each element of its metadata is held to what is verified, or is said not to be.

use super::{SMALL, accepted, neurodyn, write};
use neurodyn::export::export;
use neurodyn::provenance::{Media, PNG_KEYWORD, Provenance, sha256};
use serde_json::Value;
use std::path::Path;

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).expect("readable")
}

/// The small experiment drawn in all formats, and its files.
fn drawn() -> (tempfile::TempDir, [Vec<u8>; 3]) {
    let folder = accepted();
    assert_eq!(neurodyn(folder.path(), &["draw", "--format", "svg,pdf,png", "--dpi", "100"]).code, 0);
    let files = ["svg", "pdf", "png"].map(|end| read(&folder.path().join(format!("figures/small.{end}"))));
    (folder, files)
}

/// Verdicts on these files, put below `root` in one folder.
fn verdicts(root: &Path, files: &[(String, Vec<u8>)]) -> Vec<Value> {
    let names: Vec<String> = files.iter().map(|(name, _)| format!("altered/{name}")).collect();
    std::fs::create_dir_all(root.join("altered")).expect("created");
    for (name, (_, bytes)) in names.iter().zip(files) {
        std::fs::write(root.join(name), bytes).expect("written");
    }
    let arguments: Vec<&str> =
        ["verify", "--json", "--quiet"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let answer = neurodyn(root, &arguments);
    let found: Vec<Value> = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(found.len(), files.len(), "every file has an answer: {}", answer.err);
    found
}

/// None of these verifies.
fn all_caught(root: &Path, files: &[(String, Vec<u8>)]) {
    for (found, (name, _)) in verdicts(root, files).iter().zip(files) {
        assert!(["not_verified", "refused"].map(Value::from).contains(&found["verdict"]), "{name}: {found:#}");
        let reasons = found["problems"].as_array().map_or(0, Vec::len);
        assert!(reasons > 0 || found["refused"].is_string(), "{name}: no reason: {found:#}");
    }
}

/// The RDF of an XML text with each of its elements altered, and without it.
fn each_element_altered(xml: &str) -> Vec<(String, String)> {
    let document = roxmltree::Document::parse(xml).expect("XML");
    let description = document.descendants().find(|node| node.tag_name().name() == "Description").expect("provenance");
    let mut altered = Vec::new();
    for element in description.children().filter(roxmltree::Node::is_element) {
        let (name, range) = (element.tag_name().name(), element.range());
        altered.push((format!("without-{name}"), format!("{}{}", &xml[..range.start], &xml[range.end..])));
        // the first letter of its text; a digit stays one
        let text = element.descendants().find(|node| node.is_text()).expect("some text").range();
        let first = xml[text.start..].chars().next().expect("a letter");
        let other = if first == '1' { "2" } else { "1" };
        let rest = &xml[text.start + first.len_utf8()..];
        altered.push((format!("altered-{name}"), format!("{}{other}{rest}", &xml[..text.start])));
    }
    assert!(altered.len() >= 2 * 15, "{}", altered.len());
    altered
}

#[test]
fn each_element_of_an_svg_is_bound() {
    let (folder, [svg, ..]) = drawn();
    let svg = String::from_utf8(svg).expect("text");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, text) in each_element_altered(&svg) {
        files.push((format!("{name}.svg"), text.into_bytes()));
    }
    // what a reader of the file sees besides
    for (index, (from, to)) in [
        ("<title id", "<title xml:lang=\"en\" id"),
        (">A small one</title>", "></title>"),
        ("</desc>", " More.</desc>"),
        ("data-theme=\"print\"", "data-theme=\"light\""),
        ("role=\"img\"", "role=\"presentation\""),
        ("width=\"", "width=\"1"),
        ("</rdf:Description>", "<dc:rights>CC0</dc:rights></rdf:Description>"),
        ("</metadata>", "</metadata><metadata>peer reviewed</metadata>"),
        ("<?xml version", "<!-- reviewed --><?xml version"),
    ]
    .into_iter()
    .enumerate()
    {
        let text = svg.replacen(from, to, 1);
        if text != svg {
            files.push((format!("shown-{index}.svg"), text.into_bytes()));
        }
    }
    assert!(files.len() >= 37, "{}", files.len());
    all_caught(folder.path(), &files);
}

#[test]
fn each_element_of_a_pdf_is_bound() {
    let (folder, [_, pdf, _]) = drawn();
    let at = |needle: &[u8], from: usize| {
        pdf[from..].windows(needle.len()).position(|part| part == needle).map(|at| from + at)
    };
    let mut files = Vec::new();
    for key in [
        "/Title",
        "/Subject",
        "/Keywords",
        "/Creator",
        "/Producer",
        "/Alt",
        "/Lang",
        "/MediaBox",
        "/ID",
        "/Metadata",
        "/DisplayDocTitle",
        "/Marked",
        "/Info",
        "/Subtype",
        "/StructTreeRoot",
    ] {
        let (mut from, mut count) = (0, 0);
        while let Some(start) = at(key.as_bytes(), from) {
            from = start + key.len();
            count += 1;
            // another key, so that the entry is gone, and another value
            for (what, place) in [("key", start + 1), ("value", from + 3)] {
                let mut altered = pdf.clone();
                altered[place] ^= 1;
                files.push((format!("{}-{count}-{what}.pdf", &key[1..]), altered));
            }
        }
        assert!(count > 0, "{key} is not in the file");
    }
    // the packet, all else being the same
    let (start, end) = (at(b"<rdf:RDF", 0).expect("provenance"), at(b"</rdf:RDF>", 0).expect("provenance") + 10);
    let rdf = std::str::from_utf8(&pdf[start..end]).expect("text");
    for (name, text) in each_element_altered(rdf) {
        files.push((format!("{name}.pdf"), [&pdf[..start], text.as_bytes(), &pdf[end..]].concat()));
    }
    all_caught(folder.path(), &files);
}

type Chunk = ([u8; 4], Vec<u8>);

fn chunks(png: &[u8]) -> Vec<Chunk> {
    let (mut rest, mut found) = (&png[8..], Vec::new());
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().expect("four")) as usize;
        found.push((rest[4..8].try_into().expect("four"), rest[8..8 + length].to_vec()));
        rest = &rest[12 + length..];
    }
    found
}

/// A PNG of these chunks, with the checksums that they should have.
fn png(chunks: &[Chunk]) -> Vec<u8> {
    let checksum = |bytes: &[u8]| {
        !bytes.iter().fold(!0u32, |sum, &byte| {
            (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
        })
    };
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in chunks {
        let body = [kind.as_slice(), data].concat();
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend(&body);
        bytes.extend(checksum(&body).to_be_bytes());
    }
    bytes
}

#[test]
fn each_chunk_of_a_png_is_bound() {
    let (folder, [.., file]) = drawn();
    let good = chunks(&file);
    assert_eq!(png(&good), file);
    let mut files = Vec::new();
    let mut kinds: Vec<String> = Vec::new();
    for index in 0..good.len() - 1 {
        let name = String::from_utf8_lossy(&good[index].0).into_owned();
        let mut less = good.clone();
        less.remove(index);
        files.push((format!("without-{name}-{index}.png"), png(&less)));
        let mut twice = good.clone();
        twice.insert(index, good[index].clone());
        files.push((format!("twice-{name}-{index}.png"), png(&twice)));
        let mut other = good.clone();
        if let Some(last) = other[index].1.last_mut() {
            *last ^= 1;
            files.push((format!("altered-{name}-{index}.png"), png(&other)));
        }
        kinds.push(name);
    }
    for kind in ["IHDR", "sRGB", "pHYs", "IDAT"] {
        assert!(kinds.iter().any(|name| name == kind), "{kind}: {kinds:?}");
    }
    assert_eq!(kinds.iter().filter(|name| *name == "iTXt").count(), 4);
    // the packet, all else being the same; the resolution is in it too
    let place = good.iter().position(|(_, data)| data.starts_with(PNG_KEYWORD.as_bytes())).expect("a packet");
    let text = String::from_utf8(good[place].1.clone()).expect("text");
    let (start, end) = (text.find("<rdf:RDF").expect("provenance"), text.find("</rdf:RDF>").expect("provenance") + 10);
    let mut altered = each_element_altered(&text[start..end]);
    assert!(altered.iter().any(|(name, _)| name == "altered-dpi"));
    altered.push((
        "a-right".into(),
        text[start..end].replace("</rdf:Desc", "<dc:rights xmlns:dc=\"x\">CC0</dc:rights></rdf:Desc"),
    ));
    for (name, rdf) in altered {
        let mut other = good.clone();
        other[place].1 = format!("{}{rdf}{}", &text[..start], &text[end..]).into_bytes();
        files.push((format!("{name}.png"), png(&other)));
    }
    all_caught(folder.path(), &files);
}

/// The same drawing under another provenance, consistently, in all formats.
fn relabelled(svg: &str, from: &Provenance, to: &Provenance) -> Vec<(String, Vec<u8>)> {
    let rdf = |provenance: &Provenance| provenance.to_rdf(Media::Svg);
    let text = svg
        .replace(&rdf(from), &rdf(to))
        .replace(&format!(">{}</title>", from.title), &format!(">{}</title>", to.title))
        .replace(&format!(">{}</desc>", from.description), &format!(">{}</desc>", to.description));
    assert_ne!(text, svg);
    let file = |media: Media| {
        let provenance = Provenance { dpi: (media == Media::Png).then_some(100), ..to.clone() };
        (format!("small.{}", media.extension()), export(&text, media, &provenance).expect("exported"))
    };
    Media::ALL.map(file).into()
}

/// The files in a folder of their own.
fn elsewhere(files: &[(String, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    folder
}

const FILES: [&str; 4] = ["verify", "small.svg", "small.pdf", "small.png"];
const ALTERED: [&str; 4] = ["verify", "altered/small.svg", "altered/small.pdf", "altered/small.png"];

#[test]
fn a_quick_look_without_its_label_is_no_figure_of_the_project() {
    let (folder, _) = drawn();
    let root = folder.path();
    let set = ["--set", "params.sigma_b=0.4", "--set", "params.depth=2"];
    let run = [&["run", "small", "--format", "svg,pdf,png", "--dpi", "100"][..], &set].concat();
    assert_eq!(neurodyn(root, &run).code, 0);
    let quick = ["svg", "pdf", "png"]
        .map(|end| (format!("small.{end}"), read(&root.join(format!("quick/small/figures/small.{end}")))));
    // with its label it is what it says, here and elsewhere
    verdicts(root, &quick);
    let answer = neurodyn(root, &ALTERED);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let said = "its experiment is experiments/small.toml with --set parameters.sigma_b=0.4, --set parameters.depth=2 (SHA-256 ";
    assert_eq!(answer.out.matches("verified as a quick look, not citable").count(), 3, "{}", answer.out);
    assert_eq!(answer.out.matches(said).count(), 3, "{}", answer.out);
    let answer = neurodyn(elsewhere(&quick).path(), &FILES);
    assert!(answer.code == 0 && answer.out.matches("not citable").count() == 3, "{}{}", answer.out, answer.err);

    let svg = String::from_utf8(quick[0].1.clone()).expect("text");
    let (_, honest) = Provenance::from_file(svg.as_bytes()).expect("provenance");
    let without = |settings: Vec<String>| {
        let marked = !settings.is_empty();
        let plain = honest.description.split_once("depth=2. ").expect("the settings").1;
        let description = format!("Not citable: --set {}. {plain}", settings.join(", --set "));
        Provenance {
            title: if marked { honest.title.clone() } else { honest.title.replace(" (not citable)", "") },
            description: if marked { description } else { plain.to_owned() },
            settings,
            ..honest.clone()
        }
    };
    // without its label, or with half of it, it is not
    for settings in [vec![], vec!["parameters.depth=2".to_owned()]] {
        let marked = !settings.is_empty();
        let files = relabelled(&svg, &honest, &without(settings));
        for found in verdicts(root, &files) {
            assert!(found["verdict"] == "other_experiment" && found["origin"]["kind"] == "other", "{found:#}");
        }
        let answer = neurodyn(root, &ALTERED);
        assert_eq!(answer.code, 1, "{}", answer.out);
        assert_eq!(answer.out.matches("verified as itself, but not as a figure of this project").count(), 3);
        let said = "its experiment is not experiments/small.toml";
        assert_eq!(answer.out.matches(said).count(), 3, "{}", answer.out);
        assert_eq!(answer.out.matches("parameters.sigma_b is 0.4, there 0.3").count(), 3, "{}", answer.out);
        assert!(answer.err.contains("0 of 3 figures verified"), "{}", answer.err);
        // where there is no project, the verdict says what it rests on
        let folder = elsewhere(&files);
        let answer = neurodyn(folder.path(), &FILES);
        assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
        let hash = sha256(honest.toml.as_bytes());
        assert_eq!(answer.out.matches("is known from this figure alone").count(), 3, "{}", answer.out);
        assert_eq!(answer.out.matches(&format!("(SHA-256 {hash}); comments in it are not checked")).count(), 3);
        assert_eq!(answer.out.contains("not citable"), marked, "{}", answer.out);
        // unless a project is given
        let answer = neurodyn(folder.path(), &[&["--root", root.to_str().expect("text")][..], &FILES].concat());
        assert_eq!(answer.code, 1, "{}{}", answer.out, answer.err);
    }
    // values that were not set
    for settings in [vec!["parameters.sigma_b=0.5".to_owned()], vec!["nonsense".to_owned()]] {
        for found in verdicts(root, &relabelled(&svg, &honest, &without(settings))) {
            let problems = found["problems"].to_string();
            assert!(found["verdict"] == "not_verified" && problems.contains("has other values"), "{found:#}");
        }
    }
}

#[test]
fn what_nothing_can_check_is_said() {
    let (folder, [svg, ..]) = drawn();
    let root = folder.path();
    let svg = String::from_utf8(svg).expect("text");
    let (_, honest) = Provenance::from_file(svg.as_bytes()).expect("provenance");
    // another version of the program
    let files = relabelled(&svg, &honest, &Provenance { program: "neurodyn 9.8.7".into(), ..honest.clone() });
    assert!(
        verdicts(root, &files)
            .iter()
            .all(|found| found["verdict"] == "verified" && found["program"] == "neurodyn 9.8.7")
    );
    let answer = neurodyn(root, &ALTERED);
    let said = format!(
        "that \"neurodyn 9.8.7\" drew it is not checked; it was computed again by {}\n",
        neurodyn::provenance::PROGRAM
    );
    assert!(answer.code == 0 && answer.out.matches(&said).count() == 3, "{}", answer.out);
    assert_eq!(answer.out.matches("its experiment is experiments/small.toml (SHA-256 ").count(), 3, "{}", answer.out);
    // no program of ours
    for program in ["Nature Publishing", "neurodyn", "neurodyn 1.0 (peer reviewed)", ""] {
        for found in
            verdicts(root, &relabelled(&svg, &honest, &Provenance { program: program.into(), ..honest.clone() }))
        {
            let problems = found["problems"].to_string();
            assert!(found["verdict"] == "not_verified" && problems.contains("no version of neurodyn"), "{found:#}");
        }
    }
    // a comment, which is part of the file of the project
    let files =
        relabelled(&svg, &honest, &Provenance { toml: format!("# reviewed\n{}", honest.toml), ..honest.clone() });
    verdicts(root, &files);
    let answer = neurodyn(root, &ALTERED);
    let said = "its experiment is not experiments/small.toml: comments or layout differ";
    assert!(answer.code == 1 && answer.out.matches(said).count() == 3, "{}", answer.out);
    let answer = neurodyn(elsewhere(&files).path(), &FILES);
    assert!(answer.code == 0 && answer.out.matches("comments in it are not checked").count() == 3, "{}", answer.out);
    // and a project that went on
    write(
        root,
        "experiments/small.toml",
        &format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("seed = 11", "seed = 12")),
    );
    let answer = neurodyn(root, &["verify", "figures/small.svg"]);
    assert!(
        answer.code == 1 && answer.out.contains("not experiments/small.toml: seed is 11, there 12"),
        "{}",
        answer.out
    );
}

/// What terminals obey: controls, and marks that turn the order of letters.
fn obeyed(letter: char) -> bool {
    (letter.is_control() && letter != '\n') || ('\u{202a}'..='\u{202e}').contains(&letter)
}

#[test]
fn text_of_a_file_does_not_reach_the_terminal_raw() {
    let (folder, [svg, ..]) = drawn();
    let root = folder.path();
    let svg = String::from_utf8(svg).expect("text");
    let bad = "&#13;&#x9b;2K&#x202e;&#10;evil: verified";
    let mut names = Vec::new();
    for (index, (from, to)) in [
        ("<rdf:li>neurodyn ", format!("<rdf:li>{bad}neurodyn ")),
        ("<dc:identifier>", format!("<dc:identifier>{bad}")),
        ("x-default\">", format!("x-default\">{bad}")),
        ("<nd:family>", format!("<nd:family>{bad}")),
        ("<nd:theme>", format!("<nd:theme>{bad}")),
        ("<nd:digest>", format!("<nd:digest>{bad}")),
        ("<rdf:li>small.layers.csv", format!("<rdf:li>{bad}.csv")),
        ("<nd:experiment>", format!("<nd:experiment>{bad}")),
        ("<nd:seed>", format!("<nd:seed>{bad}")),
        ("<dc:format>", format!("<dc:format>{bad}")),
        ("family = \"activity\"", format!("family = \"{bad}\"")),
        ("seed = 11", "seed = '\u{9b}2K\u{202e}'".to_owned()),
        ("<nd:toml>", format!("<nd:settings><rdf:Seq><rdf:li>{bad}</rdf:li></rdf:Seq></nd:settings><nd:toml>")),
        ("</metadata>", "</metadata>\u{9b}<\u{202e}>".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let text = svg.replacen(from, &to, 1);
        assert_ne!(text, svg, "{from}");
        // the name of a file is text of others too
        let name = format!("{index}\r\u{1b}[2K\u{202e}.svg");
        std::fs::write(root.join(&name), text).expect("written");
        names.push(name);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut answers = vec![
        neurodyn(root, &[&["verify"], &names[..]].concat()),
        neurodyn(root, &[&["verify", "--json"], &names[..]].concat()),
        neurodyn(root, &["cite", "\u{1b}[2K\r"]),
        neurodyn(root, &["verify", "--\u{1b}[2K\r"]),
    ];
    for name in &names {
        answers.push(neurodyn(root, &["cite", name]));
        answers.push(neurodyn(root, &["new", "again", "--from", name]));
        std::fs::remove_file(root.join("experiments/again.toml")).ok();
    }
    // golden data and experiment files
    let golden = root.join("tests/golden/small.layers.csv");
    let text = std::fs::read_to_string(&golden).expect("golden data");
    std::fs::write(&golden, text.replacen("2.5,", "\u{1b}[2K\u{9b}\u{202e}\r,", 1)).expect("written");
    answers.push(neurodyn(root, &["check"]));
    let file =
        format!("experiment = \"activity_convergence\"\n{}", SMALL.replace("seed = 11", "seed = '\u{9b}\u{202e}'"));
    write(root, "experiments/small.toml", &file);
    answers.push(neurodyn(root, &["list"]));
    for answer in &answers {
        let (out, err) = (&answer.out, &answer.err);
        assert!(!out.contains(obeyed) && !err.contains(obeyed), "{out:?} {err:?}");
        assert!(out.lines().chain(err.lines()).all(|line| !line.starts_with("evil: verified")), "{out:?} {err:?}");
    }
    assert!(answers.iter().any(|answer| answer.out.contains("\\u000d\\u009b2K\\u202e")), "it is shown all the same");
    let found: Vec<Value> = serde_json::from_str(&answers[1].out).expect("JSON");
    assert_eq!(found[0]["file"], *names[0], "JSON says the name itself");
}
