//! `deployment = canary("10%", "5m", before = smoke_test)`

use proc_macro2::TokenStream;
use quote::quote;
use skyloom_manifest::rules;
use syn::{
    Ident, LitStr, Token, Type,
    parse::{ParseStream, Parser},
};

use crate::{
    errors::Errors,
    names,
    registration::option,
    setting::{Setting, Value},
    settings::{Settings, suggest},
};

/// How callers come to a new version, and the hooks that it has to pass.
pub(super) struct Deployment {
    shift: Shift,
    before: Option<Ident>,
    after: Option<Ident>,
}

enum Shift {
    Canary(u32, u32),
    Linear(u32, u32),
    AllAtOnce,
}

const SHIFTS: [&str; 3] = ["canary", "linear", "all_at_once"];
const EXAMPLE: &str = "says how callers come to a new version: write `deployment = canary(\"10%\", \"5m\")`, \
                       `linear(\"10%\", \"1m\")` or `all_at_once`";

pub(super) fn read(setting: &Setting) -> syn::Result<Deployment> {
    let (word, tokens) = match &setting.value {
        Value::Call(word, tokens) => (word, tokens.clone()),
        Value::Type(ty) => (name(ty).ok_or_else(|| setting.wrong(EXAMPLE))?, TokenStream::new()),
        _ => return Err(setting.wrong(EXAMPLE)),
    };
    let text = word.to_string();
    if !SHIFTS.contains(&&*text) {
        let what = format!("`{text}` is no way to shift traffic");
        return Err(syn::Error::new_spanned(word, suggest(&what, &text, SHIFTS.into_iter())));
    }
    let (steps, settings) = (|input: ParseStream<'_>| arguments(input)).parse2(tokens)?;
    let mut errors = Errors::default();
    let shift = shift(word, &steps, &mut errors);
    let settings = Settings::of(settings, "deployment", &["before", "after"], &mut errors);
    let [before, after] = ["before", "after"].map(|name| settings.read(name, &mut errors, hook).cloned());
    errors.finish()?;
    let shift = shift.ok_or_else(|| setting.wrong(EXAMPLE))?; // what is wrong with it has been said
    Ok(Deployment { shift, before, after })
}

/// `"10%", "5m", before = smoke_test`
fn arguments(input: ParseStream<'_>) -> syn::Result<(Vec<LitStr>, Vec<Setting>)> {
    let mut steps = Vec::new();
    while input.peek(LitStr) {
        steps.push(input.parse()?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok((steps, Setting::parse_list(input)?))
}

fn shift(word: &Ident, steps: &[LitStr], errors: &mut Errors) -> Option<Shift> {
    match (word.to_string().as_str(), steps) {
        ("all_at_once", []) => Some(Shift::AllAtOnce),
        ("all_at_once", [first, ..]) => {
            errors.push(first, "all at once has no steps: remove them, or write `canary(\"10%\", \"5m\")`");
            None
        }
        (kind, [percentage, interval]) => {
            let share = checked(percentage, rules::percentage, errors);
            let wait = checked(interval, rules::interval, errors);
            let (share, wait) = (share?, wait?);
            if kind == "canary" {
                return Some(Shift::Canary(share, wait));
            }
            errors
                .keep(rules::check_linear(share, wait).map_err(|message| syn::Error::new_spanned(interval, message)))?;
            Some(Shift::Linear(share, wait))
        }
        (kind, _) => {
            errors.push(word, format!("a step has a size and a time: write `{kind}(\"10%\", \"5m\")`"));
            None
        }
    }
}

fn checked(text: &LitStr, read: impl Fn(&str) -> Result<u32, String>, errors: &mut Errors) -> Option<u32> {
    errors.keep(read(&text.value()).map_err(|message| syn::Error::new_spanned(text, message)))
}

/// A hook is named by its function's own name, in whichever module that is; the manifest knows whether there is one.
fn hook(setting: &Setting) -> syn::Result<&Ident> {
    let named = if let Value::Type(ty) = &setting.value { name(ty) } else { None };
    named.ok_or_else(|| {
        setting
            .wrong(&format!("names a `#[handler(hook)]` by its function's name: write `{} = smoke_test`", setting.name))
    })
}

/// The name that a type without path and arguments is.
fn name(ty: &Type) -> Option<&Ident> {
    if let Type::Path(path) = ty { path.path.get_ident() } else { None }
}

impl Deployment {
    /// The framework's entry.
    pub(super) fn expand(&self) -> TokenStream {
        let shift = match self.shift {
            Shift::Canary(percentage, interval) => {
                quote! { Canary { percentage: #percentage, interval: #interval } }
            }
            Shift::Linear(percentage, interval) => {
                quote! { Linear { percentage: #percentage, interval: #interval } }
            }
            Shift::AllAtOnce => quote! { AllAtOnce },
        };
        let [before, after] = [&self.before, &self.after].map(|hook| option(hook.as_ref().map(names::text)));
        quote! {
            ::skyloom::__private::DeploymentEntry {
                shift: ::skyloom::__private::TrafficShift::#shift,
                before: #before,
                after: #after,
            }
        }
    }
}
