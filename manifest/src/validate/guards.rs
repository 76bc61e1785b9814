//! The guards of APIs and routes.

use std::collections::BTreeSet;

use super::Problem;
use crate::{
    Api, Auth, AuthorizerOptions, Function, GatewayResponse, HttpMethod, IdentitySource, Manifest, PayloadFormat,
    RestApi, Route, RouteCache, SocketRoute, Throttle, Trigger, rules,
};

pub(super) fn check(manifest: &Manifest, problems: &mut Vec<Problem>) {
    for api in &manifest.apis {
        let report = &mut |message| problems.push(super::apis::at(api, message));
        api.throttle.iter().for_each(|throttle| check_throttle(throttle, report));
        let Some(rest) = api.rest() else { continue };
        check_cache_size(manifest, api, rest, report);
        check_responses(&rest.gateway_responses, report);
    }
    for route in manifest.functions.iter().filter_map(Route::of) {
        let Some(api) = manifest.api(route.api) else { continue };
        let report = &mut |message| problems.push(of(route.function, message));
        route.guards.throttle.iter().for_each(|throttle| check_throttle(throttle, report));
        if route.guards.throttle.is_some() && route.method == HttpMethod::Any && api.rest().is_some() {
            report(rules::THROTTLE_OF_ANY.into());
        }
        if let Some(cache) = &route.guards.cache {
            check_cache(api, &route, cache, report);
        }
        if let Auth::Authorizer { function } = route.auth
            && let Some(Trigger::Authorizer { options, .. }) = manifest.function(function).map(|it| &it.trigger)
        {
            check_asked(api, function, options, report);
        }
    }
    for route in manifest.functions.iter().filter_map(SocketRoute::of) {
        if let Some(Auth::Authorizer { function }) = route.auth
            && let Some(Trigger::Authorizer { options, .. }) = manifest.function(function).map(|it| &it.trigger)
            && options.payload == PayloadFormat::One
        {
            problems.push(of(route.function, wrong_payload(function, route.api, "a WebSocket API")));
        }
    }
    for function in &manifest.functions {
        if let Trigger::Authorizer { cache, options, .. } = &function.trigger {
            check_authorizer(*cache, options, &mut |message| problems.push(of(function, message)));
        }
    }
}

fn of(function: &Function, message: String) -> Problem {
    Problem::at(&function.name, &function.source, message)
}

pub(super) fn check_throttle(throttle: &Throttle, report: &mut impl FnMut(String)) {
    for (what, number) in [("`rate`", throttle.rate), ("`burst`", throttle.burst)] {
        rules::check_range(what, number.into(), &rules::THROTTLE_RATE, " requests").unwrap_or_else(&mut *report);
    }
}

/// A cache is paid for by the hour, whoever uses it.
fn check_cache_size(manifest: &Manifest, api: &Api, rest: &RestApi, report: &mut impl FnMut(String)) {
    let Some(size) = &rest.cache_size else { return };
    if !rules::CACHE_SIZES.contains(&size.as_str()) {
        report(format!("`{size}` is no size of a cache: there are `{}`", rules::CACHE_SIZES.join("`, `")));
    }
    if !manifest.routes(&api.name).any(|route| route.guards.cache.is_some()) {
        report(
            "its `cache_size` is paid for by the hour, and no route keeps its replies: write `cache = \"60s\"` on those \
             that shall, or remove the size"
                .into(),
        );
    }
}

fn check_cache(api: &Api, route: &Route<'_>, cache: &RouteCache, report: &mut impl FnMut(String)) {
    rules::check_range("`cache`", cache.ttl.into(), &rules::REPLY_CACHE, " s").unwrap_or_else(&mut *report);
    let name = &api.name;
    match api.rest() {
        None => report(format!(
            "`cache` is of REST APIs, and `{name}` is an HTTP API: write `#[api(rest)]`, or leave it out"
        )),
        Some(rest) if rest.cache_size.is_none() => report(format!(
            "its `cache` is part of the API's, which `{name}` does not have: write `cache_size = \"0.5\"` into `#[api(…)]`; it \
             is paid for by the hour"
        )),
        Some(_) => {}
    }
    if route.method != HttpMethod::Get {
        report(format!(
            "`cache` is for GET, and this is {}: a reply that is kept does not reach the function",
            route.method.as_str()
        ));
    }
    if route.function.streaming {
        report(rules::CACHE_OF_STREAM.into());
    }
    if *route.auth != Auth::Public && !cache.shared && !is_keyed_by_caller(route) {
        report(
            "its replies are kept for everyone whom the route lets in: tell them apart by who asks, as with `cache_key(header = \
             \"authorization\")`, or say that they are the same for all, `cache_shared`"
                .into(),
        );
    }
    cache.query.iter().for_each(|name| rules::check_parameter_name(name).unwrap_or_else(&mut *report));
    cache.headers.iter().for_each(|name| rules::check_header_name(name).unwrap_or_else(&mut *report));
}

fn is_keyed_by_caller(route: &Route<'_>) -> bool {
    let header = if *route.auth == Auth::ApiKey { "x-api-key" } else { "authorization" };
    route.cache_key().iter().any(|(place, name)| *place == crate::Place::Header && name.eq_ignore_ascii_case(header))
}

fn check_authorizer(cache: u32, options: &AuthorizerOptions, report: &mut impl FnMut(String)) {
    let AuthorizerOptions { identity, validation, policy: _, token_header, payload: _ } = options;
    if let Some(expression) = validation {
        rules::check_expression(expression).unwrap_or_else(&mut *report);
        if identity.is_some() {
            report("`validation` is of bearer tokens: leave it out, or `identity`".into());
        }
    }
    if let Some(header) = token_header {
        rules::check_header_name(header).unwrap_or_else(&mut *report);
        let is_it = |source: &IdentitySource| matches!(source, IdentitySource::Header(name) if name.eq_ignore_ascii_case(header));
        if identity.as_ref().is_some_and(|sources| !sources.iter().any(is_it)) {
            report(format!(
                "its token comes in the header `{header}`, by which it is not asked: add that to its `identity`, or leave \
                 `token_header` out"
            ));
        }
    }
    for source in identity.iter().flatten() {
        let checked = match source {
            IdentitySource::Header(name) => rules::check_header_name(name),
            IdentitySource::Query(name) | IdentitySource::StageVariable(name) => rules::check_parameter_name(name),
            IdentitySource::Context(name) => rules::check_identity_context(name, None),
        };
        checked.unwrap_or_else(&mut *report);
    }
    if cache > 0 && identity.as_ref().is_some_and(Vec::is_empty) {
        report(
            "its answers are reused, and nothing says for whom: write `identity(header = \"…\")`, or leave `cache` out"
                .into(),
        );
    }
}

/// What the kind of the API makes of an authorizer.
fn check_asked(api: &Api, function: &str, options: &AuthorizerOptions, report: &mut impl FnMut(String)) {
    let is_rest = api.rest().is_some();
    if options.validation.is_some() && !is_rest {
        report(format!(
            "its authorizer `{function}` has a `validation`, which is of REST APIs, and `{}` is an HTTP API: leave it out, or \
             write `#[api(rest)]`",
            api.name
        ));
    }
    if options.payload == PayloadFormat::One && is_rest {
        report(wrong_payload(function, &api.name, "a REST API"));
    }
    for source in options.identity.iter().flatten() {
        if let IdentitySource::Context(name) = source
            && let Err(message) = rules::check_identity_context(name, Some(is_rest))
        {
            report(format!(
                "its authorizer `{function}` is asked by something that `{}` does not have: {message}",
                api.name
            ));
        }
    }
}

fn wrong_payload(function: &str, api: &str, kind: &str) -> String {
    format!(
        "its authorizer `{function}` has a `payload`, which is of HTTP APIs, and `{api}` is {kind}, which asks in a form of its own: leave \
         it out"
    )
}

fn check_responses(responses: &[GatewayResponse], report: &mut impl FnMut(String)) {
    let mut seen = BTreeSet::new();
    for response in responses {
        let name = response.response.as_str();
        if !seen.insert(name) {
            report(format!("it has two gateway responses `{name}`: make them one"));
        }
        if let Some(status) = response.status {
            rules::check_range("`status`", status.into(), &rules::GATEWAY_STATUS, "").unwrap_or_else(&mut *report);
        }
        for (name, value) in &response.headers {
            rules::check_response_header(name, value).unwrap_or_else(&mut *report);
        }
        if let Some(Err(message)) = response.body.as_deref().map(rules::template_parts) {
            report(message);
        }
        rules::check_media_type(response.media_type()).unwrap_or_else(&mut *report);
    }
}
