use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

use super::ServerError;
use crate::{cognito::Snapshot, event_source::Checkpoint, runner::Runner};

/// The folder that keeps items, users and how far streams were read.
#[derive(Debug)]
pub(super) struct State {
    folder: PathBuf,
    /// What was written last, so that nothing is written twice.
    written: Mutex<[Vec<u8>; 2]>,
}

impl State {
    pub(super) fn open(folder: &Path, fresh: bool) -> Result<Self, ServerError> {
        let at = |source| ServerError::State { path: folder.into(), source };
        if fresh {
            match fs::remove_dir_all(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(error)),
                _ => {}
            }
        }
        fs::create_dir_all(folder).map_err(at)?;
        Ok(Self { folder: folder.into(), written: Mutex::default() })
    }

    /// The file of the database.
    pub(super) fn tables(&self) -> PathBuf {
        self.folder.join("tables.sqlite")
    }

    pub(super) fn users(&self) -> Option<Snapshot> {
        self.read("users.json")
    }

    pub(super) fn checkpoint(&self) -> Checkpoint {
        self.read("streams.json").unwrap_or_default()
    }

    /// What cannot be read is begun anew: it is a development server's state.
    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text = fs::read(self.folder.join(name)).ok()?;
        serde_json::from_slice(&text).inspect_err(|error| tracing::warn!(name, %error, "the state cannot be read")).ok()
    }

    /// Writes down what is new.
    pub(super) fn save(&self, runner: &Runner) -> Result<(), ServerError> {
        let users = json(&runner.account().cognito().snapshot());
        let streams = json(&runner.checkpoint());
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        for (slot, (name, text)) in [("users.json", users), ("streams.json", streams)].into_iter().enumerate() {
            if written[slot] != text {
                let path = self.folder.join(name);
                replace(&path, &text).map_err(|source| ServerError::State { path, source })?;
                written[slot] = text;
            }
        }
        Ok(())
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// The file is whole at every moment, and only its owner can read it: the signing key is in it.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(text)?;
    fs::rename(new, path)
}
