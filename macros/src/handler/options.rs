//! Which option belongs to which trigger, and the options that every handler has.

use skyloom_manifest::rules;
use syn::LitStr;

use super::{allow, parse::Trigger};
use crate::{
    errors::Errors,
    setting::Setting,
    settings::{Settings, suggest},
};

/// A kind of trigger, as messages call it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Http,
    Stream,
    Schedule,
    Authorizer,
    Invoke,
}

use Kind::{Authorizer, Http, Invoke, Schedule, Stream};

const ALL: &[Kind] = &[Http, Stream, Schedule, Authorizer, Invoke];

const OPTIONS: [(&str, &[Kind]); 19] = [
    ("memory", ALL),
    ("timeout", ALL),
    ("concurrency", ALL),
    ("allow", ALL),
    ("auth", &[Http]),
    ("scopes", &[Http]),
    ("groups", &[Http]),
    ("api", &[Http]),
    ("filter", &[Stream]),
    ("batch_size", &[Stream]),
    ("batch_window", &[Stream]),
    ("retries", &[Stream]),
    ("max_record_age", &[Stream]),
    ("bisect", &[Stream]),
    ("parallelization", &[Stream]),
    ("starting_position", &[Stream]),
    ("tumbling_window", &[Stream]),
    ("on_failure", &[Stream]),
    ("cache", &[Authorizer]),
];

/// What the design has and this version has not.
const LATER: [&str; 1] = ["layer"];

impl Kind {
    pub(super) fn of(trigger: &Trigger) -> Self {
        match trigger {
            Trigger::Http { .. } => Http,
            Trigger::Stream { .. } => Stream,
            Trigger::Schedule { .. } => Schedule,
            Trigger::Authorizer => Authorizer,
            Trigger::Invoke => Invoke,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Http => "HTTP",
            Stream => "stream",
            Schedule => "schedule",
            Authorizer => "authorizer",
            Invoke => "invoke",
        }
    }

    /// Seconds; API Gateway stops waiting sooner than Lambda does.
    fn timeout(self) -> std::ops::RangeInclusive<u64> {
        match self {
            Http => rules::HTTP_TIMEOUT,
            Authorizer => rules::AUTHORIZER_TIMEOUT,
            Stream | Schedule | Invoke => rules::TIMEOUT,
        }
    }

    pub(super) fn settings(self, all: Vec<Setting>, errors: &mut Errors) -> Settings {
        Settings::new(all, &["allow", "filter"], |name| self.explain(name), errors)
    }

    /// Why this is no option of this trigger.
    fn explain(self, name: &str) -> Option<String> {
        if LATER.contains(&name) {
            return Some(format!("this version of Skyloom has no option `{name}` yet"));
        }
        match OPTIONS.iter().find(|(option, _)| *option == name) {
            Some((_, kinds)) if kinds.contains(&self) => None,
            Some((_, kinds)) => {
                let other = kinds.first().map_or("other", |kind| kind.name());
                Some(format!(
                    "`{name}` is an option of {other} handlers, and this one is triggered by {}",
                    self.event()
                ))
            }
            None => {
                let here = OPTIONS.iter().filter(|(_, kinds)| kinds.contains(&self)).map(|(option, _)| *option);
                Some(suggest(&format!("`{name}` is no option of {} handlers", self.name()), name, here))
            }
        }
    }

    fn event(self) -> &'static str {
        match self {
            Http => "a request",
            Stream => "a stream",
            Schedule => "the clock",
            Authorizer => "API Gateway's question who calls",
            Invoke => "its name",
        }
    }
}

/// Whether any trigger has an option of this name.
pub(super) fn exists(name: &str) -> bool {
    OPTIONS.iter().any(|(option, _)| *option == name)
}

/// The options of every handler.
pub(super) struct Common {
    pub(super) memory: Option<u32>,
    pub(super) timeout: Option<u32>,
    pub(super) concurrency: Option<u32>,
    pub(super) allow: Vec<(LitStr, LitStr)>,
}

impl Common {
    pub(super) fn new(kind: Kind, settings: &Settings, errors: &mut Errors) -> Self {
        Self {
            memory: settings.read("memory", errors, |it| it.integer(&rules::MEMORY, " MB")),
            timeout: settings.read("timeout", errors, |it| it.seconds(&kind.timeout())),
            concurrency: settings.read("concurrency", errors, |it| it.integer(&rules::CONCURRENCY, "")),
            allow: settings.find_all("allow").filter_map(|it| errors.keep(allow::read(it))).collect(),
        }
    }
}
