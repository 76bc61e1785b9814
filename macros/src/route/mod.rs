//! `#[derive(Route)]`

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

/// The registration of a route without a function, or what is wrong with it.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    syn::parse2(input)
        .and_then(model::new)
        .map_or_else(|errors| errors.into_compile_error(), |route| expand::expand(&route))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_route_without_a_function_is_registered() {
        check(
            derive(quote! {
                /// The documentation, from where it is.
                #[route(GET "/docs/{page+}", api = Web, auth = Shopper, scopes = ["docs/read"], http = "https://example.org/{page}")]
                struct Docs;
            }),
            expect![[""]],
        );
        check(
            derive(quote! {
                #[route(POST "/orders", auth = ApiKey, put = Order, set(id = "$context.requestId", "state" = "open"), replace)]
                struct NewOrder;
            }),
            expect![[""]],
        );
    }

    #[test]
    fn each_answer_has_its_own_entry() {
        for (target, expected) in [
            (
                quote! { answer(status = 200, body = "{}", header("content-type", "application/json")) },
                "TargetEntry :: Answer { status : 200u16 , headers : & [(\"content-type\" , \"application/json\")] , body : \
                 :: core :: option :: Option :: Some (\"{}\") }",
            ),
            (quote! { queue = "Jobs" }, "TargetEntry :: Queue (\"Jobs\")"),
            (quote! { queue = "arn:aws:sqs:eu-west-1:111122223333:jobs" }, "TargetEntry :: QueueArn ("),
        ] {
            let expanded = derive(quote! { #[route(POST "/a", auth = Public, #target)] struct A; }).to_string();
            assert!(expanded.contains(expected), "{expanded}");
        }
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(derive(quote! { struct Docs; }), expect![[""]]);
        check_errors(
            derive(quote! { #[route(get "/docs", auth = Public, http = "https://a.example")] struct Docs; }),
            expect![[""]],
        );
        check_errors(
            derive(quote! {
                #[route(GET "/docs/{page}", groups = ["staff"], colour = 1, http = "https://{page}", queue = "jobs", replace)]
                struct Docs(u8);
            }),
            expect![[""]],
        );
        check_errors(
            derive(quote! {
                #[route(GET "/a", auth = Public, scopes = ["a/b"], answer(body = "$a", header("a b", "c"), statu = 1))]
                struct Docs;
            }),
            expect![[""]],
        );
        check_errors(
            derive(quote! {
                #[route(POST "/a", auth = Public, put = Order, set(id = "$request.header.x", day = "$context.day"))]
                struct Docs;
            }),
            expect![[""]],
        );
        check_errors(
            derive(
                quote! { #[route(POST "/a", auth = Public, queue = "arn:aws:sns:eu-west-1:111122223333:t")] struct A; },
            ),
            expect![[""]],
        );
        check_errors(derive(quote! { #[route(POST "/a", auth = Public)] struct A; }), expect![[""]]);
    }
}
