//! A test that exists is valid.

use proc_macro2::TokenStream;
use syn::{FnArg, ItemFn};

use crate::{errors::Errors, main_macro::parse::Library};

pub(super) struct Test {
    pub(super) library: Library,
    pub(super) function: ItemFn,
}

pub(super) fn new(attribute: TokenStream, function: ItemFn) -> syn::Result<Test> {
    let mut errors = Errors::default();
    let library = if attribute.is_empty() { Some(Library::This) } else { errors.keep(syn::parse2(attribute)) };
    let signature = &function.sig;
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
    errors.finish()?;
    let library = library.ok_or_else(|| syn::Error::new_spanned(&function.sig.ident, "this test names no library"))?;
    Ok(Test { library, function })
}
