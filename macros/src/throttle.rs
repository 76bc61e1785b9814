//! `throttle(rate = 10, burst = 20)`, of an API or of a route.

use proc_macro2::TokenStream;
use quote::quote;
use skyloom_manifest::rules;

use crate::{errors::Errors, setting::Setting, settings::Settings};

/// Requests a second, steadily, and at once.
#[derive(Clone, Copy)]
pub(crate) struct Throttle {
    rate: u32,
    burst: u32,
}

const EXAMPLE: &str = "rate = 10, burst = 20";

/// Both numbers are said; none is guessed.
pub(crate) fn read(setting: &Setting, errors: &mut Errors) -> Option<Throttle> {
    let nested = errors.keep(setting.nested(EXAMPLE))?;
    let settings = Settings::of(nested, "throttle(…)", &["rate", "burst"], errors);
    for name in ["rate", "burst"] {
        if settings.lacks(name) {
            errors.push(&setting.name, format!("`{name}` is missing: write `throttle({EXAMPLE})`"));
        }
    }
    let mut number = |name| settings.read(name, errors, |it| it.integer(&rules::THROTTLE_RATE, " requests"));
    let (rate, burst) = (number("rate"), number("burst"));
    Some(Throttle { rate: rate?, burst: burst? })
}

pub(crate) fn expand(throttle: Throttle) -> TokenStream {
    let Throttle { rate, burst } = throttle;
    quote! { ::skyloom::__private::Throttle { rate: #rate, burst: #burst } }
}
