//! What becomes of events that nobody waits for: `retries`, `max_event_age`, `on_failure`, `on_success`, `dead_letter`.

use skyloom_manifest::rules::{self, Occasion};
use syn::Ident;

use super::{
    destination::{self, Destination},
    options::Kind,
};
use crate::{errors::Errors, settings::Settings};

/// The options of asynchronous invocations; `None` is as usual.
#[derive(Default)]
pub(super) struct EventInvoke {
    pub(super) retries: Option<u32>,
    pub(super) max_age: Option<u32>,
    pub(super) on_failure: Option<Destination>,
    pub(super) on_success: Option<Destination>,
    pub(super) dead_letter: Option<Destination>,
}

impl EventInvoke {
    pub(super) fn new(kind: Kind, handler: &Ident, settings: &Settings, errors: &mut Errors) -> Self {
        if !kind.is_asynchronous() {
            return Self::default(); // a stream has options of the same names
        }
        let mut destination = |option: &str, occasion| {
            let read = settings.read(option, errors, |it| destination::read(it, occasion))?;
            check_other(&read, handler, errors);
            Some(read)
        };
        let [on_failure, on_success, dead_letter] = [
            destination("on_failure", Occasion::Failure),
            destination("on_success", Occasion::Success),
            destination("dead_letter", Occasion::DeadLetter),
        ];
        Self {
            retries: settings.read("retries", errors, |it| it.integer(&rules::EVENT_RETRIES, "")),
            max_age: settings.read("max_event_age", errors, |it| it.seconds(&rules::EVENT_AGE)),
            on_failure,
            on_success,
            dead_letter,
        }
    }
}

/// Lambda takes no function for a destination of its own. That a named one is there shows in the manifest.
fn check_other(destination: &Destination, handler: &Ident, errors: &mut Errors) {
    if let Some(name) = destination.function().filter(|name| crate::names::text(handler) == name.value()) {
        errors.push(name, "a function is no destination of its own: name another `invoke` handler");
    }
}
