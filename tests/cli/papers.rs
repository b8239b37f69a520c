//! Figures in papers: what TeX made of them still proves where it comes from.

use super::{Answer, accepted, neurodyn};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib;
use neurodyn::pdf::{self, Kind};
use neurodyn::provenance::Provenance;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Papers that TeX made, see their README.md.
const SET: [&str; 3] = ["pdflatex", "lualatex", "dvipdfmx"];

fn data(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/papers");
    std::fs::read(folder.join(name)).expect("a file of tests/data/papers")
}

fn place(bytes: &[u8], what: &str) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what.as_bytes())
}

/// The number that follows a key.
fn number_after(text: &str, key: &str) -> Option<usize> {
    let rest = text[text.find(key)? + key.len()..].trim_start();
    rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

/// An object: its number, its text, and the bytes of its stream if it has one.
#[derive(Clone)]
struct Object {
    number: usize,
    text: String,
    stream: Option<Vec<u8>>,
}

/// The object that begins after `N 0 obj` at the start of these bytes.
fn object(number: usize, bytes: &[u8]) -> Object {
    let end = place(bytes, "endobj").expect("an end");
    match place(&bytes[..end], "stream") {
        None => Object { number, text: String::from_utf8_lossy(&bytes[..end]).into_owned(), stream: None },
        Some(at) => {
            let text = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let start = at + "stream".len() + if bytes[at + "stream".len()] == b'\r' { 2 } else { 1 };
            let length = number_after(&text, "/Length").expect("a length");
            Object { number, text, stream: Some(bytes[start..start + length].to_vec()) }
        }
    }
}

fn numbered(bytes: &[u8], number: usize) -> Object {
    let head = format!("\n{number} 0 obj");
    let at = place(bytes, &head).expect("an object") + head.len();
    object(number, &bytes[at..])
}

/// All objects of a figure as neurodyn writes it.
fn objects(figure: &[u8]) -> Vec<Object> {
    let count = number_after(&String::from_utf8_lossy(figure), "/Size").expect("a size");
    (1..count).map(|number| numbered(figure, number)).collect()
}

/// The file with these objects in place of those of their numbers, as programs write changes at its end.
fn updated(file: &[u8], changed: &[Object]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file);
    let root = number_after(&text[text.rfind("/Root").expect("a root")..], "/Root").expect("a number");
    let previous = number_after(&text[text.rfind("startxref").expect("an end")..], "startxref").expect("a place");
    let mut bytes = file.to_vec();
    let mut table = String::from("xref\n");
    for Object { number, text, stream } in changed {
        bytes.push(b'\n');
        table.push_str(&format!("{number} 1\n{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{text}").bytes());
        if let Some(stream) = stream {
            bytes.extend([b"\nstream\n", stream.as_slice(), b"\nendstream"].concat());
        }
        bytes.extend(b"\nendobj\n");
    }
    let at = bytes.len();
    bytes.extend(format!("{table}trailer\n<</Root {root} 0 R/Prev {previous}>>\nstartxref\n{at}\n%%EOF").bytes());
    bytes
}

/// A stream again, with this content.
fn with_content(form: &Object, content: &[u8]) -> Object {
    let packed = compress_to_vec_zlib(content, 6);
    let length = number_after(&form.text, "/Length").expect("a length");
    let text = form.text.replace(&format!("/Length {length}"), &format!("/Length {}", packed.len()));
    Object { number: form.number, text, stream: Some(packed) }
}

fn content(form: &Object) -> Vec<u8> {
    decompress_to_vec_zlib(form.stream.as_deref().expect("a stream")).expect("unfolded")
}

/// The numbers of the objects that are figures and those that are foreign, in this paper.
fn drawings(paper: &[u8]) -> (Vec<usize>, Vec<usize>) {
    let (mut figures, mut foreign) = (Vec::new(), Vec::new());
    for drawing in pdf::read(paper, &Provenance::is_packet).expect("readable").drawings {
        let list = if matches!(drawing.kind, Kind::Figure(_)) { &mut figures } else { &mut foreign };
        list.extend(drawing.object.map(|object| object as usize));
    }
    figures.dedup();
    (figures, foreign)
}

/// Numbers by which the objects of a figure are moved to make room.
const SHIFT: usize = 1000;

/// A text in which all references are moved.
fn shifted(text: &str) -> String {
    let mut parts = text.split(" 0 R");
    let mut moved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = moved.chars().rev().take_while(char::is_ascii_digit).count();
        let number: usize = moved[moved.len() - digits..].parse().expect("a reference");
        moved.truncate(moved.len() - digits);
        moved.push_str(&format!("{} 0 R{part}", number + SHIFT));
    }
    moved
}

/// The paper with this figure in place of the one that it has.
fn with_figure(paper: &[u8], figure: &[u8]) -> Vec<u8> {
    let objects = objects(figure);
    let (figures, _) = drawings(paper);
    let (page, drawn) = (&objects[2].text, &objects[3]);
    let media_box = page[page.find("/MediaBox").expect("a frame")..].split(']').next().expect("its end");
    let resources = page[page.find("/Resources").expect("resources")..].trim_end();
    let resources = resources.strip_suffix(">>").expect("the end of the page");
    let start = drawn.text.trim_end().strip_suffix(">>").expect("a dictionary");
    let frame = media_box.replace("/MediaBox", "/BBox");
    let form = shifted(&format!("/Type/XObject/Subtype/Form{frame}]/Metadata 6 0 R{resources}"));
    let text = format!("{start}{form}>>");
    let mut changed: Vec<Object> = objects
        .iter()
        .filter(|object| object.number > 4)
        .map(|object| Object { number: object.number + SHIFT, text: shifted(&object.text), ..object.clone() })
        .collect();
    changed.extend(figures.iter().map(|&number| Object { number, text: text.clone(), stream: drawn.stream.clone() }));
    updated(paper, &changed)
}

/// A project with a paper, made of the one that TeX set and the figure as it is drawn today.
fn today(set: &str) -> (tempfile::TempDir, PathBuf, Vec<u8>) {
    let folder = accepted();
    let answer = neurodyn(folder.path(), &["draw", "--format", "pdf"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let figure = std::fs::read(folder.path().join("figures/small.pdf")).expect("drawn");
    let paper = with_figure(&data(&format!("{set}.pdf")), &figure);
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, &paper).expect("written");
    (folder, path, paper)
}

fn verify(root: &Path, arguments: &[&str]) -> (Answer, Vec<Value>) {
    let answer = neurodyn(root, &[&["verify", "--json"], arguments].concat());
    let found = serde_json::from_str(&answer.out).unwrap_or_default();
    (answer, found)
}

fn said(found: &Value) -> (u64, &str, String) {
    let page = found["page"].as_u64().expect("a page");
    (page, found["verdict"].as_str().expect("a verdict"), found["problems"].to_string())
}

#[test]
fn what_tex_keeps_of_a_figure_is_the_figure() {
    let figure_of = |bytes: &[u8], page: usize| {
        let document = pdf::read(bytes, &Provenance::is_packet).expect("readable");
        document.drawings.into_iter().find_map(|drawing| match drawing.kind {
            Kind::Figure(figure) if drawing.page == page => Some(figure),
            _ => None,
        })
    };
    let small = data("small.pdf");
    let meant = figure_of(&small, 1).expect("a figure");
    for set in SET {
        let paper = data(&format!("{set}.pdf"));
        for page in [1, 3] {
            let found = figure_of(&paper, page).unwrap_or_else(|| panic!("{set}: no figure on page {page}"));
            assert_eq!(pdf::difference(&found, &meant), None, "{set}, page {page}");
            assert_eq!(Provenance::from_packet(&found.packet), Provenance::from_packet(&meant.packet), "{set}");
        }
        // and as the program sees it: where figures look as they did then, all is well
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("paper.pdf"), &paper).expect("written");
        std::fs::write(folder.path().join("small.pdf"), &small).expect("written");
        let (answer, found) = verify(folder.path(), &["paper.pdf", "small.pdf"]);
        assert_eq!(found.len(), 4, "{}", answer.err);
        for index in [0, 2] {
            assert_eq!(found[index]["numbers_identical"], true, "{set}: {}", answer.err);
            assert_eq!(found[index]["verdict"], found[3]["verdict"], "{set}: {found:#?}");
        }
        assert_eq!(answer.err.matches("small: computed again").count(), 1, "{}", answer.err);
    }
}

#[test]
fn figures_of_a_paper_are_verified_page_by_page() {
    for set in SET {
        let (folder, ..) = today(set);
        let root = folder.path();
        let (answer, found) = verify(root, &["paper.pdf"]);
        let verdicts: Vec<_> = found.iter().map(|found| (found["page"].as_u64(), found["verdict"].as_str())).collect();
        let meant = [(Some(1), Some("verified")), (Some(2), Some("foreign")), (Some(3), Some("verified"))];
        assert_eq!(verdicts, meant, "{set}: {}{}", answer.out, answer.err);
        assert!(answer.code == 1 && answer.err.contains("2 of 3 figures verified"), "{set}: {}", answer.err);
        assert_eq!(answer.err.matches("small: computed again").count(), 1, "{}", answer.err);
        let answer = neurodyn(root, &["verify", "--allow-foreign", "paper.pdf"]);
        assert_eq!(answer.code, 0, "{set}: {}", answer.err);
        assert!(answer.err.contains("2 of 2 figures verified; drawings of other programs: 1"), "{}", answer.err);
        for (page, rest) in
            [(1, ", figure small: verified: "), (2, ": of another program: a drawing"), (3, ", figure small: verified")]
        {
            assert!(answer.out.contains(&format!("paper.pdf, page {page}{rest}")), "{}", answer.out);
        }
    }
}

#[test]
fn altered_stripped_and_added_drawings_are_named_with_their_page() {
    for set in SET {
        let (folder, path, paper) = today(set);
        let root = folder.path();
        let (figures, foreign) = drawings(&paper);
        let form = numbered(&paper[place(&paper, "%%EOF").expect("the paper of TeX")..], figures[0]);
        let judged = |changed: &[Object]| {
            std::fs::write(&path, updated(&paper, changed)).expect("written");
            let (answer, found) = verify(root, &["paper.pdf"]);
            assert!(answer.code == 1 && found.len() == 3, "{set}: {}{}", answer.out, answer.err);
            found
        };
        // one path: a line that ends elsewhere
        let text = String::from_utf8(content(&form)).expect("text");
        let at = text.find(" l\n").expect("a line");
        let line = text[..at].rfind('\n').expect("its start") + 1;
        let moved =
            format!("{}{} 7.125 l{}", &text[..line], &text[line..at].split(' ').next().expect("x"), &text[at + 2..]);
        let found = judged(&[with_content(&form, moved.as_bytes())]);
        for index in [0, 2] {
            let (page, verdict, problems) = said(&found[index]);
            assert_eq!((page, verdict), (index as u64 + 1, "not_verified"), "{set}");
            assert!(problems.contains("7.125 l") && problems.contains("is meant"), "{set}: {problems}");
            assert_eq!(found[index]["numbers_identical"], true);
        }
        // an opacity, in the resources
        let resource = "/ca 0.85";
        let states = objects(&paper_figure(&folder));
        if let Some(state) = states.iter().find(|object| object.text.contains(resource)) {
            let text = state.text.replace(resource, "/ca 0.15");
            let found = judged(&[Object { number: state.number + SHIFT, text, stream: None }]);
            assert!(said(&found[0]).2.contains("/ca is not the one meant"), "{set}: {:?}", found[0]);
        }
        // the seed that it states
        let packet = numbered(&paper[place(&paper, "%%EOF").expect("the paper of TeX")..], 6 + SHIFT);
        let stated = String::from_utf8(packet.stream.clone().expect("a stream")).expect("text");
        let other = stated.replace("<nd:seed>11<", "<nd:seed>12<");
        assert_ne!(stated, other);
        let found = judged(&[Object { stream: Some(other.into_bytes()), ..packet }]);
        assert!(said(&found[2]).2.contains("it states seed 12"), "{set}: {:?}", found[2]);
        // without its provenance, which its content still refers to
        let stripped = Object { text: form.text.replace("/Metadata", "/Metafata"), ..form.clone() };
        let found = judged(&[stripped]);
        for index in [0, 2] {
            let (page, verdict, problems) = said(&found[index]);
            assert_eq!((page, verdict), (index as u64 + 1, "not_verified"), "{set}");
            assert!(problems.contains("its provenance was removed"), "{set}: {problems}");
        }
        // a drawing of another program in its place
        let added = numbered(&paper, foreign[0]);
        let found = judged(&[Object { number: figures[0], ..added }]);
        assert!(found.iter().all(|found| found["verdict"] == "foreign"), "{set}: {found:#?}");
    }
}

fn paper_figure(folder: &tempfile::TempDir) -> Vec<u8> {
    std::fs::read(folder.path().join("figures/small.pdf")).expect("drawn")
}

#[test]
fn circles_bombs_and_damage_are_refused_with_one_message() {
    let (folder, path, paper) = today("pdflatex");
    let root = folder.path();
    let (figures, foreign) = drawings(&paper);
    let form = |rest: &str, stream: &[u8]| Object {
        number: foreign[0],
        text: format!("<</Type/XObject/Subtype/Form{rest}/Length {}>>", stream.len()),
        stream: Some(stream.to_vec()),
    };
    let bomb = compress_to_vec_zlib(&vec![b' '; 65 << 20], 6);
    let itself = format!("/Resources<</XObject<</A {} 0 R>>>>", foreign[0]);
    let catalog = number_after(&String::from_utf8_lossy(&paper[place(&paper, "%%EOF").expect("an end")..]), "/Root");
    let catalog = catalog.expect("a catalog");
    let tree = |text: String| Object { number: 2000, text, stream: None };
    let root_of = |pages: usize| Object { number: catalog, text: format!("<</Pages {pages} 0 R>>"), stream: None };
    let half = paper[..paper.len() / 2].to_vec();
    let broken = updated(
        &paper,
        &[Object {
            stream: Some(b"no zlib".to_vec()),
            text: "<</Subtype/Form/Filter/FlateDecode/Length 7>>".into(),
            number: figures[0],
        }],
    );
    for (bytes, told) in [
        (updated(&paper, &[form("/Filter/FlateDecode", &bomb)]), "bytes in an unfolded stream, the most that is read"),
        (updated(&paper, &[form(&itself, b"/A Do")]), "contains itself"),
        (updated(&paper, &[tree("<</Kids[2000 0 R]>>".into()), root_of(2000)]), "stands twice in its tree of pages"),
        (updated(&paper, &[tree("[".repeat(5000)), root_of(2000)]), "levels of nesting"),
        (half, "is damaged"),
        (broken, "a stream cannot be unfolded"),
    ] {
        std::fs::write(&path, bytes).expect("written");
        let start = std::time::Instant::now();
        let answer = neurodyn(root, &["verify", "figures/small.pdf", "paper.pdf"]);
        let lines: Vec<&str> = answer.err.lines().filter(|line| line.contains("paper.pdf")).collect();
        assert!(answer.code == 2 && lines.len() == 1 && lines[0].contains(told), "{told}: {}", answer.err);
        assert!(answer.out.starts_with("figures/small.pdf: verified"), "{}", answer.out);
        assert!(start.elapsed().as_secs() < 60, "{told}");
    }
}

#[test]
fn work_that_the_reader_has_not_allowed_is_refused_with_figure_time_and_flag() {
    let (folder, path, paper) = today("lualatex");
    let packet = numbered(&paper[place(&paper, "%%EOF").expect("the paper of TeX")..], 6 + SHIFT);
    let stated = String::from_utf8(packet.stream.clone().expect("a stream")).expect("text");
    let many = stated.replace("replicas = 40", "replicas = 400000000").into_bytes();
    let length = many.len();
    let text = packet.text.replace(&format!("/Length {}", stated.len()), &format!("/Length {length}"));
    let changed = updated(&paper, &[Object { stream: Some(many), text, ..packet }]);
    std::fs::write(&path, changed).expect("written");
    let start = std::time::Instant::now();
    let answer = neurodyn(folder.path(), &["verify", "--at-most", "20s", "paper.pdf"]);
    let line = answer.err.lines().find(|line| line.contains("page 1")).unwrap_or_default();
    for part in
        ["paper.pdf, page 1: figure small: its experiment small would take", "20 seconds are allowed", "--at-most "]
    {
        assert!(answer.code == 2 && line.contains(part), "{part}: {}", answer.err);
    }
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn papers_set_here_verify() {
    let (folder, ..) = today("pdflatex");
    let root = folder.path();
    let text = "\\documentclass{article}\\usepackage{graphicx}\\begin{document}\\null\\newpage\
                \\includegraphics[width=8cm]{figures/small}\\newpage\\null\\newpage\\includegraphics{figures/small}\\end{document}";
    for engine in ["pdflatex", "lualatex"] {
        if Command::new(engine).arg("--version").output().is_err() {
            // the papers of tests/data stand in for it
            eprintln!("{engine} is not on this machine: nothing was set with it");
            continue;
        }
        std::fs::write(root.join(format!("{engine}.tex")), text).expect("written");
        let set = Command::new(engine).current_dir(root).args(["-interaction=batchmode", engine]).output();
        assert!(set.is_ok_and(|set| set.status.success()), "{engine}");
        let log = std::fs::read(root.join(format!("{engine}.log"))).expect("a log");
        assert!(place(&log, "PDF inclusion").is_none(), "{engine} warns of the figure");
        let (answer, found) = verify(root, &[&format!("{engine}.pdf")]);
        let pages: Vec<_> = found.iter().map(|found| found["page"].as_u64()).collect();
        assert_eq!((answer.code, pages), (0, vec![Some(2), Some(4)]), "{engine}: {}{}", answer.out, answer.err);
    }
}
