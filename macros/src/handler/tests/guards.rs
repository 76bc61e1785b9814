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
        expect![[""]],
    );
    check_trigger(quote! { GET "/orders", auth = Public, cache = "60s" }, list(), expect![[""]]);
}

#[test]
fn a_reply_is_kept_for_those_whom_it_is_for() {
    check_wrong(quote! { GET "/orders", auth = Shopper, cache = "60s" }, list(), expect![[""]]);
    check_wrong(
        quote! { GET "/orders", auth = ApiKey, cache = "60s", cache_key(header = "authorization") },
        list(),
        expect![[""]],
    );
    check_wrong(quote! { GET "/orders", auth = Public, cache = "60s", cache_shared }, list(), expect![[""]]);
    check_wrong(
        quote! { GET "/orders", auth = Shopper, cache = "60s", cache_shared, cache_key(header = "authorization") },
        list(),
        expect![[""]],
    );
}

#[test]
fn what_is_wrong_with_a_routes_guards_is_told_at_once() {
    check_wrong(
        quote! { POST "/orders", auth = Public, cache = "2h", cache_key(headers = "a b", query = ""), throttle(rate = 0) },
        list(),
        expect![[""]],
    );
    check_wrong(
        quote! { GET "/orders", auth = Public, cache_key(query = "page"), cache_shared },
        list(),
        expect![[""]],
    );
    check_wrong(
        quote! { schedule = "rate(1 hour)", cache = "60s", throttle(rate = 1, burst = 1) },
        list(),
        expect![[""]],
    );
}

#[test]
fn an_authorizer_says_by_what_it_is_asked() {
    check_trigger(
        quote! { authorizer, cache = "5m", identity(header = "x-token", query = ["tenant"], context = "httpMethod") },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Policy<Partner>, Unauthorized> { todo() } },
        expect![[""]],
    );
    check_trigger(
        quote! { authorizer, validation = "^Bearer [a-z]+$" },
        quote! { async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
    check_trigger(
        quote! { authorizer },
        quote! { async fn partner(token: BearerToken, q: Option<Query<Q>>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
    check_trigger(
        quote! { authorizer },
        quote! { async fn partner(request: RequestContext) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
}

#[test]
fn what_is_wrong_with_an_authorizers_question_is_told_at_once() {
    check_wrong(
        quote! { authorizer, cache = "5m", identity(header = "x-token", cookie = "a"), validation = "Bearer (" },
        quote! { async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
    check_wrong(
        quote! { authorizer, cache = "5m" },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
    check_wrong(
        quote! { authorizer, identity(context = "routekey") },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
    check_wrong(
        quote! { authorizer, identity() },
        quote! { async fn partner(Header(token): Header<Tokens>) -> Result<Partner, Unauthorized> { todo() } },
        expect![[""]],
    );
}
