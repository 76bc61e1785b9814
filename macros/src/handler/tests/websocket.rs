use expect_test::expect;
use quote::quote;

use super::super::handler;
use crate::snapshot::{check, check_errors};

#[test]
fn a_connect_handler_says_who_may_connect_for_the_whole_api() {
    check(
        handler(
            quote! { websocket = "$connect", api = Chat, auth = Member },
            quote! { async fn connect(member: Member) -> Result<(), Error> { enter(member).await } },
        ),
        expect![[r#"
            async fn connect(member: Member) -> Result<(), Error> {
                enter(member).await
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "connect",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::WebSocket {
                        api: ::skyloom::__private::websocket::api::<Chat>(),
                        route: "$connect",
                        auth: ::core::option::Option::Some(
                            ::skyloom::__private::websocket::principal::<Member>(),
                        ),
                        replies: false,
                        throttle: ::core::option::Option::None,
                    },
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Member as ::skyloom::FromEvent<
                                ::skyloom::__private::websocket::WebSocket<Chat>,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::websocket::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let argument_0 = match <Member as ::skyloom::FromEvent<
                            ::skyloom::__private::websocket::WebSocket<Chat>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::websocket::reject(rejection, scope);
                            }
                        };
                        let reply = ::skyloom::__private::websocket::connected::<Result<(), Error>>;
                        reply(connect(argument_0).await, scope)
                    }),
                };
                impl ::skyloom::__private::websocket::Connects for Chat {
                    type Principal = Member;
                }
            };
        "#]],
    );
}

#[test]
fn a_route_of_messages_replies_if_its_type_does() {
    check(
        handler(
            quote! { websocket = "say", api = Chat, throttle(rate = 10, burst = 20) },
            quote! { async fn say(connection: Connection, Json(line): Json<Line>) -> Json<Line> { Json(line) } },
        ),
        expect![[r#"
            async fn say(connection: Connection, Json(line): Json<Line>) -> Json<Line> {
                Json(line)
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "say",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::WebSocket {
                        api: ::skyloom::__private::websocket::connected_api::<Chat>(),
                        route: "say",
                        auth: ::core::option::Option::None,
                        replies: <Json<Line> as ::skyloom::trigger::SocketReply>::REPLIES,
                        throttle: ::core::option::Option::Some(::skyloom::__private::Throttle {
                            rate: 10u32,
                            burst: 20u32,
                        }),
                    },
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Connection as ::skyloom::FromEvent<
                                ::skyloom::__private::websocket::WebSocket<Chat>,
                            >>::NEEDS,
                            <Json<
                                Line,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::websocket::WebSocket<Chat>,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::websocket::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let argument_0 = match <Connection as ::skyloom::FromEvent<
                            ::skyloom::__private::websocket::WebSocket<Chat>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::websocket::reject(rejection, scope);
                            }
                        };
                        let argument_1 = match <Json<
                            Line,
                        > as ::skyloom::FromEvent<
                            ::skyloom::__private::websocket::WebSocket<Chat>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::websocket::reject(rejection, scope);
                            }
                        };
                        let reply = ::skyloom::__private::websocket::reply::<Json<Line>>;
                        reply(say(argument_0, argument_1).await, scope)
                    }),
                };
            };
        "#]],
    );
}

#[test]
fn all_that_is_wrong_with_a_route_is_said_at_once() {
    check_errors(
        handler(
            quote! { websocket = "$conect", auth = Public, scopes = ["a"] },
            quote! { async fn connect(Json(a): Json<A>, text: String) -> impl SocketReply { a } },
        ),
        expect![[r#"
            `scopes` is an option of HTTP handlers, and this one is triggered by a connection
            `$conect` is no route of API Gateway's own: did you mean `$connect`?
            a message has one body, and `Json` takes it already: remove one of them
            whether a route replies is known by the type: write it in place of the `impl`
            name the API: write `api = Chat`, with a type that has `#[api(websocket)]`
            who may connect is said at `$connect`, and what comes later comes from them: leave `auth` out; the principal can be an argument here as well"#]],
    );
    check_errors(
        handler(
            quote! { websocket = "$connect", api = Chat },
            quote! { async fn connect(connection: Option<Connection>, text: String) {} },
        ),
        expect![[r#"
            `$connect` comes without a message: remove this argument
            in `$connect` the connection is not open yet, so that nothing can be sent on it: take `ConnectionContext`, which has its id
            name who may connect: `auth = Public` for everyone, `auth = Iam`, or the principal that an authorizer makes"#]],
    );
    check_errors(
        handler(
            quote! { websocket = "say", api = Chat, auth = Public, throttle(rate = 0, burst = 1) },
            quote! { async fn say(a: Bytes, b: Json<B>) {} },
        ),
        expect![[r#"
            a message has one body, and `Bytes` takes it already: remove one of them
            who may connect is said at `$connect`, and what comes later comes from them: leave `auth` out; the principal can be an argument here as well
            `rate` is 0 requests, but has to be from 1 to 1000000 requests"#]],
    );
    check_errors(
        handler(
            quote! { websocket = "$disconnect", api = Chat, throttle(rate = 1, burst = 1) },
            quote! { async fn left() {} },
        ),
        expect!["the end of a connection cannot be refused: leave `throttle` out"],
    );
    check_errors(
        handler(quote! { websocket = Chat }, quote! { async fn connect() {} }),
        expect![[
            r#"a route of a WebSocket API is a string: write `websocket = "$connect"`, or what its messages say, `websocket = "sendMessage"`"#
        ]],
    );
}
