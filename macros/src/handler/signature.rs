//! The rules that hold for every handler's function, whatever triggers it.

use syn::{Attribute, FnArg, PatType, Signature, Type};

use crate::{errors::Errors, names, types};

/// The types of the arguments, in order.
pub(super) fn check(signature: &Signature, errors: &mut Errors) -> Vec<Type> {
    names::check_ascii(&signature.ident, errors);
    check_qualifiers(signature, errors);
    check_generics(signature, errors);
    signature.inputs.iter().filter_map(|argument| check_argument(argument, errors)).collect()
}

fn check_qualifiers(signature: &Signature, errors: &mut Errors) {
    if signature.asyncness.is_none() {
        errors.push(signature.fn_token, format!("a handler is async: write `async fn {}`", signature.ident));
    }
    if let Some(token) = &signature.constness {
        errors.push(token, "a handler is a plain `async fn`: remove the `const`");
    }
    if let Some(token) = &signature.unsafety {
        errors.push(token, "a handler is called by safe code: remove the `unsafe`");
    }
    if let Some(abi) = &signature.abi {
        errors.push(abi, "a handler is a plain `async fn`: remove the `extern`");
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(variadic, "a handler names each of its arguments: remove the `...`");
    }
}

fn check_generics(signature: &Signature, errors: &mut Errors) {
    let generics = &signature.generics;
    if !generics.params.is_empty() {
        errors.push(
            &generics.params,
            "a handler is one function in the cloud: write concrete types instead of parameters",
        );
    } else if let Some(bounds) = &generics.where_clause {
        errors.push(bounds, "a handler has no type parameters: remove the `where` clause");
    }
}

fn check_argument(argument: &FnArg, errors: &mut Errors) -> Option<Type> {
    let argument = match argument {
        FnArg::Typed(argument) => argument,
        FnArg::Receiver(receiver) => {
            errors.push(receiver, "a handler is a free function: remove the `self`");
            return None;
        }
    };
    check_conditional(argument, errors);
    match types::bare(&argument.ty) {
        Type::Reference(reference) => {
            let owned = "a handler owns its arguments, which outlive the event: write a type without the `&`";
            errors.push(reference, owned);
            None
        }
        Type::ImplTrait(ty) => {
            errors.push(ty, "the type of an argument says what the handler needs: write the type that it is");
            None
        }
        Type::Infer(ty) => {
            errors.push(ty, "the type of an argument says what the handler needs: write it");
            None
        }
        ty => Some(ty.clone()),
    }
}

fn check_conditional(argument: &PatType, errors: &mut Errors) {
    let conditional =
        |attribute: &&Attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr");
    if let Some(attribute) = argument.attrs.iter().find(conditional) {
        errors.push(attribute, "an argument is always there: put the `cfg` on the whole handler");
    }
}
