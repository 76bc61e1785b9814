//! Which option belongs to which kind of API.

use crate::{errors::Errors, setting::Setting, settings::suggest};

/// A kind of API, as messages call it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Http,
    Rest,
}

use Kind::{Http, Rest};

const OPTIONS: [(&str, &[Kind]); 10] = [
    ("http", &[Http, Rest]),
    ("rest", &[Http, Rest]),
    ("default", &[Http, Rest]),
    ("cors", &[Http, Rest]),
    ("endpoint", &[Rest]),
    ("binary_media_types", &[Rest]),
    ("minimum_compression", &[Rest]),
    ("validate", &[Rest]),
    ("usage_plan", &[Rest]),
    ("policy", &[Rest]),
];

impl Kind {
    /// The kind that is named; without one it is an HTTP API.
    pub(super) fn of(settings: &[Setting], errors: &mut Errors) -> Self {
        let find = |name: &str| settings.iter().find(|setting| setting.name == name);
        match (find("http"), find("rest")) {
            (Some(_), Some(rest)) => {
                errors.push(&rest.name, "an API is of one kind: write `http` or `rest`");
                Rest
            }
            (None, Some(_)) => Rest,
            (_, None) => Http,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Http => "HTTP",
            Rest => "REST",
        }
    }

    /// What is written for it in `#[api(…)]`.
    fn word(self) -> &'static str {
        match self {
            Http => "http",
            Rest => "rest",
        }
    }

    /// Why this is no option of this kind of API.
    pub(super) fn explain(self, name: &str) -> Option<String> {
        if name == "websocket" {
            return Some("this version of Skyloom has HTTP and REST APIs: write `http` or `rest`".to_owned());
        }
        match OPTIONS.iter().find(|(option, _)| *option == name) {
            Some((_, kinds)) if kinds.contains(&self) => None,
            Some((_, kinds)) => {
                let other = kinds.first().copied().unwrap_or(Rest);
                Some(format!(
                    "`{name}` is an option of {} APIs, and this is an {} API: write `{}`, or leave it out",
                    other.name(),
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
