//! `#[derive(Secret)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The implementations and the registration of a secret, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |secret| expand::expand(&secret))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_text_is_made_into_the_field_and_never_shown() {
        check(
            derive(quote! {
                /// The key for payments.
                #[secret(name = "payments/stripe")]
                pub struct StripeKey(String);
            }),
            expect![[""]],
        );
    }

    #[test]
    fn an_object_of_json_is_deserialized() {
        check(derive(quote! { struct Database { user: String, password: String } }), expect![[""]]);
    }

    #[test]
    fn a_generated_secret_says_of_what() {
        check(
            derive(quote! {
                #[secret(generate(length = 64, punctuation))]
                struct Signing(Box<str>);
            }),
            expect![[""]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[secret(name = "pay ments", generate(length = 5_000, punctation), rotate)]
                enum Key<T> { A(T) }
            }),
            expect![[""]],
        );
        check_errors(
            derive(quote! { #[secret(name = "a", generate = 5)] struct Pair(String, String); }),
            expect![[""]],
        );
        check_errors(derive(quote! { #[secret(generate)] struct Database { user: String } }), expect![[""]]);
    }
}
