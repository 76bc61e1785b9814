//! A test that exists is valid.

use proc_macro2::TokenStream;
use syn::{FnArg, ItemFn, LitFloat, Signature};

use super::parse::Arguments;
use crate::{errors::Errors, main_macro::parse::Library, setting::Setting, settings::Settings};

/// The kinds of faults: the fields of `Rates` in the local runner.
pub(super) const FAULTS: [&str; 10] = [
    "throttle",
    "unprocessed",
    "error",
    "lost_answer",
    "conflict",
    "duplicate",
    "crash",
    "cold_start",
    "slow_start",
    "delay",
];

pub(super) struct Test {
    pub(super) library: Library,
    pub(super) seeds: Option<Seeds>,
    pub(super) function: ItemFn,
}

/// Under how many seeds a test runs, and with which faults.
pub(super) struct Seeds {
    pub(super) count: u32,
    pub(super) rates: Vec<(syn::Ident, LitFloat)>,
}

pub(super) fn new(attribute: TokenStream, function: ItemFn) -> syn::Result<Test> {
    let mut errors = Errors::default();
    let arguments: Option<Arguments> = errors.keep(syn::parse2(attribute));
    check_signature(&function.sig, &mut errors);
    let (library, seeds) = match arguments {
        Some(Arguments { library, options }) => (Some(library), seeds(options, &mut errors)),
        None => (None, None),
    };
    errors.finish()?;
    let library = library.ok_or_else(|| syn::Error::new_spanned(&function.sig.ident, "this test names no library"))?;
    Ok(Test { library, seeds, function })
}

fn check_signature(signature: &Signature, errors: &mut Errors) {
    if signature.asyncness.is_none() {
        errors.push(
            signature.fn_token,
            format!("a test of an application is async: write `async fn {}`", signature.ident),
        );
    }
    if !signature.generics.params.is_empty() {
        errors.push(&signature.generics.params, "a test has no type parameters");
    }
    if let Some(token) = &signature.unsafety {
        errors.push(token, "a test is called by safe code: remove the `unsafe`");
    }
    match signature.inputs.iter().collect::<Vec<_>>()[..] {
        [FnArg::Typed(_)] => {}
        _ => errors.push(&signature.ident, "a test has one argument, the application: write `(app: Local)`"),
    }
}

fn seeds(options: Vec<Setting>, errors: &mut Errors) -> Option<Seeds> {
    let options = Settings::of(options, "test", &["seeds", "faults"], errors);
    let count = options.read("seeds", errors, |setting| setting.integer(&(1..=1_000_000), ""));
    let faults = options.read("faults", errors, |setting| setting.nested("throttle = 0.1"));
    if let (Some(setting), None) = (options.find("faults"), options.find("seeds")) {
        errors.push(&setting.name, "faults come from seeds: write `seeds = 200` too");
    }
    let rates = rates(faults.unwrap_or_default(), errors);
    Some(Seeds { count: count?, rates })
}

fn rates(faults: Vec<Setting>, errors: &mut Errors) -> Vec<(syn::Ident, LitFloat)> {
    let faults = Settings::of(faults, "faults", &FAULTS, errors);
    let read = |name: &&str| {
        let rate = faults.read(name, errors, Setting::probability)?;
        Some((faults.find(name)?.name.clone(), rate))
    };
    FAULTS.iter().filter_map(read).collect()
}
