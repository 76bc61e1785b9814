//! `#[derive(Api)]`

mod expand;
mod gateway_response;
mod kind;
mod model;
mod rest;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use self::kind::Kind;
use crate::{errors::Errors, item};

/// The registration of an API, or what is wrong with it, and the API all the same: its routes are not wrong as well.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let told_below = &mut Errors::default();
    let kind = Kind::of(&item::settings(&input.attrs, "api", told_below), told_below);
    let api_type = expand::api_type(&input.ident, kind);
    let generics = input.generics.clone();
    model::new(input).map_or_else(|errors| item::stand_in(&errors, &generics, api_type), |api| expand::expand(&api))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn an_api_says_who_may_call_from_a_browser() {
        check(
            derive(quote! {
                #[api(http, cors(
                    origins = ["https://shop.example.com", "http://localhost:5173"], methods = ["GET", "POST"],
                    headers = ["content-type"], expose = ["etag"], credentials, max_age = "1h"
                ))]
                pub struct Shop;
            }),
            expect![[r#"
                impl ::skyloom::__private::ApiType for Shop {
                    const NAME: &'static str = "Shop";
                    const IS_REST: bool = false;
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::APIS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::ApiEntry = ::skyloom::__private::ApiEntry {
                        name: "Shop",
                        source: ::skyloom::__private::Source::here(),
                        default: false,
                        rest: ::core::option::Option::None,
                        cors: ::core::option::Option::Some(::skyloom::__private::CorsEntry {
                            origins: &["https://shop.example.com", "http://localhost:5173"],
                            methods: &["GET", "POST"],
                            headers: &["content-type"],
                            expose: &["etag"],
                            credentials: true,
                            max_age: ::core::option::Option::Some(3600u32),
                        }),
                        variables: &[],
                        throttle: ::core::option::Option::None,
                    };
                    let _ = Shop;
                };
            "#]],
        );
    }

    #[test]
    fn an_api_without_cors_has_none() {
        check(
            derive(quote! { struct Shop; }),
            expect![[r#"
                impl ::skyloom::__private::ApiType for Shop {
                    const NAME: &'static str = "Shop";
                    const IS_REST: bool = false;
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::APIS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::ApiEntry = ::skyloom::__private::ApiEntry {
                        name: "Shop",
                        source: ::skyloom::__private::Source::here(),
                        default: false,
                        rest: ::core::option::Option::None,
                        cors: ::core::option::Option::None,
                        variables: &[],
                        throttle: ::core::option::Option::None,
                    };
                    let _ = Shop;
                };
            "#]],
        );
    }

    #[test]
    fn a_rest_api_says_what_only_it_has() {
        check(
            derive(quote! {
                #[api(
                    rest, default, endpoint = "edge", binary_media_types = ["image/*"], minimum_compression = 1024, validate,
                    usage_plan(rate = 10, burst = 20, quota = 10000, period = "month")
                )]
                struct Shop;
            }),
            expect![[r#"
                impl ::skyloom::__private::ApiType for Shop {
                    const NAME: &'static str = "Shop";
                    const IS_REST: bool = true;
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::APIS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::ApiEntry = ::skyloom::__private::ApiEntry {
                        name: "Shop",
                        source: ::skyloom::__private::Source::here(),
                        default: true,
                        rest: ::core::option::Option::Some(::skyloom::__private::RestEntry {
                            endpoint: ::skyloom::__private::Endpoint::Edge,
                            binary_media_types: &["image/*"],
                            minimum_compression: ::core::option::Option::Some(1024u32),
                            validate: true,
                            usage_plan: ::core::option::Option::Some(::skyloom::__private::UsagePlan {
                                throttle: ::core::option::Option::Some(::skyloom::__private::Throttle {
                                    rate: 10u32,
                                    burst: 20u32,
                                }),
                                quota: ::core::option::Option::Some(::skyloom::__private::Quota {
                                    limit: 10000u32,
                                    period: ::skyloom::__private::Period::Month,
                                }),
                            }),
                            cache_size: ::core::option::Option::None,
                            gateway_responses: &[],
                            policy: ::core::option::Option::None,
                        }),
                        cors: ::core::option::Option::None,
                        variables: &[],
                        throttle: ::core::option::Option::None,
                    };
                    let _ = Shop;
                };
            "#]],
        );
    }

    #[test]
    fn a_websocket_api_says_what_names_a_messages_route() {
        check(
            derive(quote! { #[api(websocket, route_selection = "$request.body.type")] struct Chat; }),
            expect![[r#"
                impl ::skyloom::__private::ApiType for Chat {
                    const NAME: &'static str = "Chat";
                    const IS_REST: bool = false;
                    const IS_WEBSOCKET: bool = true;
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::SOCKET_APIS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::SocketApiEntry = ::skyloom::__private::SocketApiEntry {
                        name: "Chat",
                        source: ::skyloom::__private::Source::here(),
                        route_selection: "$request.body.type",
                        variables: &[],
                        throttle: ::core::option::Option::None,
                    };
                    let _ = Chat;
                };
            "#]],
        );
        check_errors(
            derive(
                quote! { #[api(websocket, default, cors(origins = ["*"]), endpoint = "edge", route_selection = "type")] struct Chat; },
            ),
            expect![[r#"
                routes of a WebSocket API always name it: leave `default` out
                browsers connect to a WebSocket API from any origin: leave `cors` out, and look at the origin in `$connect`
                `endpoint` is an option of REST APIs, and this is a WebSocket API: write `rest`, or leave it out
                `type` selects no part of a message: write `$request.body.action`, with the member that names the route"#]],
        );
        check_errors(
            derive(quote! { #[api(http, route_selection = "$request.body.type", websocket)] struct Chat; }),
            expect!["an API is of one kind: write `http`, `rest` or `websocket`"],
        );
    }

    #[test]
    fn an_option_of_another_kind_of_api_names_that_kind() {
        check_errors(
            derive(quote! { #[api(http, endpoint = "edge", usage_plan(rate = 1, burst = 1), validte)] struct Shop; }),
            expect![[r#"
                `endpoint` is an option of REST APIs, and this is an HTTP API: write `rest`, or leave it out
                `usage_plan` is an option of REST APIs, and this is an HTTP API: write `rest`, or leave it out
                `validte` is no option of `#[api(…)]`: there are `http`, `rest`, `websocket`, `default`, `cors`, `variables`, `throttle`"#]],
        );
        check_errors(
            derive(quote! {
                #[api(
                    http, rest, endpoint = "local", binary_media_types = ["png"], minimum_compression = 20000000,
                    usage_plan(rate = 0, quota = 7, period = "year")
                )]
                struct Shop;
            }),
            expect![[r#"
                an API is of one kind: write `http`, `rest` or `websocket`
                `png` is no media type: write `image/png`, `image/*` or `*/*`
                `local` is no value of `endpoint`: there are `regional`, `edge`, `private`
                `minimum_compression` is 20000000 bytes, but has to be from 0 to 10485760 bytes
                `rate` goes with `burst`: write `usage_plan(rate = 10, burst = 20, quota = 10000, period = "month")`
                `rate` is 0 requests, but has to be from 1 to 1000000 requests
                `year` is no value of `period`: there are `day`, `week`, `month`"#]],
        );
        check_errors(
            derive(quote! { #[api(rest, usage_plan())] struct Shop; }),
            expect![[
                r#"say what a client may use: write `usage_plan(rate = 10, burst = 20, quota = 10000, period = "month")`"#
            ]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[api(http, cors(origins = ["*", "https://a.example/", "b.example"], methods = ["get"], credentials, max_age = "2d", header = ["x"]))]
                pub struct Shop { field: u8 }
            }),
            expect![[r#"
                `Api` is derived for a struct without fields: `struct Shop;`
                `header` is no option of `cors(…)`: did you mean `headers`?
                an origin is a scheme and a host: write `https://a.example`
                an origin is a scheme and a host: write `https://b.example`
                `get` is no method: did you mean `GET`?
                browsers send no credentials to an API that takes any origin: name the origins, or remove `credentials`
                `max_age` is 172800 s, but has to be from 0 to 86400 s"#]],
        );
        check_errors(
            derive(quote! { #[api(http, cors(methods = ["*"]))] struct Shop; }),
            expect![[r#"
                say which origins may call: write `origins = ["https://example.com"]`"#]],
        );
        check_errors(
            derive(quote! { #[api(cors = "*")] struct Shop; }),
            expect![[r#"`cors` is followed by parentheses: write `cors(origins = ["https://example.com"])`"#]],
        );
    }

    #[test]
    fn a_rest_api_says_what_it_keeps_takes_and_answers() {
        check(
            derive(quote! {
                #[api(
                    rest, throttle(rate = 100, burst = 50), cache_size = "0.5",
                    gateway_response(default_4xx, header("x-shop", "1")),
                    gateway_response(
                        unauthorized, status = 401, header("www-authenticate", "Bearer"),
                        body = r#"{"title":$context.error.messageString}"#, content_type = "application/problem+json"
                    )
                )]
                struct Shop;
            }),
            expect![[r##"
                impl ::skyloom::__private::ApiType for Shop {
                    const NAME: &'static str = "Shop";
                    const IS_REST: bool = true;
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::APIS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::ApiEntry = ::skyloom::__private::ApiEntry {
                        name: "Shop",
                        source: ::skyloom::__private::Source::here(),
                        default: false,
                        rest: ::core::option::Option::Some(::skyloom::__private::RestEntry {
                            endpoint: ::skyloom::__private::Endpoint::Regional,
                            binary_media_types: &[],
                            minimum_compression: ::core::option::Option::None,
                            validate: false,
                            usage_plan: ::core::option::Option::None,
                            cache_size: ::core::option::Option::Some("0.5"),
                            gateway_responses: &[
                                ::skyloom::__private::GatewayResponseEntry {
                                    response: ::skyloom::__private::ResponseType::Default4xx,
                                    status: ::core::option::Option::None,
                                    headers: &[("x-shop", "1")],
                                    body: ::core::option::Option::None,
                                    content_type: ::core::option::Option::None,
                                },
                                ::skyloom::__private::GatewayResponseEntry {
                                    response: ::skyloom::__private::ResponseType::Unauthorized,
                                    status: ::core::option::Option::Some(401u16),
                                    headers: &[("www-authenticate", "Bearer")],
                                    body: ::core::option::Option::Some(
                                        r#"{"title":$context.error.messageString}"#,
                                    ),
                                    content_type: ::core::option::Option::Some(
                                        "application/problem+json",
                                    ),
                                },
                            ],
                            policy: ::core::option::Option::None,
                        }),
                        cors: ::core::option::Option::None,
                        variables: &[],
                        throttle: ::core::option::Option::Some(::skyloom::__private::Throttle {
                            rate: 100u32,
                            burst: 50u32,
                        }),
                    };
                    let _ = Shop;
                };
            "##]],
        );
    }

    #[test]
    fn a_response_that_no_api_gives_is_told() {
        check_errors(
            derive(quote! {
                #[api(
                    rest, throttle(rate = 0), cache_size = "1",
                    gateway_response(unauthorised, status = 99),
                    gateway_response(status = 401),
                    gateway_response(throttled, header("a", "it's"), body = "$context.requestid", text = "x"),
                    gateway_response(throttled, content_type = "json")
                )]
                struct Shop;
            }),
            expect![[r#"
                `1` is no value of `cache_size`: there are `0.5`, `1.6`, `6.1`, `13.5`, `28.4`, `58.2`, `118`, `237`
                `unauthorised` is no response that an API gives by itself: did you mean `unauthorized`?
                `status` is 99, but has to be from 200 to 599
                say first which response it is: write `gateway_response(unauthorized, status = 401, body = "{}")`
                `text` is no option of `gateway_response(…)`: there are `status`, `header`, `body`, `content_type`
                the header `a` cannot have '\'' in its value here: ASCII, without `'`
                `$context.requestid` is nothing that a gateway response knows: did you mean `$context.requestId`?
                `json` is no media type: write `image/png`, `image/*` or `*/*`
                `content_type` is that of a `body`, and there is none: write one, or leave it out
                there is a response of this name already: make them one
                `burst` is missing: write `throttle(rate = 10, burst = 20)`
                `rate` is 0 requests, but has to be from 1 to 1000000 requests"#]],
        );
        check_errors(
            derive(quote! { #[api(http, cache_size = "0.5", gateway_response(throttled, status = 503))] struct Shop; }),
            expect![[r#"
                `cache_size` is an option of REST APIs, and this is an HTTP API: write `rest`, or leave it out
                `gateway_response` is an option of REST APIs, and this is an HTTP API: write `rest`, or leave it out"#]],
        );
    }
}
