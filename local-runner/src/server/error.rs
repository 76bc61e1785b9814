use std::{io, path::PathBuf};

use super::BindError;
use crate::runner::RunnerError;

/// Why an application cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// A port could not be taken.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The state could not be read or written.
    #[error("cannot use the state in {}: {source}; `--fresh` begins with an empty one", path.display())]
    State {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another server has the state.
    #[error(
        "another server of this application runs with the state in {}: stop it, or name another folder with `--state FOLDER`",
        path.display()
    )]
    StateInUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder for the state has other things in it.
    #[error("{} is in use for something else: name an empty folder with `--state FOLDER`", path.display())]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The application cannot run here.
    #[error("{0}")]
    Application(String),
}

impl From<RunnerError> for ServerError {
    fn from(error: RunnerError) -> Self {
        Self::Application(error.to_string())
    }
}
