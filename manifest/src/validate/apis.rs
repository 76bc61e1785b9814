//! APIs and their routes.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{Problem, guards, openings};
use crate::{
    Api, Auth, HttpMethod, Manifest, Route, SourceLocation, UsagePlan,
    rules::{self, PathTemplate, Segment},
};

pub(super) fn check(manifest: &Manifest, problems: &mut Vec<Problem>) {
    check_default(manifest, problems);
    for route in manifest.functions.iter().filter_map(Route::of) {
        check_route(manifest, &route, problems);
    }
    for api in &manifest.apis {
        check_api(api, &mut |message| problems.push(at(api, message)));
        if api.rest().is_some_and(|rest| rest.usage_plan.is_some())
            && !manifest.auths(&api.name).any(|auth| *auth == Auth::ApiKey)
        {
            problems.push(at(
                api,
                "its `usage_plan` is for those who have a key, and no route asks for one: write `auth = ApiKey` on \
                 those that shall, or remove the plan"
                    .into(),
            ));
        }
        check_routes(manifest, api, problems);
        openings::check(manifest, api, problems);
    }
    guards::check(manifest, problems);
}

/// Where there are APIs, one is the default, so that it stays where it is when others come.
fn check_default(manifest: &Manifest, problems: &mut Vec<Problem>) {
    // Routes of a WebSocket API always name it.
    let apis: Vec<_> = manifest.apis.iter().filter(|api| api.websocket().is_none()).collect();
    let defaults: Vec<_> = apis.iter().copied().filter(|api| api.default).collect();
    match (defaults.as_slice(), apis.as_slice()) {
        ([_], _) | (_, []) => {}
        ([], [first, ..]) => problems.push(at(
            first,
            format!(
                "the application has several APIs: write `default` into `#[api(…)]` of the one that routes without \
                 `api = …` belong to, as in `#[api({}, default)]`",
                kind(first)
            ),
        )),
        ([first, others @ ..], _) => problems.extend(
            others
                .iter()
                .map(|other| at(other, format!("`{}` is the default API already: remove `default`", first.name))),
        ),
    }
}

fn check_route(manifest: &Manifest, route: &Route<'_>, problems: &mut Vec<Problem>) {
    let mut report = |message: String| problems.push(of_route(route, message));
    let path = PathTemplate::parse(route.path).map_err(&mut report).ok();
    let Some(api) = manifest.api(route.api) else {
        let hint = rules::nearest(route.api, manifest.apis.iter().map(|api| api.name.as_str()))
            .map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        report(format!("it is a route of `{}`, which is no API of the application{hint}", route.api));
        return;
    };
    if api.websocket().is_some() {
        report(format!(
            "`{}` is a WebSocket API, which takes no requests: write `api = …` of an HTTP or REST API, or \
             `websocket = \"…\"`",
            api.name
        ));
        return;
    }
    match api.rest() {
        Some(_) => path.iter().for_each(|path| rules::check_rest_path(path).unwrap_or_else(&mut report)),
        None if *route.auth == Auth::ApiKey => report(format!(
            "`auth = ApiKey` is of REST APIs, and `{}` is an HTTP API: write `#[api(rest)]`, or another `auth`",
            api.name
        )),
        None => {}
    }
}

fn check_api(api: &Api, report: &mut impl FnMut(String)) {
    for (name, value) in &api.variables {
        rules::check_stage_variable(name, value).unwrap_or_else(&mut *report);
    }
    if api.cors.as_ref().is_some_and(|cors| cors.credentials && cors.origins.iter().any(|origin| origin == "*")) {
        report("`credentials` cannot be allowed for the origin `*`: name the origins".into());
    }
    let Some(rest) = api.rest() else { return };
    for media_type in &rest.binary_media_types {
        rules::check_media_type(media_type).unwrap_or_else(&mut *report);
    }
    if let Some(bytes) = rest.minimum_compression {
        let range = rules::MINIMUM_COMPRESSION;
        rules::check_range("`minimum_compression`", bytes.into(), &range, " bytes").unwrap_or_else(&mut *report);
    }
    let policy = rest.policy.as_ref();
    for network in policy.into_iter().flat_map(|policy| policy.allow_ips.iter().chain(&policy.deny_ips)) {
        rules::check_network(network).unwrap_or_else(&mut *report);
    }
    if let Some(plan) = &rest.usage_plan {
        check_usage_plan(plan, report);
    }
}

fn check_usage_plan(plan: &UsagePlan, report: &mut impl FnMut(String)) {
    let numbers = [
        ("`rate`", plan.throttle.map(|it| it.rate), rules::USAGE_RATE),
        ("`burst`", plan.throttle.map(|it| it.burst), rules::USAGE_RATE),
        ("`quota`", plan.quota.map(|it| it.limit), rules::USAGE_QUOTA),
    ];
    for (what, number, range) in numbers {
        if let Some(number) = number {
            rules::check_range(what, number.into(), &range, " requests").unwrap_or_else(&mut *report);
        }
    }
}

/// A route of an API, with a function or without.
struct Placed<'a> {
    name: &'a str,
    source: &'a SourceLocation,
    method: HttpMethod,
    path: PathTemplate,
}

/// The routes whose paths are paths.
fn placed<'a>(manifest: &'a Manifest, api: &'a Api) -> Vec<Placed<'a>> {
    let of_functions =
        manifest.routes(&api.name).map(|it| (&*it.function.name, &it.function.source, it.method, it.path));
    let others = manifest.integrations_of(&api.name).map(|it| (&*it.name, &it.source, it.method, &*it.path));
    let placed =
        |(name, source, method, path)| Some(Placed { name, source, method, path: PathTemplate::parse(path).ok()? });
    of_functions.chain(others).filter_map(placed).collect()
}

/// What the routes of an API are to each other.
fn check_routes(manifest: &Manifest, api: &Api, problems: &mut Vec<Problem>) {
    let routes = placed(manifest, api);
    let mut taken = BTreeMap::new();
    for route in &routes {
        match taken.entry((route.method, route.path.shape())) {
            Entry::Vacant(entry) => _ = entry.insert(route),
            Entry::Occupied(entry) => problems.push(taken_already(route, entry.get())),
        }
    }
    let (count, most, what) = match api.rest() {
        None => (routes.len(), rules::ROUTES, "routes, but an HTTP API takes"),
        Some(_) => {
            check_parameters(&routes, problems);
            let count = rules::rest_resources(routes.iter().map(|it| &it.path));
            (count, rules::REST_RESOURCES, "resources (each part of a path is one), but a REST API takes")
        }
    };
    if count > most {
        problems.push(at(api, format!("it has {count} {what} {most}: give some to another API")));
    }
}

fn taken_already(route: &Placed<'_>, by: &Placed<'_>) -> Problem {
    let Placed { name, source, method, path } = route;
    let message = format!("`{} {path}` is already the route of `{}` at {}", method.as_str(), by.name, by.source);
    Problem::at(name, source, message)
}

/// A resource of a REST API has one child with a parameter, so that routes call it alike.
fn check_parameters(routes: &[Placed<'_>], problems: &mut Vec<Problem>) {
    let mut children: BTreeMap<&[Segment], (&Segment, &Placed<'_>)> = BTreeMap::new();
    for route in routes {
        let segments = route.path.segments();
        for (length, child) in segments.iter().enumerate() {
            if matches!(child, Segment::Literal(_)) {
                continue;
            }
            let (first, other) = *children.entry(&segments[..length]).or_insert((child, route));
            if first != child {
                let message = format!(
                    "a REST API has one parameter at a place of its paths, and `{}` has `{first}` there, in `{}`: \
                     write that in place of `{child}`",
                    other.name, other.path
                );
                problems.push(Problem::at(route.name, route.source, message));
                break;
            }
        }
    }
}

fn kind(api: &Api) -> &'static str {
    if api.rest().is_some() { "rest" } else { "http" }
}

pub(super) fn at(api: &Api, message: String) -> Problem {
    Problem { subject: Some(api.name.clone()), source: api.source.clone(), message }
}

fn of_route(route: &Route<'_>, message: String) -> Problem {
    Problem::at(&route.function.name, &route.function.source, message)
}
