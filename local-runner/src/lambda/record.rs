use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::invoke::InvokeError;

/// So many invocations are remembered.
const CAPACITY: usize = 1_000;

/// What is remembered of an invocation.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) request_id: String,
    /// The function's name in the manifest.
    pub(crate) function: String,
    /// How long the start of the environment took, if the invocation needed a new one.
    pub(crate) init: Option<Duration>,
    pub(crate) duration: Duration,
    /// In MB.
    pub(crate) memory: u32,
    /// What the function logged meanwhile.
    pub(crate) log: Vec<String>,
    /// Nothing if it answered.
    pub(crate) error: Option<InvokeError>,
}

/// As Lambda writes it to the function's log.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.request_id;
        writeln!(f, "START RequestId: {id} Version: $LATEST")?;
        for line in &self.log {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "END RequestId: {id}")?;
        let milliseconds = self.duration.as_secs_f64() * 1_000.0;
        write!(f, "REPORT RequestId: {id}\tDuration: {milliseconds:.2} ms\t")?;
        write!(f, "Billed Duration: {:.0} ms\tMemory Size: {} MB", milliseconds.ceil(), self.memory)?;
        if let Some(init) = self.init {
            write!(f, "\tInit Duration: {:.2} ms", init.as_secs_f64() * 1_000.0)?;
        }
        match &self.error {
            None => Ok(()),
            Some(InvokeError::TimedOut { .. }) => f.write_str("\tStatus: timeout"),
            Some(error) => write!(f, "\tStatus: error\tError: {error}"),
        }
    }
}

/// The last invocations, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Records(Mutex<VecDeque<Record>>);

impl Records {
    pub(super) fn push(&self, record: Record) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() == CAPACITY {
            records.pop_front();
        }
        records.push_back(record);
    }

    pub(super) fn list(&self) -> Vec<Record> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
