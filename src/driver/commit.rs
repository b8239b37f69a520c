//! The commit of a folder, read from the files of git. No program is run: a git that hangs, or a configuration that names programs to be
//! run, is no part of a computation.

use crate::files;
use std::path::{Component, Path, PathBuf};

/// Most references followed from one to the next.
const DEEPEST: usize = 5;

/// The commit that is checked out in the nearest repository upwards; files may differ from it. `None` where there is none, or its files
/// are not as git writes them.
pub(super) fn commit(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let folder = root.ancestors().map(|folder| folder.join(".git")).find(|path| path.exists())?;
    let own = if folder.is_dir() { folder } else { other(&folder, "gitdir: ")? };
    // what the worktrees of a repository share
    let shared = other(&own.join("commondir"), "").unwrap_or_else(|| own.clone());
    let mut text = line(&own.join("HEAD"))?;
    for _ in 0..DEEPEST {
        let Some(name) = text.strip_prefix("ref: ") else {
            return is_hash(&text).then_some(text);
        };
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !(inside && name.starts_with("refs/")) {
            return None;
        }
        let name = name.to_owned();
        let loose = [&own, &shared].into_iter().find_map(|folder| line(&folder.join(&name)));
        text = loose.or_else(|| packed(&shared.join("packed-refs"), &name))?;
    }
    None
}

/// The folder that the line of a file names after this word, from the folder of the file.
fn other(file: &Path, word: &str) -> Option<PathBuf> {
    let text = line(file)?;
    Some(file.parent()?.join(text.strip_prefix(word)?))
}

/// The first line of a file.
fn line(path: &Path) -> Option<String> {
    Some(files::read_by_hand(path).ok()?.lines().next()?.trim_end().to_owned())
}

fn packed(path: &Path, name: &str) -> Option<String> {
    let text = files::read_by_hand(path).ok()?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.find(|(_, other)| other.trim_end() == name).map(|(hash, _)| hash.to_owned())
}

/// SHA-1 or SHA-256.
fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        std::fs::write(path, text).expect("written");
    }

    #[test]
    fn loose_packed_and_detached_heads_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let [one, two] = ["a1".repeat(20), "0b".repeat(32)];
        std::fs::create_dir_all(root.join("deep/inside")).expect("created");
        assert_eq!(commit(&root.join("deep/inside")), None, "no repository here");
        write(root, ".git/HEAD", "ref: refs/heads/main\n");
        assert_eq!(commit(root), None, "no commit yet");
        write(root, ".git/packed-refs", &format!("# pack-refs with: peeled\n{one} refs/heads/main\n^{two}\n"));
        assert_eq!(commit(&root.join("deep/inside")), Some(one.clone()));
        write(root, ".git/refs/heads/main", &format!("{two}\n"));
        assert_eq!(commit(root), Some(two));
        write(root, ".git/HEAD", &format!("{one}\r\n"));
        assert_eq!(commit(root), Some(one));
    }

    #[test]
    fn worktrees_lead_to_their_repository() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let hash = "c3".repeat(20);
        write(root, "main/.git/refs/heads/side", &hash);
        write(root, "main/.git/worktrees/side/HEAD", "ref: refs/heads/side\n");
        write(root, "main/.git/worktrees/side/commondir", "../..\n");
        write(root, "side/.git", "gitdir: ../main/.git/worktrees/side\n");
        assert_eq!(commit(&root.join("side")), Some(hash));
    }

    #[test]
    fn files_that_are_not_as_git_writes_them_give_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        write(root, "secret", &"d4".repeat(20));
        write(root, ".git/refs/heads/loop", "ref: refs/heads/loop\n");
        for head in
            ["", "\n", "ref: refs/heads/loop", "ref: ../secret", "ref: refs/../../secret", "ref: /secret", "abc"]
        {
            write(root, ".git/HEAD", head);
            assert_eq!(commit(root), None, "{head:?}");
        }
    }
}
