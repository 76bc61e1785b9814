mod function;
mod guards;
mod pool;
mod websocket;

use expect_test::expect;
use quote::quote;

use super::handler;
use crate::snapshot::check;

#[test]
fn a_route_is_registered_with_what_its_arguments_need() {
    check(
        handler(
            quote! { POST "/orders/{id}", auth = Shopper, groups = ["staff"], timeout = "10s", api = Shop },
            quote! {
                /// Changes an order.
                pub async fn change(Path(id): Path<String>, shopper: Shopper, orders: Write<Order>) -> Result<Json<Order>, Error> {
                    todo(id)
                }
            },
        ),
        expect![[r#"
            /// Changes an order.
            pub async fn change(
                Path(id): Path<String>,
                shopper: Shopper,
                orders: Write<Order>,
            ) -> Result<Json<Order>, Error> {
                todo(id)
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "change",
                    description: "Changes an order.",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Http {
                        method: ::skyloom::__private::HttpMethod::Post,
                        path: "/orders/{id}",
                        auth: <Shopper as ::skyloom::Principal>::KIND,
                        scopes: &[],
                        groups: &["staff"],
                        api: ::core::option::Option::Some(
                            <Shop as ::skyloom::__private::ApiType>::NAME,
                        ),
                        operation: ::skyloom::__private::openapi::describer(|operation| {
                            use ::skyloom::__private::openapi::levels::*;
                            (&&&::skyloom::__private::openapi::Probe::<Path<String>>::NEW)
                                .argument(operation);
                            (&&&::skyloom::__private::openapi::Probe::<Shopper>::NEW)
                                .argument(operation);
                            (&&&::skyloom::__private::openapi::Probe::<Write<Order>>::NEW)
                                .argument(operation);
                            (&&&::skyloom::__private::openapi::Probe::<
                                Result<Json<Order>, Error>,
                            >::NEW)
                                .reply(operation);
                        }),
                        streams: || {
                            use ::skyloom::__private::streams::*;
                            (&&Probe::<Result<Json<Order>, Error>>::NEW).streams()
                        },
                        throttle: ::core::option::Option::None,
                        cache: ::core::option::Option::None,
                    },
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::Some(10u32),
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Path<
                                String,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::http::Http<Shopper>,
                            >>::NEEDS,
                            <Shopper as ::skyloom::FromEvent<
                                ::skyloom::__private::http::Http<Shopper>,
                            >>::NEEDS,
                            <Write<
                                Order,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::http::Http<Shopper>,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::http::open::<
                            Shopper,
                        >(payload, scope, &["staff"]) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(answer) => return answer,
                        };
                        let argument_0 = match <Path<
                            String,
                        > as ::skyloom::FromEvent<
                            ::skyloom::__private::http::Http<Shopper>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::http::reject(&event, rejection, scope);
                            }
                        };
                        let argument_1 = match <Shopper as ::skyloom::FromEvent<
                            ::skyloom::__private::http::Http<Shopper>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::http::reject(&event, rejection, scope);
                            }
                        };
                        let argument_2 = match <Write<
                            Order,
                        > as ::skyloom::FromEvent<
                            ::skyloom::__private::http::Http<Shopper>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::http::reject(&event, rejection, scope);
                            }
                        };
                        let reply = ::skyloom::__private::http::reply::<Result<Json<Order>, Error>>;
                        reply(&event, change(argument_0, argument_1, argument_2).await, scope)
                    }),
                };
                const _: () = ::skyloom::__private::websocket::assert_requests(
                    <Shop as ::skyloom::__private::ApiType>::IS_WEBSOCKET,
                );
            };
        "#]],
    );
}

#[test]
fn a_stream_of_changes_is_handled_one_by_one() {
    check(
        handler(
            quote! {
                stream = Order, filter(new.status = "paid", event = ["insert", "modify"]), filter(old.total = 5),
                batch_size = 10, batch_window = "5s", retries = 3, max_record_age = "1h", bisect, parallelization = 2,
                starting_position = "latest"
            },
            quote! { async fn ship(change: Change<Order>, shipments: Write<Shipment>) -> Result<(), Error> { Ok(()) } },
        ),
        expect![[r#"
            async fn ship(change: Change<Order>, shipments: Write<Shipment>) -> Result<(), Error> {
                Ok(())
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "ship",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Stream(::skyloom::__private::StreamEntry {
                        table: ::skyloom::__private::stream::table_of_changes::<Order>(),
                        entities: <Order as ::skyloom::__private::ItemOf<Order>>::KINDS,
                        batch_size: ::core::option::Option::Some(10u32),
                        batch_window: ::core::option::Option::Some(5u32),
                        starting_position: ::skyloom::__private::StartingPosition::Latest,
                        retries: ::core::option::Option::Some(3u32),
                        max_record_age: ::core::option::Option::Some(3600u32),
                        bisect: true,
                        parallelization: ::core::option::Option::Some(2u32),
                        tumbling_window: ::core::option::Option::None,
                        on_failure: ::core::option::Option::None,
                        filters: &[
                            &[
                                ::skyloom::__private::FilterTerm::Attribute {
                                    image: ::skyloom::__private::Image::New,
                                    subject: ::skyloom::__private::filter::attribute(
                                        <Order>::STATUS,
                                        ::skyloom::__private::filter::Operand::String,
                                    ),
                                    within: &[],
                                    test: ::skyloom::__private::FilterTest::String(&["paid"]),
                                },
                                ::skyloom::__private::FilterTerm::Event(&["INSERT", "MODIFY"]),
                            ],
                            &[
                                ::skyloom::__private::FilterTerm::Attribute {
                                    image: ::skyloom::__private::Image::Old,
                                    subject: ::skyloom::__private::filter::attribute(
                                        <Order>::TOTAL,
                                        ::skyloom::__private::filter::Operand::Number,
                                    ),
                                    within: &[],
                                    test: ::skyloom::__private::FilterTest::Number(&["5"]),
                                },
                            ],
                        ],
                    }),
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Change<
                                Order,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::stream::StreamRecord<Order>,
                            >>::NEEDS,
                            <Write<
                                Shipment,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::stream::StreamRecord<Order>,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::stream::open::<
                            Order,
                        >(payload, &__SKYLOOM_ENTRY.trigger) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        for record in event.records() {
                            let argument_0 = match <Change<
                                Order,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::stream::StreamRecord<Order>,
                            >>::from_event(record, scope)
                                .await
                            {
                                ::core::result::Result::Ok(argument) => argument,
                                ::core::result::Result::Err(rejection) => {
                                    return ::skyloom::__private::stream::record_failed(
                                        record,
                                        ::skyloom::__private::stream::reject(rejection),
                                    );
                                }
                            };
                            let argument_1 = match <Write<
                                Shipment,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::stream::StreamRecord<Order>,
                            >>::from_event(record, scope)
                                .await
                            {
                                ::core::result::Result::Ok(argument) => argument,
                                ::core::result::Result::Err(rejection) => {
                                    return ::skyloom::__private::stream::record_failed(
                                        record,
                                        ::skyloom::__private::stream::reject(rejection),
                                    );
                                }
                            };
                            let reply = ::skyloom::__private::stream::record_reply::<
                                Result<(), Error>,
                            >;
                            if let ::core::result::Result::Err(error) = reply(
                                ship(argument_0, argument_1).await,
                            ) {
                                return ::skyloom::__private::stream::record_failed(record, error);
                            }
                        }
                        ::skyloom::__private::stream::batch_done()
                    }),
                };
            };
        "#]],
    );
}

#[test]
fn a_stream_of_changes_is_handled_as_a_batch() {
    check(
        handler(quote! { stream = Order }, quote! { async fn count(changes: Vec<Change<Order>>) {} }),
        expect![[r#"
            async fn count(changes: Vec<Change<Order>>) {}
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "count",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Stream(::skyloom::__private::StreamEntry {
                        table: ::skyloom::__private::stream::table_of_changes::<Order>(),
                        entities: <Order as ::skyloom::__private::ItemOf<Order>>::KINDS,
                        batch_size: ::core::option::Option::None,
                        batch_window: ::core::option::Option::None,
                        starting_position: ::skyloom::__private::StartingPosition::TrimHorizon,
                        retries: ::core::option::Option::None,
                        max_record_age: ::core::option::Option::None,
                        bisect: false,
                        parallelization: ::core::option::Option::None,
                        tumbling_window: ::core::option::Option::None,
                        on_failure: ::core::option::Option::None,
                        filters: &[],
                    }),
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Vec<
                                Change<Order>,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::stream::StreamBatch<Order>,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::stream::open::<
                            Order,
                        >(payload, &__SKYLOOM_ENTRY.trigger) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let argument_0 = match <Vec<
                            Change<Order>,
                        > as ::skyloom::FromEvent<
                            ::skyloom::__private::stream::StreamBatch<Order>,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::stream::batch_reply(
                                    &event,
                                    ::core::result::Result::<
                                        (),
                                        _,
                                    >::Err(::skyloom::__private::stream::reject(rejection)),
                                );
                            }
                        };
                        let reply = ::skyloom::__private::stream::batch_reply::<()>;
                        reply(&event, count(argument_0).await)
                    }),
                };
            };
        "#]],
    );
}

#[test]
fn a_schedule_is_registered() {
    check(
        handler(
            quote! { schedule = "rate(1 hour)", memory = 512, concurrency = 1, allow("ses:SendEmail", "arn:aws:ses:us-east-1:1:identity/x.org") },
            quote! { #[cfg(feature = "report")] async fn report(orders: Scan<Order>) -> Result<(), Error> { Ok(()) } },
        ),
        expect![[r##"
            #[cfg(feature = "report")]
            async fn report(orders: Scan<Order>) -> Result<(), Error> {
                Ok(())
            }
            #[cfg(feature = "report")]
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "report",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Schedule {
                        expression: "rate(1 hour)",
                    },
                    memory: ::core::option::Option::Some(512u32),
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::Some(1u32),
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[("ses:SendEmail", "arn:aws:ses:us-east-1:1:identity/x.org")],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Scan<
                                Order,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::schedule::Schedule,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::schedule::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let argument_0 = match <Scan<
                            Order,
                        > as ::skyloom::FromEvent<
                            ::skyloom::__private::schedule::Schedule,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::schedule::reject(rejection);
                            }
                        };
                        let reply = ::skyloom::__private::schedule::reply::<Result<(), Error>>;
                        reply(report(argument_0).await)
                    }),
                };
            };
        "##]],
    );
}

#[test]
fn what_an_authorizer_returns_is_a_principal() {
    check(
        handler(
            quote! { authorizer, cache = "5m" },
            quote! { async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> { Err(Unauthorized::new()) } },
        ),
        expect![[r#"
            async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
                Err(Unauthorized::new())
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "partner",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Authorizer {
                        principal: "Partner",
                        cache: 300u32,
                        identity: ::core::option::Option::None,
                        validation: ::core::option::Option::None,
                        policy: false,
                        token_header: ::core::option::Option::None,
                        payload: ::skyloom::__private::PayloadFormat::Two,
                    },
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <BearerToken as ::skyloom::FromEvent<
                                ::skyloom::__private::authorizer::Authorize,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::authorizer::open(
                            payload,
                            "Authorization",
                        ) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let argument_0 = match <BearerToken as ::skyloom::FromEvent<
                            ::skyloom::__private::authorizer::Authorize,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::authorizer::reject(&event, rejection);
                            }
                        };
                        let reply = ::skyloom::__private::authorizer::reply::<Partner, _>;
                        reply(&event, partner(argument_0).await)
                    }),
                };
                impl ::skyloom::Principal for Partner {
                    const KIND: ::skyloom::__private::PrincipalKind = ::skyloom::__private::PrincipalKind::Authorizer(
                        "partner",
                    );
                }
                impl ::skyloom::FromEvent<::skyloom::__private::http::Http<Partner>> for Partner {
                    async fn from_event<'a>(
                        event: &'a ::skyloom::__private::RequestEvent<'a>,
                        _: &'a ::skyloom::__private::Scope,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                        ::skyloom::__private::user_of_authorizer(event)
                    }
                }
                impl<
                    __Api: ::skyloom::__private::websocket::Connects<Principal = Partner>,
                > ::skyloom::FromEvent<::skyloom::__private::websocket::WebSocket<__Api>>
                for Partner {
                    async fn from_event<'a>(
                        event: &'a ::skyloom::__private::websocket::SocketEvent<'a>,
                        _: &'a ::skyloom::__private::Scope,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                        ::skyloom::__private::websocket::user_of_authorizer(event)
                    }
                }
            };
        "#]],
    );
}

#[test]
fn a_function_is_called_by_its_name() {
    check(
        handler(quote! { invoke }, quote! { async fn r#match(Json(input): Json<Input>) -> Json<Output> { f(input) } }),
        expect![[r#"
            async fn r#match(Json(input): Json<Input>) -> Json<Output> {
                f(input)
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "match",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Invoke,
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Json<
                                Input,
                            > as ::skyloom::FromEvent<::skyloom::__private::invoke::Invoke>>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::invoke::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let argument_0 = match <Json<
                            Input,
                        > as ::skyloom::FromEvent<
                            ::skyloom::__private::invoke::Invoke,
                        >>::from_event(&event, scope)
                            .await
                        {
                            ::core::result::Result::Ok(argument) => argument,
                            ::core::result::Result::Err(rejection) => {
                                return ::skyloom::__private::invoke::reject(rejection);
                            }
                        };
                        let reply = ::skyloom::__private::invoke::reply::<Json<Output>>;
                        reply(r#match(argument_0).await)
                    }),
                };
            };
        "#]],
    );
}

#[test]
fn after_an_error_the_function_is_still_there() {
    check(
        handler(quote! { GET "orders", memory = 1 }, quote! { fn list<T>(&self, a: &str) { half a body } }),
        expect![[r#"
            unexpected token, expected `;`
            fn list < T > (& self , a : & str) { half a body } :: core :: compile_error ! { "a handler is async: write `async fn list`" } :: core :: compile_error ! { "a handler is one function in the cloud: write concrete types instead of parameters" } :: core :: compile_error ! { "a handler is a free function: remove the `self`" } :: core :: compile_error ! { "a handler owns its arguments, which outlive the event: write a type without the `&`" } :: core :: compile_error ! { "`memory` is 1 MB, but has to be from 128 to 10240 MB" } :: core :: compile_error ! { "name who may call: `auth = Public` for everyone, `auth = Shopper` for the users of a `#[derive(UserPool)]`, or the principal that an authorizer makes" } :: core :: compile_error ! { "the path `orders` has to begin with `/`: write `/orders`" }"#]],
    );
}

#[test]
fn a_url_is_a_request_without_an_api() {
    check(
        handler(
            quote! { url, auth = Iam, cors(origins = ["https://a.example"]), timeout = "15m" },
            quote! { async fn export() -> Result<Streamed, Error> { f() } },
        ),
        expect![[r#"
            async fn export() -> Result<Streamed, Error> {
                f()
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "export",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Url {
                        auth: <Iam as ::skyloom::Principal>::KIND,
                        cors: ::core::option::Option::Some(::skyloom::__private::CorsEntry {
                            origins: &["https://a.example"],
                            methods: &[],
                            headers: &[],
                            expose: &[],
                            credentials: false,
                            max_age: ::core::option::Option::None,
                        }),
                        streams: || {
                            use ::skyloom::__private::streams::*;
                            (&&Probe::<Result<Streamed, Error>>::NEW).streams()
                        },
                    },
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::Some(900u32),
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(&[]),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::http::open::<
                            Iam,
                        >(payload, scope, &[]) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(answer) => return answer,
                        };
                        let reply = ::skyloom::__private::http::reply::<Result<Streamed, Error>>;
                        reply(&event, export().await, scope)
                    }),
                };
            };
        "#]],
    );
    check(
        handler(quote! { url }, quote! { async fn export(Path(id): Path<u8>, a: Json<A>, b: Bytes) {} }),
        expect![[r#"
            async fn export(Path(id): Path<u8>, a: Json<A>, b: Bytes) {}
            ::core::compile_error! {
                "a URL has no route whose path could have parameters: take `RequestContext`, which has the path"
            }
            ::core::compile_error! {
                "a request has one body, and `Json` takes it already: remove one of them"
            }
            ::core::compile_error! {
                "name who may call: `auth = Iam` for those who sign their requests, or `auth = Public` for everyone"
            }
        "#]],
    );
    check(
        handler(quote! { url, auth = Shopper, api = Shop, groups = ["a"] }, quote! { async fn export() {} }),
        expect![[r#"
            async fn export() {}
            ::core::compile_error! {
                "`api` is an option of HTTP and websocket handlers, and this one is triggered by a request to its URL"
            }
            ::core::compile_error! {
                "`groups` is an option of HTTP handlers, and this one is triggered by a request to its URL"
            }
            ::core::compile_error! {
                "Lambda itself knows `Iam` and `Public` at a function's URL: for other callers write a route of an API, `GET \"/path\"`"
            }
        "#]],
    );
    check(
        handler(quote! { GET "/", auth = Public, cors(origins = ["*"]) }, quote! { async fn export() {} }),
        expect![[r#"
            async fn export() {}
            ::core::compile_error! {
                "the API says which pages may call: write `cors(…)` into its `#[api(…)]`"
            }
        "#]],
    );
}

#[test]
fn a_hook_s_checks_are_one_future_whose_end_codedeploy_is_told() {
    check(
        handler(
            quote! { hook, timeout = "5m" },
            quote! { async fn smoke_test(deployment: Deployment) -> Result<(), Error> { f(deployment) } },
        ),
        expect![[r#"
            async fn smoke_test(deployment: Deployment) -> Result<(), Error> {
                f(deployment)
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "smoke_test",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Hook,
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::Some(300u32),
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <Deployment as ::skyloom::FromEvent<
                                ::skyloom::__private::hook::Hook,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::hook::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let checks = async {
                            let argument_0 = match <Deployment as ::skyloom::FromEvent<
                                ::skyloom::__private::hook::Hook,
                            >>::from_event(&event, scope)
                                .await
                            {
                                ::core::result::Result::Ok(argument) => argument,
                                ::core::result::Result::Err(rejection) => {
                                    return ::skyloom::__private::hook::reject(rejection);
                                }
                            };
                            let reply = ::skyloom::__private::hook::reply::<Result<(), Error>>;
                            reply(smoke_test(argument_0).await)
                        };
                        ::skyloom::__private::hook::conclude(&event, scope, checks).await
                    }),
                };
            };
        "#]],
    );
}

#[test]
fn a_deployment_and_what_is_kept_warm_are_options() {
    check(
        handler(
            quote! { invoke, deployment = linear("25%", "1h", before = r#match), provisioned_concurrency = 5 },
            quote! { async fn add() {} },
        ),
        expect![[r#"
            async fn add() {}
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "add",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::Invoke,
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions {
                        deployment: ::core::option::Option::Some(::skyloom::__private::DeploymentEntry {
                            shift: ::skyloom::__private::TrafficShift::Linear {
                                percentage: 25u32,
                                interval: 60u32,
                            },
                            before: ::core::option::Option::Some("match"),
                            after: ::core::option::Option::None,
                        }),
                        provisioned_concurrency: ::core::option::Option::Some(5u32),
                        ..::skyloom::__private::FunctionOptions::DEFAULT
                    },
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(&[]),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::invoke::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let reply = ::skyloom::__private::invoke::reply::<()>;
                        reply(add().await)
                    }),
                };
            };
        "#]],
    );
}
