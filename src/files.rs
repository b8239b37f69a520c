//! Whole files or none: everything is written to a temporary file, synced and renamed.

use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How names of temporary files begin.
const TEMPORARY: &str = ".neurodyn-";

/// A file that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: cannot be {action}: {source}")]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What was tried, as a participle.
    pub action: &'static str,
    /// What the system said.
    pub source: std::io::Error,
}

impl FileError {
    fn new(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> FileError {
        let path = path.to_owned();
        move |source| FileError { path, action, source }
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

/// Reads a text file; lines end in a line feed, whatever a clone or an archive has made of them.
pub fn read(path: &Path) -> Result<String, FileError> {
    let text = std::fs::read_to_string(path).map_err(FileError::new(path, "read"))?;
    Ok(if text.contains("\r\n") { text.replace("\r\n", "\n") } else { text })
}

/// Whether these bytes are this text, up to what ends its lines.
pub fn is_text(bytes: &[u8], text: &str) -> bool {
    let with_line_feeds = |bytes: &[u8]| {
        let mut kept = Vec::with_capacity(bytes.len());
        for (index, &byte) in bytes.iter().enumerate() {
            if byte != b'\r' || bytes.get(index + 1) != Some(&b'\n') {
                kept.push(byte);
            }
        }
        kept
    };
    bytes == text.as_bytes() || with_line_feeds(bytes) == text.as_bytes()
}

/// Reads a regular file of at most so many bytes: what others give may be endless, or a device.
pub fn bytes_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    let attempt = || {
        if !std::fs::metadata(path)?.is_file() {
            return Err(std::io::Error::new(ErrorKind::InvalidInput, "it is no regular file"));
        }
        let mut bytes = Vec::new();
        // it may grow while it is read
        std::fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            let message = format!("it has more than {most} bytes, the most allowed");
            return Err(std::io::Error::new(ErrorKind::FileTooLarge, message));
        }
        Ok(bytes)
    };
    attempt().map_err(FileError::new(path, "read"))
}

/// Reads a file of any kind.
pub fn bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(FileError::new(path, "read"))
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
        assert_eq!(error.source.kind(), ErrorKind::AlreadyExists);
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
    fn what_is_too_large_or_no_file_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.txt");
        write(&path, b"12345").expect("written");
        assert_eq!(bytes_at_most(&path, 5).expect("read"), b"12345");
        let error = bytes_at_most(&path, 4).expect_err("too large").to_string();
        assert!(error.ends_with("a.txt: cannot be read: it has more than 4 bytes, the most allowed"), "{error}");
        for path in [folder.path(), Path::new("/dev/zero")] {
            let error = bytes_at_most(path, 4).expect_err("no file").to_string();
            assert!(error.ends_with("it is no regular file"), "{error}");
        }
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
