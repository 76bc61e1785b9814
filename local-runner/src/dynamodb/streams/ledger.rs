//! What the engine does not remember of streams.
//!
//! It always records both images, since only those tell whether a write changed anything; which of them a table's
//! stream shows is kept here. So are streams that were disabled, and where a stream begins that follows another.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use skyloom_manifest::StreamView;

use super::{sequence::Sequence, stream::Stream};

#[derive(Debug, Default)]
pub(in crate::dynamodb) struct Ledger {
    tables: Mutex<Tables>,
    file: Option<PathBuf>,
}

type Tables = BTreeMap<String, Entry>;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Entry {
    view: Option<StreamView>,
    /// No number below this is in the stream that the table has now.
    floor: i64,
    former: Vec<Former>,
    /// The records of items that expired.
    expired: BTreeSet<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Former {
    label: String,
    view: StreamView,
    start: i64,
    end: i64,
}

impl Ledger {
    /// Kept beside the engine's file; nothing is known if there is none yet.
    pub(in crate::dynamodb) fn beside(database: &Path) -> Self {
        let file = database.with_extension("streams.json");
        let stored = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        Self { tables: Mutex::new(stored.unwrap_or_default()), file: Some(file) }
    }

    /// What the records of a table's stream show.
    pub(in crate::dynamodb) fn view(&self, table: &str) -> Option<StreamView> {
        self.tables().get(table)?.view
    }

    pub(in crate::dynamodb) fn declare(&self, table: &str, view: StreamView) {
        self.change(table, |entry| entry.view = Some(view));
    }

    pub(super) fn floor(&self, table: &str) -> Sequence {
        Sequence(self.tables().get(table).map_or(0, |entry| entry.floor))
    }

    /// The tables that had a stream which was disabled.
    pub(super) fn tables_with_former(&self) -> Vec<String> {
        self.tables().iter().filter(|(_, entry)| !entry.former.is_empty()).map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn former(&self, table: &str) -> Vec<Stream> {
        let tables = self.tables();
        let former = tables.get(table).into_iter().flat_map(|entry| &entry.former);
        former.map(|former| former.stream(table)).collect()
    }

    /// Notes that a stream has ended, and forgets those that ended before `horizon`.
    pub(super) fn end(&self, stream: &Stream, end: Sequence, horizon: Sequence) {
        self.change(&stream.table, |entry| {
            entry.former.retain(|former| former.end > horizon.0);
            let Stream { label, view, start, .. } = stream.clone();
            entry.former.push(Former { label, view, start: start.0, end: end.0 });
            entry.floor = end.0;
        });
    }

    /// Notes that a table is gone. Another of its name has none of the records that it leaves behind.
    pub(super) fn forget(&self, table: &str, floor: Sequence) {
        self.change(table, |entry| *entry = Entry { floor: floor.0, ..Entry::default() });
    }

    pub(super) fn is_of_expiry(&self, table: &str, record: Sequence) -> bool {
        self.tables().get(table).is_some_and(|entry| entry.expired.contains(&record.0))
    }

    /// Notes which records are of items that expired, and forgets those that are trimmed.
    pub(super) fn note_expired(&self, table: &str, records: Vec<Sequence>, horizon: Sequence) {
        self.change(table, |entry| {
            entry.expired = entry.expired.split_off(&horizon.0);
            entry.expired.extend(records.into_iter().map(|record| record.0));
        });
    }

    fn change(&self, table: &str, change: impl FnOnce(&mut Entry)) {
        let mut tables = self.tables();
        change(tables.entry(table.to_owned()).or_default());
        if let Some(file) = &self.file
            && let Err(error) = save(file, &tables)
        {
            tracing::warn!(file = %file.display(), %error, "what is known of the streams could not be kept");
        }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Former {
    fn stream(&self, table: &str) -> Stream {
        Stream {
            table: table.to_owned(),
            label: self.label.clone(),
            view: self.view,
            start: Sequence(self.start),
            end: Some(Sequence(self.end)),
        }
    }
}

/// Written whole and then named, so that a process that ends meanwhile leaves the old or the new.
fn save(file: &Path, tables: &Tables) -> std::io::Result<()> {
    let unfinished = file.with_extension("json.new");
    let mut into = std::fs::File::create(&unfinished)?;
    into.write_all(&serde_json::to_vec_pretty(tables)?)?;
    into.sync_all()?;
    std::fs::rename(unfinished, file)
}

/// The view that DynamoDB's API calls so.
pub(super) fn view_named(name: &str) -> Option<StreamView> {
    use StreamView as V;
    [V::NewImage, V::OldImage, V::NewAndOldImages, V::KeysOnly].into_iter().find(|view| view.as_str() == name)
}
