//! What stands before a route's function, and how an authorizer is asked.

use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{handler::handler, snapshot::check_errors};

/// The trigger of a registration, in one line.
fn check_trigger(attribute: TokenStream, function: TokenStream, expected: Expect) {
    let text = handler(attribute, function).to_string().replace(' ', "");
    let (_, trigger) = text.split_once("trigger:::skyloom::__private::TriggerEntry::").unwrap();
    let (trigger, _) = trigger.split_once(",memory:").unwrap();
    expected.assert_eq(&trigger.replace("::skyloom::__private::", "").replace("::core::option::Option::", ""));
}

fn check_wrong(attribute: TokenStream, function: TokenStream, expected: Expect) {
    check_errors(handler(attribute, function), expected);
}

fn list() -> TokenStream {
    quote! { async fn list() -> String { String::new() } }
}

#[test]
fn a_route_says_what_it_takes_and_keeps() {
    check_trigger(
        quote! {
            GET "/orders", auth = Shopper, throttle(rate = 10, burst = 20), cache = "5m",
            cache_key(query = ["page", "size"], header = "Authorization")
        },
        list(),
        expect![[
            r#"Http{method:HttpMethod::Get,path:"/orders",auth:<Shopperas::skyloom::Principal>::KIND,scopes:&[],groups:&[],api:None,operation:openapi::describer(|operation|{useopenapi::levels::*;(&&&openapi::Probe::<String>::NEW).reply(operation);}),streams:||{usestreams::*;(&&Probe::<String>::NEW).streams()},throttle:Some(Throttle{rate:10u32,burst:20u32}),cache:Some(CacheEntry{ttl:300u32,query:&["page","size"],headers:&["Authorization"],shared:false}),}"#
        ]],
    );
    check_trigger(
        quote! { GET "/orders", auth = Public, cache = "60s" },
        list(),
        expect![[
            r#"Http{method:HttpMethod::Get,path:"/orders",auth:<Publicas::skyloom::Principal>::KIND,scopes:&[],groups:&[],api:None,operation:openapi::describer(|operation|{useopenapi::levels::*;(&&&openapi::Probe::<String>::NEW).reply(operation);}),streams:||{usestreams::*;(&&Probe::<String>::NEW).streams()},throttle:None,cache:Some(CacheEntry{ttl:60u32,query:&[],headers:&[],shared:false}),}"#
        ]],
    );
}

#[test]
fn a_reply_is_kept_for_those_whom_it_is_for() {
    check_wrong(
        quote! { GET "/orders", auth = Shopper, cache = "60s" },
        list(),
        expect![[
            r#"its replies would be kept for everyone whom the route lets in: tell them apart by who asks, `cache_key(header = "authorization")`, or say that they are the same for all, `cache_shared`"#
        ]],
    );
    check_wrong(
        quote! { GET "/orders", auth = ApiKey, cache = "60s", cache_key(header = "authorization") },
        list(),
        expect![[
            r#"its replies would be kept for everyone whom the route lets in: tell them apart by who asks, `cache_key(header = "x-api-key")`, or say that they are the same for all, `cache_shared`"#
        ]],
    );
    check_wrong(
        quote! { GET "/orders", auth = Public, cache = "60s", cache_shared },
        list(),
        expect!["a public route's replies are everyone's anyway: remove `cache_shared`"],
    );
    check_wrong(
        quote! { GET "/orders", auth = Shopper, cache = "60s", cache_shared, cache_key(header = "authorization") },
        list(),
        expect![
            "`cache_shared` says that all callers get one reply, and `cache_key` tells them apart by `authorization`: remove one"
        ],
    );
}

#[test]
fn what_is_wrong_with_a_routes_guards_is_told_at_once() {
    check_wrong(
        quote! { POST "/orders", auth = Public, cache = "2h", cache_key(headers = "a b", query = ""), throttle(rate = 0) },
        list(),
        expect![[r#"
            `burst` is missing: write `throttle(rate = 10, burst = 20)`
            `rate` is 0 requests, but has to be from 1 to 1000000 requests
            `cache` is for GET, and this is POST: a reply that is kept does not reach the function
            `headers` is no option of `cache_key(…)`: did you mean `header`?
            this string is empty
            `cache` is 7200 s, but has to be from 1 to 3600 s"#]],
    );
    check_wrong(
        quote! { GET "/orders", auth = Public, cache_key(query = "page"), cache_shared },
        list(),
        expect![[r#"
            `cache_key` is of a reply that is kept: write `cache = "60s"` as well
            `cache_shared` is of a reply that is kept: write `cache = "60s"` as well"#]],
    );
    check_wrong(
        quote! { schedule = "rate(1 hour)", cache = "60s", throttle(rate = 1, burst = 1) },
        list(),
        expect![[r#"
            `cache` is an option of HTTP and authorizer handlers, and this one is triggered by the clock
            `throttle` is an option of HTTP and websocket handlers, and this one is triggered by the clock"#]],
    );
}

#[test]
fn a_reply_that_is_sent_as_it_comes_is_not_kept() {
    check_wrong(
        quote! { GET "/export", auth = Public, api = Admin, cache = "60s" },
        quote! { async fn export() -> Result<Streamed, Error> { f() } },
        expect!["API Gateway keeps no reply that is sent as it comes: leave `cache` out, or return no `Streamed`"],
    );
}

#[test]
fn a_limit_on_all_methods_is_of_http_apis() {
    let of = |attribute: TokenStream| handler(attribute, list()).to_string();
    let any = quote! { ANY "/a", auth = Public, api = Admin, throttle(rate = 1, burst = 1) };
    assert!(of(any).contains("a REST API has no limit for `ANY`"));
    let get = quote! { GET "/a", auth = Public, api = Admin, throttle(rate = 1, burst = 1) };
    assert!(!of(get).contains("a REST API has no limit for `ANY`"));
}

#[test]
fn an_authorizer_says_by_what_it_is_asked() {
    check_trigger(
        quote! { authorizer, cache = "5m", identity(header = "x-token", query = ["tenant"], context = "httpMethod") },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Policy<Partner>, Unauthorized> { todo() } },
        expect![[
            r#"Authorizer{principal:"Partner",cache:300u32,identity:Some(&[IdentityEntry::Header("x-token"),IdentityEntry::Query("tenant"),IdentityEntry::Context("httpMethod")]),validation:None,policy:true,token_header:None,payload:PayloadFormat::Two,}"#
        ]],
    );
    check_trigger(
        quote! { authorizer, validation = "^Bearer [a-z]+$" },
        quote! { async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> { todo() } },
        expect![[
            r#"Authorizer{principal:"Partner",cache:0u32,identity:None,validation:Some("^Bearer[a-z]+$"),policy:false,token_header:None,payload:PayloadFormat::Two,}"#
        ]],
    );
    check_trigger(
        quote! { authorizer },
        quote! { async fn partner(token: BearerToken, q: Option<Query<Q>>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[
            r#"Authorizer{principal:"Partner",cache:0u32,identity:Some(&[IdentityEntry::Header("Authorization")]),validation:None,policy:false,token_header:None,payload:PayloadFormat::Two,}"#
        ]],
    );
    check_trigger(
        quote! { authorizer },
        quote! { async fn partner(request: RequestContext) -> Result<Partner, Unauthorized> { todo() } },
        expect![[
            r#"Authorizer{principal:"Partner",cache:0u32,identity:Some(&[]),validation:None,policy:false,token_header:None,payload:PayloadFormat::Two,}"#
        ]],
    );
}

#[test]
fn what_is_wrong_with_an_authorizers_question_is_told_at_once() {
    check_wrong(
        quote! { authorizer, cache = "5m", identity(header = "x-token", cookie = "a"), validation = "Bearer (" },
        quote! { async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> { todo() } },
        expect![[r#"
            `cookie` is no option of `identity(…)`: there are `header`, `query`, `stage_variable`, `context`
            the token comes in `Authorization`, by which this authorizer is not asked: add `header = "authorization"` to its `identity`
            `Bearer (` is no regular expression: found open group without closing ')'
            `validation` is of an authorizer that is asked about a token alone: leave it out, or `identity` and the arguments that read the request"#]],
    );
    check_wrong(
        quote! { authorizer, cache = "5m" },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[
            r#"an answer is reused for the same caller: say what of a request says who calls, `identity(header = "x-token")`"#
        ]],
    );
    check_wrong(
        quote! { authorizer, identity(context = "routekey") },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Partner, Unauthorized> { todo() } },
        expect!["the context has no `routekey`: did you mean `routeKey`?"],
    );
    check_wrong(
        quote! { authorizer, identity() },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[r#"say what of a request says who calls: write `identity(header = "x-token")`"#]],
    );
}
