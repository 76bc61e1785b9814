use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use skyloom_manifest::bridge::{Application, FunctionError, Transport};

use super::{
    environment::{Environment, Failure, Log},
    in_process,
    process::{Nursery, Process},
};
use crate::clock::Clock;

/// What runs the functions.
pub(crate) enum Backend {
    /// The application is linked into this process; its requests to AWS go to `aws`.
    InProcess { application: Application, aws: Transport },
    /// The application's binary, unmodified: a child process for each execution environment.
    Processes { binary: PathBuf },
}

/// Starts execution environments.
pub(super) enum Starter {
    InProcess { application: Application, aws: Transport, clock: Clock },
    Processes { binary: Mutex<PathBuf>, nursery: Mutex<Option<Nursery>> },
}

impl Starter {
    pub(super) fn new(backend: Backend, clock: &Clock) -> Self {
        match backend {
            Backend::InProcess { application, aws } => Self::InProcess { application, aws, clock: clock.clone() },
            Backend::Processes { binary } => {
                Self::Processes { binary: Mutex::new(binary), nursery: Mutex::new(Some(Nursery::new())) }
            }
        }
    }

    pub(super) fn uses_processes(&self) -> bool {
        matches!(self, Self::Processes { .. })
    }

    pub(super) async fn start(
        &self,
        function: &str,
        variables: BTreeMap<String, String>,
        log: &Log,
    ) -> Result<Environment, Failure> {
        match self {
            Self::InProcess { application, aws, clock } => {
                in_process::start(*application, (aws, clock), function, variables, log.clone())
            }
            Self::Processes { binary, nursery } => {
                let binary = lock(binary).clone();
                let place = lock(nursery).as_ref().map(Nursery::place);
                Process::start(&binary, variables, log, place.ok_or_else(shut_down)?).await
            }
        }
    }

    pub(super) fn replace_binary(&self, path: PathBuf) {
        if let Self::Processes { binary, .. } = self {
            *lock(binary) = path;
        }
    }

    /// Kills all children and waits until they are dead; none is started afterwards.
    pub(super) async fn shut_down(&self) {
        let Self::Processes { nursery, .. } = self else { return };
        let nursery = lock(nursery).take();
        if let Some(nursery) = nursery {
            nursery.close().await;
        }
    }
}

fn shut_down() -> Failure {
    Failure::Function(FunctionError {
        error_type: "Runtime.ShutDown".into(),
        error_message: "the local runner is shutting down".into(),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
