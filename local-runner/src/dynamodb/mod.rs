//! DynamoDB and its streams: an embedded engine behind AWS's wire protocol.
//!
//! Everything that the engine does not do as AWS does is in this module, so that nothing outside knows the engine.

mod access;
mod arn;
mod attributes;
mod backups;
mod decode;
mod expiry;
mod expression;
mod guard;
mod leading_keys;
mod operation;
mod schema;
mod streams;
mod update;
mod wire;

#[cfg(test)]
mod tests;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, atomic::AtomicU64},
    time::SystemTime,
};

use bytes::Bytes;
use dynoxide::{Database, errors::DynoxideError};
use http::Response;
use skyloom_manifest::Manifest;
use tokio::sync::watch;

use self::{
    operation::Operation,
    streams::{Ledger, specification},
    wire::Failure,
};
pub(crate) use self::{schema::TableError, streams::ShardRecord};
use crate::{clock::Clock, site::Site};

/// The tables of one application.
#[derive(Debug)]
pub(crate) struct DynamoDb {
    engine: Engine,
    site: Site,
    /// Counts the requests that may have written, so that who waits for stream records need not poll.
    writes: watch::Sender<u64>,
    /// Counts all requests; their ids are made from it.
    requests: AtomicU64,
    earliest: expiry::Earliest,
    ledger: Ledger,
    backups: backups::Backups,
}

impl DynamoDb {
    /// Empty, kept in memory, and on the runner's time: stream records and expiry follow `clock`.
    pub(crate) fn in_memory(site: Site, clock: Clock) -> Result<Self, TableError> {
        let database = Database::memory_with_clock(Arc::new(EngineClock(clock.clone())))?;
        Ok(Self::new(database, Place::Memory(clock), site))
    }

    /// Kept in a file, which is made if there is none. The engine then follows the machine's clock, as the server does.
    pub(crate) fn open(path: &Path, site: Site) -> Result<Self, TableError> {
        Ok(Self::new(open_file(path)?, Place::File(path.to_owned()), site))
    }

    fn new(database: Database, place: Place, site: Site) -> Self {
        let ledger = match &place {
            Place::Memory(_) => Ledger::default(),
            Place::File(path) => Ledger::beside(path),
        };
        Self {
            engine: Engine { database: RwLock::new(database), place },
            site,
            writes: watch::Sender::new(0),
            requests: AtomicU64::new(0),
            earliest: expiry::Earliest::default(),
            ledger,
            backups: backups::Backups::default(),
        }
    }

    /// Makes the application's tables, where they are not there yet.
    ///
    /// # Errors
    /// When a table is there with other keys, indexes, stream or expiry than the application's.
    pub(crate) fn create_tables(&self, manifest: &Manifest) -> Result<(), TableError> {
        let engine = self.engine.current();
        let now = self.now_seconds();
        for table in &manifest.tables {
            schema::create(&engine, &self.site, &self.ledger, table)?;
            self.backups.declare(&self.site.physical_name(&table.name), table.options.point_in_time_recovery, now);
        }
        Ok(())
    }

    /// Answers a request as DynamoDB does; `target` is its `X-Amz-Target`.
    pub(crate) fn handle(&self, target: &str, body: &[u8]) -> Response<Bytes> {
        let answer = self.answer(target, body);
        wire::response(answer, &self.next_request_id())
    }

    /// A receiver that sees a change after each request that may have written, and after expiry.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.writes.subscribe()
    }

    fn answer(&self, target: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        let operation = Operation::from_target(target).ok_or(Failure::UnknownOperation)?;
        let mut request = guard::admit(operation, body)?;
        let engine = self.engine.current();
        let names = arn::read(&self.site, &mut request)?;
        let change = specification::read(&self.context(&engine), operation, &mut request)?;
        let mentioned = expiry::mentioned(&engine, operation, &request);
        let answer = self.engine.run(|database| operation::run(&self.context(database), operation, request));
        if answer.is_ok() {
            self.earliest.note(&engine, mentioned, self.now_seconds());
            specification::note(&self.context(&engine), &change);
        }
        if operation.writes() && answer.is_ok() {
            self.note_write();
        }
        arn::write(&self.site, &self.ledger, &names, operation, answer)
    }

    fn note_write(&self) {
        self.writes.send_modify(|count| *count += 1);
    }
}

/// The engine, and where it keeps its state.
struct Engine {
    database: RwLock<Database>,
    place: Place,
}

/// Where the state is, and with it whose time the engine follows.
#[derive(Debug)]
enum Place {
    Memory(Clock),
    File(PathBuf),
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("place", &self.place).finish_non_exhaustive()
    }
}

impl Engine {
    fn current(&self) -> Database {
        self.database.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn now(&self) -> SystemTime {
        match &self.place {
            Place::Memory(clock) => clock.now(),
            Place::File(_) => SystemTime::now(),
        }
    }

    /// A panic of the engine is the answer to the one request that caused it.
    fn run<T>(&self, call: impl FnOnce(&Database) -> Result<T, Failure>) -> Result<T, Failure> {
        let database = self.current();
        catch_unwind(AssertUnwindSafe(|| call(&database))).unwrap_or_else(|_| {
            self.reopen();
            Err(DynoxideError::InternalServerError("The request processing has failed.".into()).into())
        })
    }

    /// A panic may leave the engine's lock poisoned and its transaction open; a new connection has neither.
    fn reopen(&self) {
        let Place::File(path) = &self.place else { return };
        let Ok(fresh) = open_file(path) else { return };
        *self.database.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}

fn open_file(path: &Path) -> Result<Database, DynoxideError> {
    Database::new(&path.to_string_lossy())
}

/// The runner's clock in the engine's terms.
struct EngineClock(Clock);

impl dynoxide::storage_backend::Clock for EngineClock {
    fn now_unix_secs(&self) -> u64 {
        self.0.since_epoch().as_secs()
    }

    fn now_unix_secs_f64(&self) -> f64 {
        self.0.since_epoch().as_secs_f64()
    }
}
