//! The type that `auth` names.

use quote::ToTokens;
use syn::{Ident, Type};

use crate::{errors::Errors, setting::Setting, settings::Settings, types};

/// Who may call a route, which has no default.
pub(crate) fn of_route<'a>(settings: &'a Settings, route: impl ToTokens, errors: &mut Errors) -> Option<&'a Type> {
    const NEEDED: &str = "name who may call: `auth = Public` for everyone, `auth = Shopper` for the users of a \
                          `#[derive(UserPool)]`, or the principal that an authorizer makes";
    read(settings.needed("auth", errors, route, NEEDED)?, errors)
}

/// Who may call. The function that makes a principal in its place would be an error about function items.
pub(crate) fn read<'a>(setting: &'a Setting, errors: &mut Errors) -> Option<&'a Type> {
    let auth = errors.keep(setting.ty("Public"))?;
    match types::name(auth) {
        Some(name) if is_named_like_a_function(name) => {
            let message = format!(
                "`auth` names a type, and `{name}` is named like a function: write what the authorizer returns, \
                 `Partner` of `Result<Partner, Unauthorized>`"
            );
            errors.push(auth, message);
            None
        }
        _ => Some(auth),
    }
}

fn is_named_like_a_function(name: &Ident) -> bool {
    name.to_string().trim_start_matches("r#").starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use crate::snapshot::check_errors;

    #[test]
    fn the_function_of_an_authorizer_is_no_principal() {
        check_errors(
            crate::handler::handler(quote! { GET "/a", auth = auth::partner }, quote! { async fn list() {} }),
            expect![
                "`auth` names a type, and `partner` is named like a function: write what the authorizer returns, `Partner` of `Result<Partner, Unauthorized>`"
            ],
        );
        check_errors(
            crate::handler::handler(
                quote! { websocket = "$connect", api = Chat, auth = partner },
                quote! { async fn connect() {} },
            ),
            expect![
                "`auth` names a type, and `partner` is named like a function: write what the authorizer returns, `Partner` of `Result<Partner, Unauthorized>`"
            ],
        );
        check_errors(
            crate::route::derive(quote! { #[route(GET "/a", auth = partner, answer(status = 200))] struct A; }),
            expect![
                "`auth` names a type, and `partner` is named like a function: write what the authorizer returns, `Partner` of `Result<Partner, Unauthorized>`"
            ],
        );
    }
}
