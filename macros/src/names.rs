//! Rust's names as AWS's and as constants.

use proc_macro2::Span;
use quote::format_ident;
use syn::{Ident, ext::IdentExt};

use crate::errors::Errors;

/// Without `r#`.
pub(crate) fn text(name: &Ident) -> String {
    name.unraw().to_string()
}

/// AWS's names are ASCII, and so the names that become AWS's have to be.
pub(crate) fn check_ascii(name: &Ident, errors: &mut Errors) {
    if !text(name).is_ascii() {
        errors.push(name, "this name is also a name in AWS, which takes only ASCII letters, digits and `_`");
    }
}

/// The constant that stands for a field: `STATUS` for `status` and `TYPE` for `r#type`.
pub(crate) fn constant(field: &Ident, span: Span) -> Ident {
    let upper = text(field).to_uppercase();
    // Beyond ASCII, a name in capitals need not be a name.
    let upper = if syn::parse_str::<Ident>(&upper).is_ok() { upper } else { text(field) };
    format_ident!("{upper}", span = span)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_raw_name_loses_its_prefix() {
        let field: Ident = parse_quote!(r#type);
        assert_eq!(text(&field), "type");
        assert_eq!(constant(&field, Span::call_site()).to_string(), "TYPE");
    }

    #[test]
    fn a_name_that_aws_cannot_have_is_refused() {
        let mut errors = Errors::default();
        check_ascii(&parse_quote!(café), &mut errors);
        assert!(errors.finish().is_err());
    }
}
