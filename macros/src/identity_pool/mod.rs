//! `#[derive(IdentityPool)]`

mod expand;
mod model;

use proc_macro2::TokenStream;

/// The registration of an identity pool, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |pool| expand::expand(&pool))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_pool_names_its_providers_and_what_each_role_may_do() {
        check(
            derive(quote! {
                #[identity_pool(
                    providers = [Shopper],
                    authenticated(allow = [Own<Read<Note>>], routes = [notes::list_notes]),
                    unauthenticated(allow = []),
                    role(name = "staff", group = "staff", allow = [Scan<Note>]),
                )]
                pub struct Visitors;
            }),
            expect![[r#""#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[identity_pool(
                    provider = [Shopper],
                    authenticated(allow = "all", paths = [list]),
                    role(name = "staff"),
                    role(group = "staff", claim = "sub", equals = "a"),
                )]
                pub struct Visitors { sub: String }
            }),
            expect![[r#""#]],
        );
        check_errors(derive(quote! { struct Visitors; }), expect![[r#""#]]);
    }
}
