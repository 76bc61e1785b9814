//! WebSocket APIs and their routes.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use super::{Problem, guards};
use crate::{Api, Auth, IdentitySource, Manifest, SocketRoute, Trigger, rules};

pub(super) fn check(manifest: &Manifest, problems: &mut Vec<Problem>) {
    for route in manifest.functions.iter().filter_map(SocketRoute::of) {
        check_route(manifest, &route, &mut |message| problems.push(at(&route, message)));
        check_authorizer(manifest, &route, &mut |message| problems.push(at(&route, message)));
    }
    for api in &manifest.apis {
        let Some(websocket) = api.websocket() else { continue };
        let mut report = |message: String| problems.push(of(api, message));
        rules::check_route_selection(&websocket.route_selection).unwrap_or_else(&mut report);
        if api.default {
            report("routes of a WebSocket API name it: remove `default`".into());
        }
        if api.cors.is_some() {
            report("browsers connect to a WebSocket API from any origin: remove `cors`, and look at the origin in `$connect`".into());
        }
        check_routes(manifest, api, problems);
    }
}

fn check_route(manifest: &Manifest, route: &SocketRoute<'_>, report: &mut impl FnMut(String)) {
    rules::check_route_key(route.key).unwrap_or_else(&mut *report);
    match manifest.api(route.api) {
        Some(api) if api.websocket().is_some() => {}
        Some(_) => report(format!(
            "`{}` is no WebSocket API: write `#[api(websocket)]`, or a method and a path in place of `websocket`",
            route.api
        )),
        None => report(format!("it is a route of `{}`, which is no API of the application", route.api)),
    }
    match (route.key, route.auth) {
        (SocketRoute::CONNECT, None) => report("`$connect` says who may connect: write `auth = …`".into()),
        (SocketRoute::CONNECT, Some(Auth::UserPool { .. } | Auth::ApiKey)) => report(
            "a WebSocket API lets in everyone, callers with IAM's credentials, or whom an authorizer lets in: write \
             `auth = Public`, `Iam`, or the principal of a `#[handler(authorizer)]`"
                .into(),
        ),
        (SocketRoute::CONNECT, Some(_)) | (_, None) => {}
        (_, Some(_)) => report("who may connect is said at `$connect` alone: remove `auth`".into()),
    }
    match &route.throttle {
        Some(_) if route.key == SocketRoute::DISCONNECT => {
            report("the end of a connection cannot be refused: remove `throttle`".into());
        }
        throttle => throttle.iter().for_each(|throttle| guards::check_throttle(throttle, report)),
    }
}

/// What a WebSocket API makes of the authorizer that says who may connect.
fn check_authorizer(manifest: &Manifest, route: &SocketRoute<'_>, report: &mut impl FnMut(String)) {
    let Some(Auth::Authorizer { function }) = route.auth else { return };
    let Some(Trigger::Authorizer { options, .. }) = manifest.function(function).map(|it| &it.trigger) else { return };
    if options.policy {
        // Such a policy allows methods and paths, and `$connect` is neither: it would refuse everybody.
        report(format!(
            "its authorizer `{function}` allows routes of requests, and a connection is none: let it return the principal alone, \
             `Result<P, Unauthorized>` in place of `Result<Policy<P>, Unauthorized>`"
        ));
    }
    if options.validation.is_some() {
        report(format!(
            "its authorizer `{function}` has a `validation`, which is of REST APIs, and `{}` is a WebSocket API: leave it out",
            route.api
        ));
    }
    for source in options.identity.iter().flatten() {
        if let IdentitySource::Context(name) = source
            && let Err(message) = rules::check_socket_context(name)
        {
            report(format!(
                "its authorizer `{function}` is asked by something that `{}` does not have: {message}",
                route.api
            ));
        }
    }
}

/// What the routes of an API are to each other.
fn check_routes(manifest: &Manifest, api: &Api, problems: &mut Vec<Problem>) {
    let (mut taken, mut authorizers, mut count) = (BTreeMap::new(), BTreeSet::new(), 0);
    for route in manifest.socket_routes(&api.name) {
        count += 1;
        if let Some(Auth::Authorizer { function }) = route.auth {
            authorizers.insert(function);
        }
        match taken.entry(route.key) {
            Entry::Vacant(entry) => _ = entry.insert(route.function),
            Entry::Occupied(entry) => {
                let (by, key) = (entry.get(), route.key);
                let message = format!("`{key}` is already the route of `{}` at {}", by.name, by.source);
                problems.push(at(&route, message));
            }
        }
    }
    if count > 0 && !taken.contains_key(SocketRoute::CONNECT) {
        let message = "nothing says who may connect: add a handler with `websocket = \"$connect\"` and `auth = …`";
        problems.push(of(api, message.into()));
    }
    let most = rules::SOCKET_ROUTES;
    if count > most {
        problems.push(of(
            api,
            format!("it has {count} routes, but a WebSocket API takes {most}: give some to another API"),
        ));
    }
    if authorizers.len() > rules::SOCKET_AUTHORIZERS {
        problems.push(of(api, format!("it has more than {} authorizers", rules::SOCKET_AUTHORIZERS)));
    }
}

fn of(api: &Api, message: String) -> Problem {
    Problem { subject: Some(api.name.clone()), source: api.source.clone(), message }
}

fn at(route: &SocketRoute<'_>, message: String) -> Problem {
    Problem::at(&route.function.name, &route.function.source, message)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::Manifest;

    /// What is wrong with an application of these functions: routes of WebSocket APIs, and what else there is.
    fn check(apis: Value, triggers: &[Value], expected: Expect) {
        let functions: Vec<_> = triggers
            .iter()
            .enumerate()
            .map(|(number, trigger)| {
                let is_route = trigger.get("route").is_some();
                let trigger = if is_route { json!({"websocket": trigger}) } else { trigger.clone() };
                json!({"name": format!("f{number}"), "source": {"file": "src/lib.rs", "line": number},
                    "trigger": trigger, "memory": 256, "timeout": if is_route { 29 } else { 10 }, "permissions": []})
            })
            .collect();
        let manifest: Manifest = serde_json::from_value(json!({"version": 1, "application": "chat", "apis": apis,
            "functions": functions, "tables": [], "user-pools": []}))
        .unwrap();
        let problems: Vec<_> = manifest.validate().iter().map(ToString::to_string).collect();
        expected.assert_eq(&problems.join("\n"));
    }

    fn chat() -> Value {
        json!([{"name": "Chat", "kind": {"websocket": {"route-selection": "$request.body.action"}}}])
    }

    #[test]
    fn an_api_whose_connect_says_who_may_connect_is_right() {
        let routes = [
            json!({"api": "Chat", "route": "$connect", "auth": "public"}),
            json!({"api": "Chat", "route": "send", "replies": true}),
        ];
        check(chat(), &routes, expect![[""]]);
    }

    #[test]
    fn an_authorizer_that_allows_routes_of_requests_lets_nobody_connect() {
        let authorizer = |options: Value| json!({"authorizer": {"principal": "P", "cache": 0, "options": options}});
        let connect = json!({"api": "Chat", "route": "$connect", "auth": {"authorizer": {"function": "f1"}}});
        check(chat(), &[connect.clone(), authorizer(json!({}))], expect![[""]]);
        check(
            chat(),
            &[connect, authorizer(json!({"policy": true}))],
            expect![
                "src/lib.rs:0: `f0`: its authorizer `f1` allows routes of requests, and a connection is none: let it return the principal alone, `Result<P, Unauthorized>` in place of `Result<Policy<P>, Unauthorized>`"
            ],
        );
    }

    #[test]
    fn an_authorizer_says_what_a_handshake_has() {
        let connect = json!({"api": "Chat", "route": "$connect", "auth": {"authorizer": {"function": "f1"}}});
        let identity =
            ["connectionId", "identity.sourceIp", "httpMethod", "identity.apiKey"].map(|name| json!({"context": name}));
        check(
            chat(),
            &[
                connect.clone(),
                json!({"authorizer": {"principal": "Member", "cache": 0, "options": {"identity": identity}}}),
            ],
            expect![[r#"
                src/lib.rs:0: `f0`: its authorizer `f1` is asked by something that `Chat` does not have: at `$connect` the context has no `httpMethod`: there are `connectionId`, `domainName`, `identity.sourceIp`, `identity.userAgent`, `routeKey`, `stage`
                src/lib.rs:0: `f0`: its authorizer `f1` is asked by something that `Chat` does not have: at `$connect` the context has no `identity.apiKey`: there are `connectionId`, `domainName`, `identity.sourceIp`, `identity.userAgent`, `routeKey`, `stage`"#]],
        );
        check(
            chat(),
            &[
                connect.clone(),
                json!({"authorizer": {"principal": "Member", "cache": 0, "options": {"validation": "^Bearer .+$"}}}),
            ],
            expect![
                "src/lib.rs:0: `f0`: its authorizer `f1` has a `validation`, which is of REST APIs, and `Chat` is a WebSocket API: leave it out"
            ],
        );
    }

    #[test]
    fn what_is_wrong_with_routes_is_named() {
        let routes = [
            json!({"api": "Chat", "route": "$conect", "auth": "public"}),
            json!({"api": "Chat", "route": "send"}),
            json!({"api": "Chat", "route": "send"}),
            json!({"api": "Talk", "route": "send"}),
            json!({"api": "Chat", "route": "$disconnect", "throttle": {"rate": 1, "burst": 1}}),
            json!({"api": "Chat", "route": "$default", "throttle": {"rate": 0, "burst": 1}}),
        ];
        check(
            chat(),
            &routes,
            expect![[r#"
                src/lib.rs:0: `f0`: `$conect` is no route of API Gateway's own: did you mean `$connect`?
                src/lib.rs:0: `f0`: who may connect is said at `$connect` alone: remove `auth`
                src/lib.rs:3: `f3`: it is a route of `Talk`, which is no API of the application
                src/lib.rs:4: `f4`: the end of a connection cannot be refused: remove `throttle`
                src/lib.rs:5: `f5`: `rate` is 0 requests, but has to be from 1 to 1000000 requests
                src/lib.rs:2: `f2`: `send` is already the route of `f1` at src/lib.rs:1
                `Chat`: nothing says who may connect: add a handler with `websocket = "$connect"` and `auth = …`"#]],
        );
        let http = json!([{"name": "Shop", "default": true, "kind": "http"}]);
        check(
            http,
            &[json!({"api": "Shop", "route": "$connect", "auth": "api-key"})],
            expect![[r#"
                src/lib.rs:0: `f0`: `Shop` is no WebSocket API: write `#[api(websocket)]`, or a method and a path in place of `websocket`
                src/lib.rs:0: `f0`: a WebSocket API lets in everyone, callers with IAM's credentials, or whom an authorizer lets in: write `auth = Public`, `Iam`, or the principal of a `#[handler(authorizer)]`"#]],
        );
    }
}
