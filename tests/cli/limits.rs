//! Small files that ask for large work: each costs its reader little, and none costs another file its answer.

use super::{accepted, neurodyn, write};
use neurodyn::provenance::{Media, PNG_KEYWORD, Provenance};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn drawn() -> (TempDir, String, Provenance) {
    let folder = accepted();
    assert_eq!(neurodyn(folder.path(), &["draw", "--format", "svg,pdf,png", "--dpi", "72"]).code, 0);
    let svg = std::fs::read_to_string(folder.path().join("figures/small.svg")).expect("drawn");
    let png = std::fs::read(folder.path().join("figures/small.png")).expect("drawn");
    let (_, provenance) = Provenance::from_file(&png).expect("provenance");
    (folder, svg, provenance)
}

/// Verifies a file between two good ones, in a process with 3 GB of address space: the good ones have their answer, and that of the other is
/// returned.
fn between_good_ones(root: &Path, name: &str, more: &[&str]) -> Value {
    let start = Instant::now();
    let script = "ulimit -v 3000000; exec \"$@\"";
    let program = env!("CARGO_BIN_EXE_neurodyn");
    let output = Command::new("sh")
        .current_dir(root)
        .args([
            "-c",
            script,
            "sh",
            program,
            "verify",
            "--json",
            "--jobs",
            "2",
            "figures/small.svg",
            name,
            "figures/small.png",
        ])
        .args(more)
        .output()
        .expect("it runs");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{name}: no JSON: {err}"));
    assert!(start.elapsed() < Duration::from_secs(50), "{name}: {:?}", start.elapsed());
    assert_eq!(found.len(), 3, "{name}");
    assert_eq!([&found[0]["verdict"], &found[2]["verdict"]], ["verified", "verified"], "{name}: {err}");
    let code = output.status.code();
    let refused = found[1]["verdict"] == "refused";
    assert_eq!(code, Some(if refused { 2 } else { 1 }), "{name}: {err}");
    assert!(err.contains("2 of 3 figures verified"), "{name}: {err}");
    assert!(!refused || err.contains(&format!("neurodyn: error: {name}: ")), "{name}: {err}");
    found[1].clone()
}

/// A PNG that states this size, with the provenance as it is given to `chunks`, and no pixels to speak of.
fn png_of((width, height): (u32, u32), chunks: impl FnOnce(&mut png::Writer<&mut Vec<u8>>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a header");
    chunks(&mut writer);
    let nothing = miniz_oxide::deflate::compress_to_vec_zlib(&[0; 30_000_000], 9);
    writer.write_chunk(png::chunk::IDAT, &nothing).expect("pixels");
    drop(writer);
    bytes
}

fn packet(text: String, compressed: bool) -> png::text_metadata::ITXtChunk {
    let mut chunk = png::text_metadata::ITXtChunk::new(PNG_KEYWORD, text);
    chunk.compressed = compressed;
    chunk
}

#[test]
fn pixels_that_a_header_only_states_are_not_asked_for() {
    let (folder, _, provenance) = drawn();
    let root = folder.path();
    for size in [(100_000, 100_000), (2_000_000_000, 1), (1, 2_000_000_000), (2_000_000_000, 2_000_000_000)] {
        let xmp = packet(provenance.to_xmp(Media::Png), false);
        let file = png_of(size, |writer| writer.write_text_chunk(&xmp).expect("a chunk"));
        assert!(file.len() < 100_000);
        write_bytes(root, "small.png", &file);
        let found = between_good_ones(root, "small.png", &[]);
        let said = format!("{} x {} pixels", size.0, size.1);
        let text = found.to_string();
        assert!(found["verdict"] == "refused" || text.contains(&said), "{size:?}: {found:#}");
        let answer = neurodyn(root, &["cite", "small.png"]);
        assert!(answer.code == 2 && answer.out.is_empty() && answer.err.contains("small.png: "), "{}", answer.err);
    }
}

fn write_bytes(root: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(root.join(name), bytes).expect("written");
}

#[test]
fn text_that_would_grow_is_not_unfolded() {
    let (folder, svg, provenance) = drawn();
    let root = folder.path();
    let xmp = provenance.to_xmp(Media::Png).replace("<rdf:RDF", &format!("{}<rdf:RDF", " ".repeat(100_000_000)));
    let file = png_of((10, 10), |writer| writer.write_text_chunk(&packet(xmp, true)).expect("a chunk"));
    assert!(file.len() < 1_000_000, "{}", file.len());
    write_bytes(root, "unfolding.png", &file);
    let entity = format!("<!-- <svg --><!DOCTYPE svg [<!ENTITY a \"{}\">]>\n<svg ", "a".repeat(1_000_000));
    let growing =
        svg.replacen("<svg ", &entity, 1).replacen("</metadata>", &format!("</metadata>{}", "&a;".repeat(300_000)), 1);
    write_bytes(root, "growing.svg", growing.as_bytes());
    // deep, and wide
    let nested = |count: usize| format!("</metadata>{}{}", "<g>".repeat(count), "</g>".repeat(count));
    write_bytes(root, "deep.svg", svg.replacen("</metadata>", &nested(400_000), 1).as_bytes());
    write_bytes(
        root,
        "wide.svg",
        svg.replacen("</metadata>", &format!("</metadata>{}", "<g/>".repeat(2_000_000)), 1).as_bytes(),
    );
    let attributes: String = (0..4000).map(|index| format!(" a{index}=\"\"")).collect();
    write_bytes(
        root,
        "attributes.svg",
        svg.replacen("</metadata>", &format!("</metadata><g{attributes}/>"), 1).as_bytes(),
    );
    write_bytes(
        root,
        "long.svg",
        svg.replacen("</metadata>", &format!("</metadata>{}", " ".repeat(40 << 20)), 1).as_bytes(),
    );
    let toml = format!("<nd:toml># {}\n", "long ".repeat(300_000));
    write_bytes(root, "experiment.svg", svg.replacen("<nd:toml>", &toml, 1).as_bytes());
    let brackets = format!("<nd:toml>deep = {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    write_bytes(root, "brackets.svg", svg.replacen("<nd:toml>", &brackets, 1).as_bytes());
    for (name, said) in [
        ("unfolding.png", "its XMP packet is compressed"),
        ("growing.svg", "holds no provenance"),
        ("deep.svg", "drawing: line"),
        ("wide.svg", "nodes limit"),
        ("attributes.svg", "drawing: line"),
        ("long.svg", "are the most that is read"),
        ("experiment.svg", "the experiment in it has"),
        ("brackets.svg", "the experiment in it"),
    ] {
        let found = between_good_ones(root, name, &[]);
        assert!(found["verdict"] != "verified" && found.to_string().contains(said), "{name}: {found:#}");
        for arguments in [&["cite", name][..], &["new", "again", "--from", name]] {
            let start = Instant::now();
            let answer = neurodyn(root, arguments);
            // a drawing is nothing to a new experiment
            let fine = arguments[0] == "new" && found["verdict"] == "not_verified";
            assert!(answer.code == if fine { 0 } else { 2 }, "{arguments:?}: {}{}", answer.out, answer.err);
            assert!(start.elapsed() < Duration::from_secs(30), "{arguments:?}");
            std::fs::remove_file(root.join("experiments/again.toml")).ok();
        }
    }
}

#[cfg(unix)]
#[test]
fn what_is_endless_or_no_file_is_not_read() {
    let (folder, ..) = drawn();
    let root = folder.path();
    std::fs::create_dir(root.join("folder.svg")).expect("created");
    std::os::unix::fs::symlink("/dev/zero", root.join("zero.svg")).expect("linked");
    let fifo = Command::new("mkfifo").arg(root.join("fifo.svg")).status().expect("mkfifo runs");
    assert!(fifo.success());
    std::fs::File::create(root.join("huge.svg")).and_then(|file| file.set_len(1 << 40)).expect("a sparse file");
    for (name, said) in [
        ("folder.svg", "it is a folder, not a file"),
        ("zero.svg", "it is a pipe, a device or the like, not a file"),
        ("fifo.svg", "it is a pipe, a device or the like, not a file"),
        ("huge.svg", "the most allowed"),
        ("absent.svg", "cannot be read"),
    ] {
        let found = between_good_ones(root, name, &[]);
        assert!(found["refused"].as_str().is_some_and(|reason| reason.contains(said)), "{name}: {found:#}");
        for arguments in [&["cite", name][..], &["new", "again", "--from", name]] {
            let answer = neurodyn(root, arguments);
            assert!(answer.code == 2 && answer.err.contains(said), "{arguments:?}: {}", answer.err);
        }
    }
}

#[test]
fn the_reader_says_how_long_an_experiment_may_take() {
    let (folder, svg, _) = drawn();
    let root = folder.path();
    let with = |name: &str, from: &str, to: &str| {
        let text = svg.replacen(from, to, 1);
        assert_ne!(text, svg);
        write(root, name, &text);
    };
    // estimated, and refused before anything is computed
    with("many.svg", "replicas = 40", "replicas = 1000000000");
    let found = between_good_ones(root, "many.svg", &["--at-most", "20s"]);
    let reason = found["refused"].as_str().expect("refused");
    assert!(
        reason.contains("would take") && reason.contains("20 seconds are allowed") && reason.contains("--at-most"),
        "{reason}"
    );
    assert!(reason.contains("minutes") || reason.contains("hours"), "{reason}");
    assert_eq!(found["seed"], 11, "what it states is said all the same");
    // a standard error that may never be reached cannot be estimated, and one network after the other takes its time
    with("until.svg", "replicas = 40", "replicas = { target_stderr = 1e-9, at_most = 1000000000 }");
    let found = between_good_ones(root, "until.svg", &["--at-most", "2s"]);
    let reason = found["refused"].as_str().expect("refused");
    assert!(reason.contains("stopped after 2 seconds") && reason.contains("--at-most"), "{reason}");
    for time in ["0s", "10", "-1min", "1e9d", "soon"] {
        let answer = neurodyn(root, &["verify", "--at-most", time, "figures/small.svg"]);
        assert!(answer.code == 2 && answer.err.contains("it must be a time"), "{time}: {}", answer.err);
    }
}
