//! README, CONTRIBUTING and the pages of the book: links lead somewhere, commands are commands, and what stands under `$ ...` is what they print.
//!
//! A block marked `console` is run, all those of a page one after the other in one copy of the project. In what it prints the folder of that copy
//! is /home/you/neurodyn and every time is 0.1 s; `[..]` stands for anything within a line, and a line `...` for any lines. A block marked `sh` is only read: the program must know each word of it.
//! A block marked `toml` must be TOML; one that begins with a comment `# experiments/x.toml, at its end` is put at the end of that file before what follows is run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Pages by their path from the root, those that the program writes too.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "ARCHITECTURE.md"].map(PathBuf::from).to_vec();
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("a folder") {
            let path = folder.join(entry.expect("an entry").file_name());
            if root().join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn read(page: &Path) -> String {
    fs::read_to_string(root().join(page)).expect("a page")
}

/// A block of code: its mark, the number of its first line, its lines.
struct Block {
    mark: String,
    line: usize,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let (mut blocks, mut open): (Vec<Block>, Option<Block>) = (Vec::new(), None);
    for (number, line) in text.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(mark), None) => open = Some(Block { mark: mark.to_owned(), line: number + 2, lines: Vec::new() }),
            (None, Some(mut block)) => {
                block.lines.push(line.to_owned());
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block of code has no end");
    blocks
}

/// The text without its blocks of code and without what stands between backticks.
fn prose(text: &str) -> String {
    let (mut kept, mut code) = (String::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            let parts = line.split('`').enumerate().filter(|(index, _)| index % 2 == 0);
            kept.extend(parts.map(|(_, part)| part));
            kept.push('\n');
        }
    }
    kept
}

/// Where the links and images of a text lead.
fn links(text: &str) -> Vec<String> {
    let text = prose(text);
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// The anchor that a heading has on the web.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        for target in links(&read(&page)) {
            if target.starts_with("https://") {
                continue;
            }
            let (file, heading) =
                target.split_once('#').map_or((target.as_str(), None), |(file, name)| (file, Some(name)));
            let path = if file.is_empty() { page.clone() } else { page.parent().expect("a folder").join(file) };
            assert!(root().join(&path).exists(), "{}: {target} leads nowhere", page.display());
            if let Some(heading) = heading {
                let found = read(&path)
                    .lines()
                    .any(|line| line.starts_with('#') && anchor(line.trim_start_matches('#').trim()) == heading);
                assert!(found, "{}: {target}: no such heading", page.display());
            }
        }
    }
}

#[test]
fn every_page_of_the_book_is_in_its_summary_once() {
    let mut listed: Vec<PathBuf> = links(&read(Path::new("docs/SUMMARY.md")))
        .iter()
        .filter(|target| !target.is_empty())
        .map(|target| Path::new("docs").join(target))
        .collect();
    listed.push(PathBuf::from("docs/SUMMARY.md"));
    listed.sort();
    let written: Vec<PathBuf> = pages().into_iter().filter(|page| page.starts_with("docs")).collect();
    assert_eq!(listed, written);
}

#[test]
fn readme_is_one_screen_and_types_no_number_that_the_program_knows() {
    let readme = read(Path::new("README.md"));
    assert!(readme.len() <= 6000, "README.md has {} bytes", readme.len());
    let counted = ["experiments", "figures", "cells", "tests", "activations", "commands"];
    let words: Vec<&str> = readme.split_whitespace().collect();
    for pair in words.windows(2) {
        let typed = pair[0].parse::<u64>().is_ok() && counted.contains(&pair[1].trim_end_matches([',', '.', ':']));
        // what a command prints is compared with what it prints
        assert!(!typed || pair[1] == "cells", "README.md: {} {}", pair[0], pair[1]);
    }
}

#[test]
fn workflows_use_the_toolchain_of_the_manifest() {
    let manifest = read(Path::new("Cargo.toml"));
    let promised =
        manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a version").trim_matches('"');
    for name in ["ci", "release"] {
        let text = read(Path::new(&format!(".github/workflows/{name}.yml")));
        let pinned = text.lines().find_map(|line| line.trim().strip_prefix("RUSTUP_TOOLCHAIN: ")).expect("a toolchain");
        assert!(
            pinned.trim_matches('"').starts_with(promised),
            "{name}.yml pins {pinned}, Cargo.toml promises {promised}"
        );
        for action in text.lines().filter_map(|line| line.trim().strip_prefix("- uses: ")) {
            let digest = action.split(['@', ' ']).nth(1).unwrap_or_default();
            assert!(
                digest.len() == 40 && digest.bytes().all(|b| b.is_ascii_hexdigit()),
                "{name}.yml: {action} is not pinned"
            );
        }
    }
}

/// What a line of a shell begins of this program: its words, up to a redirection, a pipe, or the end of the command.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for part in line.split("&&").flat_map(|part| part.split('|')).flat_map(|part| part.split(';')) {
        let mut words = part.split_whitespace();
        if words.next() != Some("neurodyn") {
            continue;
        }
        let words = words.take_while(|word| !word.starts_with(['>', '#', '<']));
        let is_a_place = |word: &str| word.starts_with('<') || word == "...";
        found.push(
            words.filter(|word| !is_a_place(word)).map(|word| word.trim_matches(['\'', '"']).to_owned()).collect(),
        );
    }
    found
}

#[test]
fn the_program_knows_every_command_that_is_only_shown() {
    let mut shown = 0;
    for page in pages().iter().filter(|page| !page.starts_with("docs/reference")) {
        let text = read(page);
        let sh = blocks(&text).into_iter().filter(|block| block.mark == "sh").flat_map(|block| block.lines);
        // and what stands between backticks in a sentence
        let inline = text
            .lines()
            .flat_map(|line| line.split('`').skip(1).step_by(2))
            .filter(|code| code.starts_with("neurodyn "));
        for line in sh.chain(inline.map(str::to_owned)) {
            for mut words in commands(&line) {
                words.push("--help".to_owned());
                let known = Command::new(env!("CARGO_BIN_EXE_neurodyn")).args(&words).output().expect("it runs");
                assert!(
                    known.status.success(),
                    "{}: {line}: {}",
                    page.display(),
                    String::from_utf8_lossy(&known.stderr)
                );
                shown += 1;
            }
        }
    }
    assert!(shown > 20, "only {shown} commands were found");
}

#[test]
fn every_block_of_toml_is_toml() {
    for page in pages() {
        for block in blocks(&read(&page)).iter().filter(|block| block.mark == "toml") {
            let parsed = block.lines.join("\n").parse::<toml::Table>();
            assert!(parsed.is_ok(), "{}:{}: {parsed:?}", page.display(), block.line);
        }
    }
}

/// Whether a line is this pattern, in which `[..]` stands for anything.
fn is_line(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.trim_end().split("[..]");
    let Some(mut rest) = line.trim_end().strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(place) = rest.find(part) else { return false };
        rest = &rest[place + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether these lines are those patterns, in which a line `...` stands for any lines.
fn are_lines(patterns: &[&str], lines: &[&str]) -> bool {
    match patterns.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skipped| are_lines(rest, &lines[skipped..])),
        Some((pattern, rest)) => {
            lines.split_first().is_some_and(|(line, left)| is_line(pattern, line) && are_lines(rest, left))
        }
    }
}

#[test]
fn patterns_stand_for_what_they_say() {
    assert!(
        is_line("a [..] c", "a b c")
            && is_line("a", "a ")
            && is_line("[..]x", "/y/x")
            && !is_line("a [..] c", "a b d")
            && !is_line("a", "ab")
    );
    assert!(
        are_lines(&["a", "...", "c"], &["a", "b", "b", "c"])
            && are_lines(&["..."], &[])
            && !are_lines(&["a"], &["a", "b"])
    );
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("created");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => assert!(fs::copy(entry.path(), target).is_ok()),
        }
    }
}

/// The text with every time, as the program prints it (12.3 s), made 0.1 s.
fn without_times(text: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_time =
        |word: &str| word.split_once('.').is_some_and(|(whole, rest)| digits(whole) && digits(rest) && rest.len() == 1);
    let line = |line: &str| {
        let mut words: Vec<&str> = line.split(' ').collect();
        for place in 1..words.len() {
            if words[place].trim_end_matches(',') == "s" && is_time(words[place - 1]) {
                words[place - 1] = "0.1";
            }
        }
        words.join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Runs the console blocks of a page in a copy of the project, and compares what they print.
fn run(page: &Path) -> usize {
    let blocks = blocks(&read(page));
    if !blocks.iter().any(|block| block.mark == "console") {
        return 0;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let project = folder.path();
    for part in ["examples/measure", "experiments", "figures", "tests/golden"] {
        copy(&root().join(part), &project.join(part));
    }
    let program = Path::new(env!("CARGO_BIN_EXE_neurodyn")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut ran = 0;
    for block in blocks {
        let file =
            block.lines.first().and_then(|line| line.strip_prefix("# experiments/")).filter(|_| block.mark == "toml");
        if let Some(file) = file.and_then(|rest| rest.split(',').next()) {
            let file = project.join("experiments").join(file);
            let text = fs::read_to_string(&file).expect("the file that it is put into");
            fs::write(&file, format!("{text}\n{}\n", block.lines.join("\n"))).expect("written");
        }
        if block.mark != "console" {
            continue;
        }
        let mut lines = block.lines.iter().map(String::as_str).enumerate().peekable();
        while let Some((offset, line)) = lines.next() {
            let mut command = line
                .strip_prefix("$ ")
                .unwrap_or_else(|| panic!("{}:{}: no command", page.display(), block.line))
                .to_owned();
            while command.ends_with('\\') {
                command.push('\n');
                command.push_str(lines.next().expect("the rest of the command").1);
            }
            let mut expected = Vec::new();
            while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with("$ ")) {
                expected.push(line);
            }
            let done = Command::new("sh")
                .args(["-c", &format!("({command}\n) 2>&1")])
                .current_dir(project)
                .env("PATH", &path)
                .output();
            let done = done.expect("a shell");
            let printed =
                String::from_utf8_lossy(&done.stdout).replace(&*project.to_string_lossy(), "/home/you/neurodyn");
            let printed = without_times(&printed);
            let printed: Vec<&str> = printed.lines().collect();
            let at = format!("{}:{}: {command}", page.display(), block.line + offset);
            assert!(done.status.success(), "{at}\nends with {}:\n{}", done.status, printed.join("\n"));
            assert!(
                are_lines(&expected, &printed),
                "{at}\nprints\n{}\n\nand not\n{}",
                printed.join("\n"),
                expected.join("\n")
            );
            ran += 1;
        }
    }
    ran
}

#[test]
fn commands_of_the_readme_print_what_it_says() {
    assert!(run(Path::new("README.md")) >= 5);
}

#[test]
fn commands_of_the_tutorial_print_what_it_says() {
    assert!(run(Path::new("docs/tutorial.md")) >= 8);
}

#[test]
fn commands_of_the_other_pages_print_what_they_say() {
    let others =
        pages().into_iter().filter(|page| page != Path::new("README.md") && page != Path::new("docs/tutorial.md"));
    let ran: usize = others.map(|page| run(&page)).sum();
    assert!(ran >= 15, "only {ran} commands were run");
}
