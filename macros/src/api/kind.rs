//! Which option belongs to which kind of API.

use crate::{errors::Errors, setting::Setting, settings::suggest};

/// A kind of API, as messages call it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Http,
    Rest,
    WebSocket,
}

use Kind::{Http, Rest, WebSocket};

const OPTIONS: &[(&str, &[Kind])] = &[
    ("http", &[Http, Rest, WebSocket]),
    ("rest", &[Http, Rest, WebSocket]),
    ("websocket", &[Http, Rest, WebSocket]),
    ("default", &[Http, Rest]),
    ("cors", &[Http, Rest]),
    ("variables", &[Http, Rest, WebSocket]),
    ("endpoint", &[Rest]),
    ("binary_media_types", &[Rest]),
    ("minimum_compression", &[Rest]),
    ("validate", &[Rest]),
    ("usage_plan", &[Rest]),
    ("throttle", &[Http, Rest, WebSocket]),
    ("cache_size", &[Rest]),
    ("gateway_response", &[Rest]),
    ("policy", &[Rest]),
    ("route_selection", &[WebSocket]),
];

/// What requests have and connections have not, and what to do instead.
const NOT_OF_SOCKETS: [(&str, &str); 2] = [
    ("default", "routes of a WebSocket API always name it: leave `default` out"),
    (
        "cors",
        "browsers connect to a WebSocket API from any origin: leave `cors` out, and look at the origin in `$connect`",
    ),
];

impl Kind {
    /// The kind that is named; without one it is an HTTP API.
    pub(super) fn of(settings: &[Setting], errors: &mut Errors) -> Self {
        let find = |name: &str| settings.iter().find(|setting| setting.name == name);
        let named: Vec<_> = [("http", Http), ("rest", Rest), ("websocket", WebSocket)]
            .into_iter()
            .filter_map(|(word, kind)| Some((find(word)?, kind)))
            .collect();
        for (other, _) in named.iter().skip(1) {
            errors.push(&other.name, "an API is of one kind: write `http`, `rest` or `websocket`");
        }
        named.last().map_or(Http, |(_, kind)| *kind)
    }

    fn name(self) -> &'static str {
        match self {
            Http => "HTTP",
            Rest => "REST",
            WebSocket => "WebSocket",
        }
    }

    fn article(self) -> &'static str {
        match self {
            Http => "an",
            Rest | WebSocket => "a",
        }
    }

    /// What is written for it in `#[api(…)]`.
    fn word(self) -> &'static str {
        match self {
            Http => "http",
            Rest => "rest",
            WebSocket => "websocket",
        }
    }

    /// Why this is no option of this kind of API.
    pub(super) fn explain(self, name: &str) -> Option<String> {
        if let (WebSocket, Some((_, instead))) = (self, NOT_OF_SOCKETS.iter().find(|(option, _)| *option == name)) {
            return Some((*instead).to_owned());
        }
        match OPTIONS.iter().find(|(option, _)| *option == name) {
            Some((_, kinds)) if kinds.contains(&self) => None,
            Some((_, kinds)) => {
                let other = kinds.first().copied().unwrap_or(Rest);
                Some(format!(
                    "`{name}` is an option of {} APIs, and this is {} {} API: write `{}`, or leave it out",
                    other.name(),
                    self.article(),
                    self.name(),
                    other.word()
                ))
            }
            None => {
                let here = OPTIONS.iter().filter(|(_, kinds)| kinds.contains(&self)).map(|(option, _)| *option);
                Some(suggest(&format!("`{name}` is no option of `#[api(…)]`"), name, here))
            }
        }
    }
}
