//! The reference of the book: written from the program alone, and committed as the program writes it.

use super::{files_below, neurodyn, project, write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The reference of this project, in `docs/reference` of a new folder beside this table of contents.
fn reference(root: &Path, contents: Option<&str>) -> (TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().expect("a folder");
    if let Some(contents) = contents {
        write(folder.path(), "docs/SUMMARY.md", contents);
    }
    let pages = folder.path().join("docs/reference");
    let answer = neurodyn(root, &["reference", "--out", pages.to_str().expect("UTF-8")]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    (folder, pages, answer.err)
}

/// Names of pages below a folder.
fn pages(folder: &Path) -> Vec<String> {
    let below = |path: String| Path::new(&path).strip_prefix(folder).expect("below").display().to_string();
    files_below(folder).into_iter().map(below).collect()
}

#[test]
fn the_committed_pages_are_what_the_program_writes() {
    let committed = repository().join("docs/reference");
    let contents = repository().join("docs/SUMMARY.md");
    let contents = contents.exists().then(|| read(&contents));
    let (_folder, written, _) = reference(repository(), contents.as_deref());
    assert_eq!(
        pages(&committed),
        pages(&written),
        "write the pages with: make reference (and remove those of what is gone)"
    );
    for page in pages(&written) {
        let same = read(&committed.join(&page)) == read(&written.join(&page));
        assert!(same, "docs/reference/{page} is not what the program writes; write it with: make reference");
    }
    if let Some(contents) = contents {
        let filled = read(&written.with_file_name("SUMMARY.md"));
        assert_eq!(contents, filled, "docs/SUMMARY.md does not list the pages; fill it with: make reference");
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let folder = repository().join("docs/reference");
    let mut links = 0;
    for name in pages(&folder) {
        let page = folder.join(&name);
        for part in read(&page).split("](").skip(1) {
            let target = part.split([')', '#']).next().unwrap_or_default();
            let place = page.parent().expect("a folder").join(target);
            assert!(place.exists(), "{name}: nothing is at {target}");
            links += 1;
        }
    }
    let index = read(&folder.join("experiments/index.md"));
    assert!(!index.contains("** |"), "the file of an experiment says nothing at its head");
    let experiments = std::fs::read_dir(repository().join("experiments")).expect("a folder").count();
    assert!(links > 4 * experiments, "{links}");
}

#[test]
fn the_table_of_contents_gets_the_pages_and_keeps_the_rest() {
    let project = project();
    let text =
        "# Book\n\n- [Start](start.md)\n\n<!-- generated: experiments -->\nold\n<!-- end -->\n\n- [More](more.md)\n";
    let (folder, pages, said) = reference(project.path(), Some(text));
    let listed = "- [Commands](reference/commands.md)\n- [What init answers](reference/initialisation.md)\n- [Activations](reference/activations.md)\n\
                  - [Experiments](reference/experiments/index.md)\n  - [activity]()\n    - [A small one](reference/experiments/small.md)\n";
    let filled = text.replace("old\n", &format!("\n{listed}\n"));
    assert_eq!(read(&folder.path().join("docs/SUMMARY.md")), filled);
    assert!(said.contains("5 pages") && said.contains("SUMMARY.md: the pages are in it"), "{said}");
    let page = read(&pages.join("experiments/small.md"));
    assert!(page.contains("They are known once it has run") && page.contains("nothing to cite"), "{page}");
    let (folder, _, said) = reference(project.path(), Some("# Book\n"));
    assert_eq!(read(&folder.path().join("docs/SUMMARY.md")), "# Book\n");
    assert!(said.contains("has no line <!-- generated: experiments -->"), "{said}");
}

#[test]
fn nothing_is_written_where_the_table_of_contents_or_an_experiment_is_broken() {
    let project = project();
    let root = project.path();
    write(root, "docs/SUMMARY.md", "# Book\n\n<!-- generated: experiments -->\n");
    let answer = neurodyn(root, &["reference"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("SUMMARY.md:3: the line <!-- generated: experiments --> is there"), "{}", answer.err);
    assert!(!root.join("docs/reference").exists());
    write(root, "experiments/broken.toml", "family = 1\n");
    let answer = neurodyn(root, &["reference", "--out", "pages"]);
    assert_eq!(answer.code, 2);
    assert!(answer.err.contains("experiments/broken.toml:1"), "{}", answer.err);
    assert!(!root.join("pages").exists());
}
