use std::{
    fs, io,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use super::ServerError;

/// Keeps the binary of each version under a name of its own: the next build writes over the one that it was built as,
/// while the old version still serves.
#[derive(Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
    next: AtomicU64,
}

impl Binaries {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, next: AtomicU64::new(1) }
    }

    /// The path under which the binary stays what it is now.
    pub(super) fn adopt(&self, built: PathBuf) -> Result<PathBuf, ServerError> {
        let version = self.next.fetch_add(1, Ordering::Relaxed);
        let kept = self.folder.join(format!("{}-{version}", std::process::id()));
        if version == 1 {
            let _ = fs::remove_dir_all(&self.folder); // of earlier runs; if it stays, it is only in the way
        }
        let adopt = || -> io::Result<()> {
            fs::create_dir_all(&self.folder)?;
            // A link takes no time; where there can be none, a copy does the same.
            fs::hard_link(&built, &kept).or_else(|_| fs::copy(&built, &kept).map(drop))
        };
        adopt().map_err(|source| ServerError::State { path: kept.clone(), source })?;
        Ok(kept)
    }
}
