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
            expect![[r#"
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(
                        ::skyloom::__private::INTEGRATIONS
                    )]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::IntegrationEntry = ::skyloom::__private::IntegrationEntry {
                        name: "Docs",
                        description: "The documentation, from where it is.",
                        source: ::skyloom::__private::Source::here(),
                        method: ::skyloom::__private::HttpMethod::Get,
                        path: "/docs/{page+}",
                        auth: <Shopper as ::skyloom::Principal>::KIND,
                        scopes: &["docs/read"],
                        api: ::core::option::Option::Some(<Web as ::skyloom::__private::ApiType>::NAME),
                        target: ::skyloom::__private::TargetEntry::Http("https://example.org/{page}"),
                    };
                    let _ = Docs;
                };
            "#]],
        );
        check(
            derive(quote! {
                #[route(POST "/orders", auth = ApiKey, put = Order, set(id = "$context.requestId", "state" = "open"), replace)]
                struct NewOrder;
            }),
            expect![[r#"
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(
                        ::skyloom::__private::INTEGRATIONS
                    )]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::IntegrationEntry = ::skyloom::__private::IntegrationEntry {
                        name: "NewOrder",
                        description: "",
                        source: ::skyloom::__private::Source::here(),
                        method: ::skyloom::__private::HttpMethod::Post,
                        path: "/orders",
                        auth: <ApiKey as ::skyloom::Principal>::KIND,
                        scopes: &[],
                        api: ::core::option::Option::None,
                        target: ::skyloom::__private::TargetEntry::Put {
                            table: <Order as ::skyloom::Table>::NAME,
                            set: &[("id", "$context.requestId"), ("state", "open")],
                            replace: true,
                        },
                    };
                    let _ = NewOrder;
                };
            "#]],
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
        check_errors(
            derive(quote! { struct Docs; }),
            expect![[
                r#"say which requests it takes: write `#[route(GET "/docs/{page}", auth = Public, http = "https://example.org/{page}")]`"#
            ]],
        );
        check_errors(
            derive(quote! { #[route(get "/docs", auth = Public, http = "https://a.example")] struct Docs; }),
            expect!["`get` is no method of a route: did you mean `GET`?"],
        );
        check_errors(
            derive(quote! {
                #[route(GET "/docs/{page}", groups = ["staff"], colour = 1, http = "https://{page}", queue = "jobs", replace)]
                struct Docs(u8);
            }),
            expect![[r#"
                `Route` is derived for a struct without fields: `struct Docs;`
                API Gateway knows no groups, and there is no function here that could: write a handler, or name `scopes`
                `colour` is no option of `#[route(…)]`: there are `auth`, `scopes`, `api`, `http`, `answer`, `queue`, `put`, `set`, `replace`
                name who may call: `auth = Public` for everyone, `auth = Shopper` for the users of a `#[derive(UserPool)]`, or the principal that an authorizer makes
                one thing answers, and `http` does already: remove one of them
                `replace` goes with `put = Order`
                who calls must not choose the server: write the host of `https://{page}` in full, and parameters behind it"#]],
        );
        check_errors(
            derive(quote! {
                #[route(GET "/a", auth = Public, scopes = ["a/b"], answer(body = "$a", header("a b", "c"), statu = 1))]
                struct Docs;
            }),
            expect![[r#"
                `auth = Public` asks for no token that could have `scopes`
                `statu` is no option of `answer(…)`: did you mean `status`?
                `a b` is no name of a header
                API Gateway would take '$' for its own: write a handler"#]],
        );
        check_errors(
            derive(quote! {
                #[route(POST "/a", auth = Public, put = Order, set(id = "$request.header.x", day = "$context.day"))]
                struct Docs;
            }),
            expect![[r#"
                `$request.header.x` may be left out of a request: an attribute is set to `$context.…`, `$request.path.…`, `$stageVariables.…` or a text; what the request chooses is in its body
                `$context.day` is no variable: there are `$context.requestId`, `$context.requestTimeEpoch`, `$context.authorizer.claims.sub` and others"#]],
        );
        check_errors(
            derive(
                quote! { #[route(POST "/a", auth = Public, queue = "arn:aws:sns:eu-west-1:111122223333:t")] struct A; },
            ),
            expect![[
                r#"`arn:aws:sns:eu-west-1:111122223333:t` is no queue: name one that the stack makes, `queue = "Jobs"`, or the ARN of one that is there"#
            ]],
        );
        check_errors(
            derive(quote! { #[route(POST "/a", auth = Public)] struct A; }),
            expect![[
                r#"say what answers: `http = "https://example.org"`, `answer(status = 200)`, `queue = "Jobs"` or `put = Order`"#
            ]],
        );
    }
}
