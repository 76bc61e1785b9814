use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use skyloom_manifest::bridge::{FunctionError, Instance, Invocation};

use super::{in_process, process::Process};

/// An execution environment: a started function, which handles one invocation at a time.
pub(super) enum Environment {
    InProcess(Box<dyn Instance>),
    Process(Process),
}

/// Why an execution environment gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The function's code said so, or panicked. The environment may go on, as on AWS.
    Function(FunctionError),
    /// It is gone; how, in Lambda's words: `with error: exit status 1`.
    Exited(String),
}

impl Environment {
    pub(super) async fn invoke(&self, invocation: Invocation) -> Result<Bytes, Failure> {
        match self {
            Self::InProcess(instance) => in_process::invoke(instance.as_ref(), invocation).await,
            Self::Process(process) => process.invoke(invocation).await,
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        match self {
            Self::InProcess(_) => true,
            Self::Process(process) => process.is_alive(),
        }
    }
}

/// Takes a line of a function's log, told the function's name.
pub(crate) type LogSink = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// The log of one execution environment. It keeps the lines of the invocation under way.
#[derive(Clone)]
pub(super) struct Log {
    function: Arc<str>,
    sink: LogSink,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Log {
    pub(super) fn new(function: &str, sink: LogSink) -> Self {
        Self { function: function.into(), sink, lines: Arc::default() }
    }

    pub(super) fn line(&self, line: &str) {
        (self.sink)(&self.function, line);
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }

    /// The lines since the last time.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
