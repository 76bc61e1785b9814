//! The rules of `stream = Table` handlers.

use skyloom_manifest::rules;
use syn::{Ident, Type};

use super::{
    destination::{self, Destination},
    filter::{self, Term},
};
use crate::{errors::Errors, settings::Settings, types};

/// An event source mapping of a table's stream.
pub(super) struct Stream {
    pub(super) table: Type,
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
    let batch = check_changes(name, &table, arguments, errors);
    Stream {
        batch,
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
        on_failure: settings.read("on_failure", errors, destination::read),
        filters: filter::read_all(settings, errors),
        table,
    }
}

/// Exactly one argument takes the changes; whether it takes a batch of them.
fn check_changes(name: &Ident, table: &Type, arguments: &[Type], errors: &mut Errors) -> bool {
    let mut changes = arguments.iter().filter_map(|ty| Some((ty, change(types::unwrapped(ty))?)));
    let Some((_, (change, batch))) = changes.next() else {
        let table = types::name(table).map_or("Table".to_owned(), Ident::to_string);
        let message = format!(
            "no argument takes the changes: add `change: Change<{table}>`, or `changes: Vec<Change<{table}>>` for a batch"
        );
        errors.push(name, message);
        return false;
    };
    check_table(table, change, errors);
    for (extra, _) in changes {
        errors.push(extra, "another argument takes the changes already: remove one of them");
    }
    batch
}

/// `Change<T>`, `ChangeRecord<T>` or a `Vec` of one, and whether it is the latter.
fn change(ty: &Type) -> Option<(&Type, bool)> {
    let is_change = |ty| types::is_named(ty, "Change") || types::is_named(ty, "ChangeRecord");
    if is_change(ty) {
        return Some((ty, false));
    }
    let item = types::arguments(ty).into_iter().next()?;
    (types::is_named(ty, "Vec") && is_change(item)).then_some((item, true))
}

fn check_table(table: &Type, change: &Type, errors: &mut Errors) {
    let Some(item) = types::arguments(change).into_iter().next() else { return };
    let (Some(wanted), Some(found)) = (types::name(table), types::name(item)) else { return };
    if wanted != found {
        errors.push(item, format!("this handler is triggered by the stream of `{wanted}`: write `Change<{wanted}>`"));
    }
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
