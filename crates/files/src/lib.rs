//! Whole files or none: everything is written to a temporary file, synced and renamed.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tempfile::NamedTempFile;

/// How names of temporary files begin.
const TEMPORARY: &str = ".neurodyn-";

/// A file that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: cannot be {action}: {reason}")]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What was tried, as a participle.
    pub action: &'static str,
    /// What the system said; part of the message, so no source of its own.
    pub reason: std::io::Error,
}

impl FileError {
    fn new(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> FileError {
        let path = path.to_owned();
        move |reason| FileError { path, action, reason }
    }
}

/// Writes a file at once: other readers see the old content or all of the new.
pub fn write(path: &Path, content: &[u8]) -> Result<(), FileError> {
    put(path, content, |file| file.persist(path)).map_err(FileError::new(path, "written"))
}

/// The same, but of all that create a file at a time only one does; for the others it is there already.
pub fn create(path: &Path, content: &[u8]) -> Result<(), FileError> {
    put(path, content, |file| file.persist_noclobber(path)).map_err(FileError::new(path, "created"))
}

fn put(
    path: &Path,
    content: &[u8],
    persist: impl Fn(NamedTempFile) -> Result<std::fs::File, tempfile::PersistError>,
) -> std::io::Result<()> {
    let _whole = together();
    let folder = folder_of(path);
    let attempt = || {
        let mut file = temporary(&folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        persist(file).map_err(|error| error.error)
    };
    match attempt() {
        // another process may have taken the temporary file for an abandoned one, before it was locked
        Err(error) if error.kind() == ErrorKind::NotFound => attempt(),
        result => result,
    }?;
    // the rename itself; not every file system can sync a folder, and then there is nothing more to do
    if let Ok(folder) = std::fs::File::open(&folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Makes sure that one process at a time does a thing in a folder, which is created if needed: the others wait here as long as the file
/// returned lives. A process that ends, in whatever way, lets go.
pub fn lock(folder: &Path) -> Result<std::fs::File, FileError> {
    std::fs::create_dir_all(folder).map_err(FileError::new(folder, "created"))?;
    // a folder can be locked itself, which leaves no file behind, but not everywhere
    #[cfg(unix)]
    let file = std::fs::File::open(folder);
    #[cfg(not(unix))]
    let file = std::fs::File::create(folder.join(format!("{TEMPORARY}lock")));
    let file = file.map_err(FileError::new(folder, "locked"))?;
    // on a file system without locks nobody waits
    let _ = file.lock();
    Ok(file)
}

/// Whether both are one folder that is there.
pub fn same_folder(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Makes sure that files can be created in this folder, and creates it if needed. Temporary files of processes that were killed are
/// removed.
pub fn check_writable(folder: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(folder).map_err(FileError::new(folder, "created"))?;
    remove_abandoned(folder);
    temporary(folder).map(|_| ()).map_err(FileError::new(folder, "written to"))
}

/// Makes sure that a file of this name can be created or replaced: no folder may have it.
pub fn check_replaceable(path: &Path) -> Result<(), FileError> {
    if path.is_dir() {
        return Err(FileError::new(path, "written")(ErrorKind::IsADirectory.into()));
    }
    Ok(())
}

/// Removes a file; fine where there is none.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(FileError::new(path, "removed")(error)),
        _ => Ok(()),
    }
}

/// Most bytes of a file: 1 GiB.
const MOST: u64 = 1 << 30;
/// Most bytes of a file that people write, such as that of an experiment: 16 MiB.
const MOST_BY_HAND: u64 = 1 << 24;

/// Reads a text file; lines end in a line feed, whatever a clone or an archive has made of them.
pub fn read(path: &Path) -> Result<String, FileError> {
    content(path, MOST).and_then(text).map_err(FileError::new(path, "read"))
}

/// Reads a text file that people write.
pub fn read_by_hand(path: &Path) -> Result<String, FileError> {
    content(path, MOST_BY_HAND).and_then(text).map_err(FileError::new(path, "read"))
}

/// A text whose lines end in a line feed, as bytes that need not be a text.
pub fn with_line_feeds(bytes: Vec<u8>) -> Vec<u8> {
    // a search of the standard library, which is optimised where this crate is not
    if !bytes.contains(&b'\r') {
        return bytes;
    }
    let stays = |&(index, &byte): &(usize, &u8)| byte != b'\r' || bytes.get(index + 1) != Some(&b'\n');
    bytes.iter().enumerate().filter(stays).map(|(_, &byte)| byte).collect()
}

/// Whether these bytes are this text, up to what ends its lines.
pub fn is_text(bytes: &[u8], text: &str) -> bool {
    bytes == text.as_bytes() || with_line_feeds(bytes.to_vec()) == text.as_bytes()
}

/// Reads a file of at most so many bytes.
pub fn bytes_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    content(path, most).map_err(FileError::new(path, "read"))
}

/// Reads a file of any kind.
pub fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    content(path, MOST).map_err(FileError::new(path, "read"))
}

fn text(bytes: Vec<u8>) -> std::io::Result<String> {
    String::from_utf8(with_line_feeds(bytes))
        .map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it is no text (UTF-8)"))
}

/// The bytes of a file, at most so many. What is no file, such as a pipe or a device, has no end that one could wait for.
fn content(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    // before it is opened: opening a pipe waits for its other end
    check_is_file(&std::fs::metadata(path)?)?;
    let file = std::fs::File::open(path)?;
    check_is_file(&file.metadata()?)?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let found = format!("it has more than {} MiB, the most allowed", most >> 20);
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, found));
    }
    Ok(bytes)
}

fn check_is_file(found: &std::fs::Metadata) -> std::io::Result<()> {
    if found.is_file() {
        return Ok(());
    }
    let what = if found.is_dir() { "a folder" } else { "a pipe, a device or the like" };
    Err(std::io::Error::new(ErrorKind::InvalidInput, format!("it is {what}, not a file")))
}

/// Number of those who are writing; see [`together`].
static WRITING: Mutex<u32> = Mutex::new(0);
static WRITTEN: Condvar = Condvar::new();

/// Someone who writes files that belong together: as long as this lives, [`when_nothing_is_written`] waits.
pub struct Together(());

/// Files written from here on, until the guard is dropped, belong together: an interrupt ends the program before or after them.
#[must_use]
pub fn together() -> Together {
    *WRITING.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    Together(())
}

impl Drop for Together {
    fn drop(&mut self) {
        *WRITING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        WRITTEN.notify_all();
    }
}

/// Waits until no file is being written; none is begun as long as the guard lives.
pub fn when_nothing_is_written() -> MutexGuard<'static, u32> {
    let writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    WRITTEN.wait_while(writing, |writing| *writing > 0).unwrap_or_else(PoisonError::into_inner)
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn temporary(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // narrowed by the umask, as that of every other new file
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    // says that its process lives; a file system without locks has no abandoned files either, as far as anyone can tell
    let _ = file.as_file().lock();
    Ok(file)
}

/// Removes temporary files that no living process holds. That is a courtesy: what fails is left for the next time.
fn remove_abandoned(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if !entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
            continue;
        }
        let path = entry.path();
        if std::fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole_and_leave_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        write(&path, b"one").expect("written");
        write(&path, b"two").expect("written");
        assert_eq!(read(&path).expect("read"), "two");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_file_is_created_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        create(&path, b"one").expect("created");
        let error = create(&path, b"two").expect_err("there already");
        assert_eq!(error.reason.kind(), ErrorKind::AlreadyExists);
        assert_eq!(read(&path).expect("read"), "one");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn one_at_a_time_has_the_lock_of_a_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = folder.path().join("new/one");
        let held = lock(&below).expect("locked");
        let other = std::fs::File::open(&below).expect("opened");
        assert!(matches!(other.try_lock(), Err(std::fs::TryLockError::WouldBlock)));
        drop(held);
        assert!(other.try_lock().is_ok());
        assert_eq!(std::fs::read_dir(&below).expect("listed").count(), 0);
        assert!(same_folder(&below, &below.join("../one")) && !same_folder(&below, folder.path()));
    }

    #[test]
    fn lines_end_in_line_feeds_however_they_are_stored() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        write(&path, b"a\r\nb\r c\n\r\n").expect("written");
        assert_eq!(read(&path).expect("read"), "a\nb\r c\n\n");
        assert!(is_text(b"a\r\nb\r c\n\r\n", "a\nb\r c\n\n") && is_text(b"a\n", "a\n") && !is_text(b"\xff\r", "\r"));
        assert!(!is_text(b"a\r", "a") && !is_text(b"a\r\n", "a") && !is_text(b"a\n", "a\r\n"));
    }

    #[test]
    fn abandoned_temporary_files_go_and_those_in_use_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let abandoned = folder.path().join(".neurodyn-AbCdEf");
        std::fs::write(&abandoned, b"half of someth").expect("written");
        let other = folder.path().join(".other");
        std::fs::write(&other, b"not ours").expect("written");
        let used = temporary(folder.path()).expect("a file");
        check_writable(folder.path()).expect("writable");
        assert!(!abandoned.exists() && other.exists() && used.path().exists());
        // one that was taken away all the same is written again
        let path = folder.path().join("a.txt");
        write(&path, b"one").expect("written");
        assert_eq!(read(&path).expect("read"), "one");
    }

    #[test]
    fn errors_name_the_file() {
        let error = write(Path::new("/nowhere/at/all.txt"), b"x").expect_err("no such folder").to_string();
        assert!(error.starts_with("/nowhere/at/all.txt: cannot be written"), "{error}");
        let folder = tempfile::tempdir().expect("a folder");
        let error = check_replaceable(folder.path()).expect_err("a folder").to_string();
        assert!(error.contains("cannot be written: is a directory"), "{error}");
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.toml");
        let error = bytes(folder.path()).expect_err("a folder").to_string();
        assert!(error.ends_with("cannot be read: it is a folder, not a file"), "{error}");
        std::fs::write(&path, vec![b'#'; MOST_BY_HAND as usize]).expect("written");
        assert_eq!(read_by_hand(&path).expect("just short enough").len(), 1 << 24);
        std::fs::write(&path, vec![b'#'; MOST_BY_HAND as usize + 1]).expect("written");
        let error = read_by_hand(&path).expect_err("too long").to_string();
        assert!(error.ends_with("it has more than 16 MiB, the most allowed"), "{error}");
        assert_eq!(read(&path).expect("a text").len(), (1 << 24) + 1);
        std::fs::write(&path, [0xff, 0xfe]).expect("written");
        assert!(read(&path).expect_err("no text").to_string().contains("no text (UTF-8)"));
        assert_eq!(bytes(&path).expect("bytes"), [0xff, 0xfe]);
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe.toml");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            let error = read(path).expect_err("no file").to_string();
            assert!(error.ends_with("it is a pipe, a device or the like, not a file"), "{error}");
        }
    }

    #[test]
    fn an_end_waits_for_files_that_belong_together() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let (folder, done) = (tempfile::tempdir().expect("a folder"), AtomicBool::new(false));
        let whole = together();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _quiet = when_nothing_is_written();
                assert!(done.load(Ordering::SeqCst));
            });
            // other files of the same group, while the end waits
            std::thread::sleep(std::time::Duration::from_millis(50));
            write(&folder.path().join("a.txt"), b"one").expect("written");
            done.store(true, Ordering::SeqCst);
            drop(whole);
        });
    }

    #[test]
    fn removing_what_is_not_there_is_fine() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        write(&path, b"one").expect("written");
        remove(&path).and_then(|()| remove(&path)).expect("removed");
        assert!(!path.exists() && remove(folder.path()).is_err());
    }
}
