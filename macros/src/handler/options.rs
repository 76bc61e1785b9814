//! Which option belongs to which trigger, and the options that every handler has.

use skyloom_manifest::rules;
use syn::{Ident, LitStr};

use super::{allow, function::FunctionOptions, parse::Trigger};
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
    Url,
    WebSocket,
    UserPool,
}

use Kind::{Authorizer, Hook, Http, Invoke, Schedule, Stream, Url, UserPool, WebSocket};

const ALL: &[Kind] = &[Http, Stream, Schedule, Authorizer, Invoke, Hook, Url, WebSocket, UserPool];
/// CodeDeploy calls a hook as it is, so that a hook has no versions to shift between or to keep warm.
const WITH_VERSIONS: &[Kind] = &[Http, Stream, Schedule, Authorizer, Invoke, Url, WebSocket, UserPool];

const OPTIONS: &[(&str, &[Kind])] = &[
    ("memory", ALL),
    ("timeout", ALL),
    ("concurrency", ALL),
    ("allow", ALL),
    ("deployment", WITH_VERSIONS),
    ("provisioned_concurrency", WITH_VERSIONS),
    ("ephemeral_storage", ALL),
    ("environment", ALL),
    ("layers", ALL),
    ("log_level", ALL),
    ("log_retention", ALL),
    ("tags", ALL),
    ("tracing", ALL),
    ("vpc", ALL),
    ("auth", &[Http, Url, WebSocket]),
    ("scopes", &[Http]),
    ("groups", &[Http]),
    ("api", &[Http, WebSocket]),
    ("cors", &[Url]),
    ("payload", &[Http, Authorizer]),
    ("request", &[Http]),
    ("response", &[Http]),
    ("filter", &[Stream]),
    ("batch_size", &[Stream]),
    ("batch_window", &[Stream]),
    ("retries", &[Stream, Schedule, Invoke]),
    ("max_record_age", &[Stream]),
    ("bisect", &[Stream]),
    ("parallelization", &[Stream]),
    ("starting_position", &[Stream]),
    ("tumbling_window", &[Stream]),
    ("on_failure", &[Stream, Schedule, Invoke]),
    ("on_success", &[Schedule, Invoke]),
    ("dead_letter", &[Schedule, Invoke]),
    ("max_event_age", &[Schedule, Invoke]),
    ("cache", &[Http, Authorizer]),
    ("cache_key", &[Http]),
    ("cache_shared", &[Http]),
    ("throttle", &[Http, WebSocket]),
    ("identity", &[Authorizer]),
    ("validation", &[Authorizer]),
    ("token_header", &[Authorizer]),
    ("on", &[UserPool]),
];

/// What the design has and this version has not.
const LATER: [&str; 1] = ["layer"];

/// What Lambda has and no handler can say, and what to do instead.
const REFUSED: &[(&str, &str)] = &[
    (
        "snap_start",
        "SnapStart is for Lambda's managed runtimes of Java, Python and .NET, and a Rust application runs on \
         `provided.al2023`: where starts must not take time, write `provisioned_concurrency = 1`",
    ),
    (
        "architecture",
        "one binary has all functions, and so they run on one architecture: write `architecture = \"arm64\"` or \
         `\"x86-64\"` into skyloom.toml",
    ),
];

impl Kind {
    pub(super) fn of(trigger: &Trigger) -> Self {
        match trigger {
            Trigger::Http { .. } => Http,
            Trigger::Stream { .. } => Stream,
            Trigger::Schedule { .. } => Schedule,
            Trigger::Authorizer => Authorizer,
            Trigger::Invoke => Invoke,
            Trigger::Hook => Hook,
            Trigger::Url => Url,
            Trigger::WebSocket { .. } => WebSocket,
            Trigger::UserPool { .. } => UserPool,
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
            Url => "URL",
            WebSocket => "websocket",
            UserPool => "user pool",
        }
    }

    /// Seconds; API Gateway stops waiting sooner than Lambda does, unless the reply is sent as it comes.
    fn timeout(self, streams: bool) -> std::ops::RangeInclusive<u64> {
        match self {
            Http if streams => rules::TIMEOUT,
            Http => rules::HTTP_TIMEOUT,
            WebSocket => rules::SOCKET_TIMEOUT,
            Authorizer => rules::AUTHORIZER_TIMEOUT,
            UserPool => rules::USER_POOL_TIMEOUT,
            Stream | Schedule | Invoke | Hook | Url => rules::TIMEOUT,
        }
    }

    pub(super) fn settings(self, all: Vec<Setting>, errors: &mut Errors) -> Settings {
        Settings::new(all, &["allow", "environment", "filter", "tags"], |name| self.explain(name), errors)
    }

    /// Whether nobody waits for the answer, so that Lambda keeps the event and tries it again.
    pub(super) fn is_asynchronous(self) -> bool {
        matches!(self, Schedule | Invoke)
    }

    /// Why this is no option of this trigger.
    fn explain(self, name: &str) -> Option<String> {
        if self == Http && name == "cors" {
            return Some("the API says which pages may call: write `cors(…)` into its `#[api(…)]`".into());
        }
        if LATER.contains(&name) {
            return Some(format!("this version of Skyloom has no option `{name}` yet"));
        }
        if let Some((_, message)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Some((*message).to_owned());
        }
        match OPTIONS.iter().find(|(option, _)| *option == name) {
            Some((_, kinds)) if kinds.contains(&self) => None,
            Some((_, kinds)) if self == Hook && *kinds == WITH_VERSIONS => {
                Some(format!("a hook has no `{name}`: CodeDeploy calls it as it is"))
            }
            Some((_, kinds)) => {
                let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
                let others = match &names[..] {
                    [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
                    names => names.concat(),
                };
                Some(format!(
                    "`{name}` is an option of {others} handlers, and this one is triggered by {}",
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
            Url => "a request to its URL",
            WebSocket => "a connection",
            UserPool => "a user pool",
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
    pub(super) options: FunctionOptions,
}

impl Common {
    pub(super) fn new(
        (kind, streams): (Kind, bool),
        handler: &Ident,
        settings: &Settings,
        errors: &mut Errors,
    ) -> Self {
        let concurrency = settings.read("concurrency", errors, |it| it.integer(&rules::CONCURRENCY, ""));
        Self {
            memory: settings.read("memory", errors, |it| it.integer(&rules::MEMORY, " MB")),
            timeout: settings.read("timeout", errors, |it| it.seconds(&kind.timeout(streams))),
            concurrency,
            allow: settings.find_all("allow").filter_map(|it| errors.keep(allow::read(it))).collect(),
            options: FunctionOptions::new((kind, concurrency), handler, settings, errors),
        }
    }
}
