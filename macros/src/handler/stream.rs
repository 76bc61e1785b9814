//! The rules of `stream = Table` handlers.

use skyloom_manifest::rules::{self, Occasion};
use syn::{Ident, Type};

use super::{
    destination::{self, Destination},
    filter::{self, Term},
};
use crate::{errors::Errors, settings::Settings, types};

/// An event source mapping of a table's stream.
pub(super) struct Stream {
    pub(super) table: Type,
    /// The argument that takes the changes, and what the items are read as: the table's type, an entity or a collection.
    pub(super) changes: Type,
    pub(super) item: Type,
    /// Whether the handler takes a whole batch, or one change at a time.
    pub(super) batch: bool,
    pub(super) batch_size: Option<u32>,
    pub(super) batch_window: Option<u32>,
    pub(super) latest: bool,
    pub(super) retries: Option<u32>,
    pub(super) max_record_age: Option<u32>,
    pub(super) bisect: bool,
    pub(super) parallelization: Option<u32>,
    pub(super) tumbling: Option<Tumbling>,
    pub(super) on_failure: Option<Destination>,
    pub(super) filters: Vec<Vec<Term>>,
}

/// A tumbling window.
pub(super) struct Tumbling {
    pub(super) seconds: u32,
    /// The type that is carried from one invocation to the next.
    pub(super) state: Type,
}

pub(super) fn new(name: &Ident, table: Type, settings: &Settings, arguments: &[Type], errors: &mut Errors) -> Stream {
    let changes = changes(name, &table, arguments, errors);
    let batch = changes.as_ref().is_some_and(|changes| changes.batch);
    Stream {
        batch,
        item: changes.as_ref().map_or(&table, |changes| changes.item).clone(),
        changes: changes.as_ref().map_or(&table, |changes| changes.argument).clone(),
        batch_size: settings.read("batch_size", errors, |it| it.integer(&rules::STREAM_BATCH_SIZE, "")),
        batch_window: settings.read("batch_window", errors, |it| it.seconds(&rules::STREAM_BATCH_WINDOW)),
        latest: settings
            .read("starting_position", errors, |it| it.choice(&[("trim-horizon", false), ("latest", true)]))
            .unwrap_or(false),
        retries: settings.read("retries", errors, |it| it.integer(&rules::STREAM_RETRIES, "")),
        max_record_age: settings.read("max_record_age", errors, |it| it.seconds(&rules::STREAM_RECORD_AGE)),
        bisect: settings.read("bisect", errors, |it| it.flag()).unwrap_or(false),
        parallelization: settings.read("parallelization", errors, |it| it.integer(&rules::STREAM_PARALLELIZATION, "")),
        tumbling: tumbling(settings, arguments, batch, errors),
        on_failure: settings.read("on_failure", errors, |it| destination::read(it, Occasion::StreamFailure)),
        filters: filter::read_all(settings, errors),
        table,
    }
}

/// The argument that takes the changes.
struct Changes<'a> {
    argument: &'a Type,
    item: &'a Type,
    batch: bool,
}

/// Exactly one argument takes the changes. That its items are of the table is for the compiler to say.
fn changes<'a>(name: &Ident, table: &Type, arguments: &'a [Type], errors: &mut Errors) -> Option<Changes<'a>> {
    let mut changes = arguments.iter().filter_map(taken);
    let first = changes.next();
    if first.is_none() {
        let table = types::name(table).map_or("Table".to_owned(), Ident::to_string);
        let message = format!(
            "no argument takes the changes: add `change: Change<{table}>`, or `changes: Vec<Change<{table}>>` for a batch"
        );
        errors.push(name, message);
    }
    for extra in changes {
        errors.push(extra.argument, "another argument takes the changes already: remove one of them");
    }
    first
}

/// `Change<T>`, `ChangeRecord<T>` or a `Vec` of one.
fn taken(argument: &Type) -> Option<Changes<'_>> {
    let is_change = |ty| types::is_named(ty, "Change") || types::is_named(ty, "ChangeRecord");
    let inner = |ty| types::arguments(ty).into_iter().next();
    let whole = types::unwrapped(argument);
    let batch = types::is_named(whole, "Vec");
    let change = if batch { inner(whole)? } else { whole };
    is_change(change).then(|| Changes { argument, item: inner(change).unwrap_or(change), batch })
}

/// `tumbling_window = "1m"` goes with an argument `Window<State>`, of a handler of batches, on one lane.
fn tumbling(settings: &Settings, arguments: &[Type], batch: bool, errors: &mut Errors) -> Option<Tumbling> {
    let window = arguments.iter().find(|ty| types::is_named(ty, "Window"));
    let Some(setting) = settings.find("tumbling_window") else {
        if let Some(window) = window {
            errors.push(window, "there is no window here: add `tumbling_window = \"1m\"` to the handler's options");
        }
        return None;
    };
    if let Some(parallelization) = settings.find("parallelization") {
        let message = "the state of a tumbling window is that of one shard: leave `parallelization` out";
        errors.push(&parallelization.name, message);
    }
    if !batch {
        errors.push(&setting.name, "a window is of whole batches: take `changes: Vec<Change<T>>`");
    }
    let state = window.and_then(|ty| types::arguments(ty).into_iter().next().cloned());
    if state.is_none() {
        let message = "no argument takes the window's state: add `window: Window<State>`, and return the new state";
        errors.push(&setting.name, message);
    }
    let seconds = errors.keep(setting.seconds(&rules::STREAM_TUMBLING_WINDOW));
    Some(Tumbling { seconds: seconds?, state: state? })
}
