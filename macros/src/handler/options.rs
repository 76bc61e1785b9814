//! Which option belongs to which trigger, and the options that every handler has.

use skyloom_manifest::rules;
use syn::LitStr;

use super::{
    allow,
    deployment::{self, Deployment},
    parse::Trigger,
};
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
    Hook,
}

use Kind::{Authorizer, Hook, Http, Invoke, Schedule, Stream};

const ALL: &[Kind] = &[Http, Stream, Schedule, Authorizer, Invoke, Hook];
/// CodeDeploy calls a hook as it is, so that a hook has no versions to shift between or to keep warm.
const WITH_VERSIONS: &[Kind] = &[Http, Stream, Schedule, Authorizer, Invoke];

const OPTIONS: [(&str, &[Kind]); 21] = [
    ("memory", ALL),
    ("timeout", ALL),
    ("concurrency", ALL),
    ("allow", ALL),
    ("deployment", WITH_VERSIONS),
    ("provisioned_concurrency", WITH_VERSIONS),
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
            Trigger::Hook => Hook,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Http => "HTTP",
            Stream => "stream",
            Schedule => "schedule",
            Authorizer => "authorizer",
            Invoke => "invoke",
            Hook => "hook",
        }
    }

    /// Seconds; API Gateway stops waiting sooner than Lambda does.
    fn timeout(self) -> std::ops::RangeInclusive<u64> {
        match self {
            Http => rules::HTTP_TIMEOUT,
            Authorizer => rules::AUTHORIZER_TIMEOUT,
            Stream | Schedule | Invoke | Hook => rules::TIMEOUT,
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
            Hook => "a deployment",
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
    pub(super) deployment: Option<Deployment>,
    pub(super) provisioned_concurrency: Option<u32>,
}

impl Common {
    pub(super) fn new(kind: Kind, settings: &Settings, errors: &mut Errors) -> Self {
        let concurrency = settings.read("concurrency", errors, |it| it.integer(&rules::CONCURRENCY, ""));
        Self {
            memory: settings.read("memory", errors, |it| it.integer(&rules::MEMORY, " MB")),
            timeout: settings.read("timeout", errors, |it| it.seconds(&kind.timeout())),
            concurrency,
            allow: settings.find_all("allow").filter_map(|it| errors.keep(allow::read(it))).collect(),
            deployment: settings.read("deployment", errors, deployment::read),
            provisioned_concurrency: settings
                .read("provisioned_concurrency", errors, |it| provisioned(it, concurrency)),
        }
    }
}

/// What waits is part of what may run at all.
fn provisioned(setting: &Setting, reserved: Option<u32>) -> syn::Result<u32> {
    let count = setting.integer(&rules::PROVISIONED_CONCURRENCY, "")?;
    match reserved {
        Some(most) if most < count => {
            Err(setting.wrong(&format!("is {count}, but `concurrency` lets only {most} run at once: raise that")))
        }
        _ => Ok(count),
    }
}
