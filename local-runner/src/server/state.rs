use std::{
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

use super::ServerError;
use crate::{cognito::Snapshot, event_source::Checkpoint, random::Random, runner::Runner, secrets_manager::Vault};

/// The folder that keeps items, users, secrets and how far streams were read.
#[derive(Debug)]
pub(super) struct State {
    folder: PathBuf,
    /// What was written last, so that nothing is written twice.
    written: Mutex<[Vec<u8>; 3]>,
    /// Held as long as this lives: two servers would overwrite each other's state.
    _lock: File,
}

/// The file that a server locks; a folder that has it is one of ours.
const LOCK: &str = "skyloom.lock";

impl State {
    pub(super) fn open(folder: &Path, fresh: bool) -> Result<Self, ServerError> {
        let at = |source| ServerError::State { path: folder.into(), source };
        fs::create_dir_all(folder).map_err(at)?;
        if !is_ours(folder).map_err(at)? {
            return Err(ServerError::ForeignFolder { path: folder.into() });
        }
        let lock = File::create(folder.join(LOCK)).map_err(at)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ServerError::StateInUse { path: folder.into() }),
            Err(TryLockError::Error(source)) => return Err(at(source)),
        }
        if fresh {
            empty(folder).map_err(at)?;
        }
        Ok(Self { folder: folder.into(), written: Mutex::default(), _lock: lock })
    }

    /// The file of the database.
    pub(super) fn tables(&self) -> PathBuf {
        self.folder.join("tables.sqlite")
    }

    pub(super) fn users(&self) -> Option<Snapshot> {
        self.read("users.json")
    }

    pub(super) fn secrets(&self) -> Vault {
        self.read("secrets.json").unwrap_or_default()
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        self.read("streams.json").unwrap_or_default()
    }

    /// The key of cursors, made at the first start and kept, so that a page that a browser shows goes on after a restart.
    pub(super) fn cursor_key(&self, random: &Random) -> Result<String, ServerError> {
        let path = self.folder.join("cursor.key");
        if let Some(key) = fs::read_to_string(&path).ok().filter(|key| !key.is_empty()) {
            return Ok(key);
        }
        let key = random.hex::<32>();
        replace(&path, key.as_bytes()).map_err(|source| ServerError::State { path, source })?;
        Ok(key)
    }

    /// What cannot be read is begun anew: it is a development server's state.
    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text = fs::read(self.folder.join(name)).ok()?;
        serde_json::from_slice(&text).inspect_err(|error| tracing::warn!(name, %error, "the state cannot be read")).ok()
    }

    /// Writes down what is new.
    pub(super) fn save(&self, runner: &Runner) -> Result<(), ServerError> {
        let users = json(&runner.account().cognito().snapshot());
        let secrets = json(&runner.account().secrets.snapshot());
        let streams = json(&runner.checkpoint());
        let files = [("users.json", users), ("secrets.json", secrets), ("streams.json", streams)];
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for (slot, (name, text)) in files.into_iter().enumerate() {
            if written[slot] != text {
                let path = self.folder.join(name);
                replace(&path, &text).map_err(|source| ServerError::State { path, source })?;
                written[slot] = text;
            }
        }
        Ok(())
    }
}

/// A folder that has other things in it is not to be emptied.
fn is_ours(folder: &Path) -> io::Result<bool> {
    Ok(folder.join(LOCK).exists() || fs::read_dir(folder)?.next().is_none())
}

/// Removes what is in the folder, except for the lock, which has to stay the same file, and the certificate that may be trusted.
fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == LOCK || entry.file_name() == super::tls::FOLDER {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The file is whole at every moment, and only its owner can read it: the signing key and the secrets are in some.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(text)?;
    fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_server_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = State::open(folder.path(), false).unwrap();
        let refused = State::open(folder.path(), true).unwrap_err();
        assert!(matches!(refused, ServerError::StateInUse { .. }), "{refused}");
        drop(first);
        State::open(folder.path(), true).unwrap();
    }

    #[test]
    fn a_fresh_start_forgets_everything() {
        let folder = tempfile::tempdir().unwrap();
        drop(State::open(folder.path(), false).unwrap());
        fs::write(folder.path().join("users.json"), "{}").unwrap();
        fs::create_dir(folder.path().join("bin")).unwrap();
        drop(State::open(folder.path(), false).unwrap());
        assert!(folder.path().join("users.json").exists());

        drop(State::open(folder.path(), true).unwrap());
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [LOCK]);
    }

    #[test]
    fn the_cursor_key_is_kept_until_a_fresh_start() {
        let folder = tempfile::tempdir().unwrap();
        let key = |fresh| State::open(folder.path(), fresh).unwrap().cursor_key(&Random::system()).unwrap();
        let first = key(false);
        assert_eq!((first.len(), key(false)), (64, first.clone()));
        assert_ne!(key(true), first);
    }

    #[test]
    fn a_folder_with_other_things_in_it_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "").unwrap();
        let refused = State::open(folder.path(), true).unwrap_err();
        assert!(matches!(refused, ServerError::ForeignFolder { .. }), "{refused}");
        assert!(folder.path().join("thesis.txt").exists());
    }
}
