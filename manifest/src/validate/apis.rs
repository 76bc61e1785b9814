//! APIs and their routes.

use std::collections::{BTreeMap, btree_map::Entry};

use super::Problem;
use crate::{
    Api, Auth, Function, Manifest, Route, UsagePlan,
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
            && !manifest.routes(&api.name).any(|route| *route.auth == Auth::ApiKey)
        {
            problems.push(at(
                api,
                "its `usage_plan` is for those who have a key, and no route asks for one: write `auth = ApiKey` on \
                 those that shall, or remove the plan"
                    .into(),
            ));
        }
        check_routes(manifest, api, problems);
    }
}

/// Where there are APIs, one is the default, so that it stays where it is when others come.
fn check_default(manifest: &Manifest, problems: &mut Vec<Problem>) {
    let defaults: Vec<_> = manifest.apis.iter().filter(|api| api.default).collect();
    match (defaults.as_slice(), manifest.apis.as_slice()) {
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

/// What the routes of an API are to each other.
fn check_routes(manifest: &Manifest, api: &Api, problems: &mut Vec<Problem>) {
    let routes: Vec<_> =
        manifest.routes(&api.name).filter_map(|route| Some((route, PathTemplate::parse(route.path).ok()?))).collect();
    let mut taken = BTreeMap::new();
    for (route, path) in &routes {
        match taken.entry((route.method, path.shape())) {
            Entry::Vacant(entry) => _ = entry.insert(route.function),
            Entry::Occupied(entry) => problems.push(taken_already(route, entry.get())),
        }
    }
    let (count, most, what) = match api.rest() {
        None => (routes.len(), rules::ROUTES, "routes, but an HTTP API takes"),
        Some(_) => {
            check_parameters(&routes, problems);
            let count = rules::rest_resources(routes.iter().map(|(_, path)| path));
            (count, rules::REST_RESOURCES, "resources (each part of a path is one), but a REST API takes")
        }
    };
    if count > most {
        problems.push(at(api, format!("it has {count} {what} {most}: give some to another API")));
    }
}

fn taken_already(route: &Route<'_>, by: &Function) -> Problem {
    let method = route.method.as_str();
    of_route(route, format!("`{method} {}` is already the route of `{}` at {}", route.path, by.name, by.source))
}

/// A resource of a REST API has one child with a parameter, so that routes call it alike.
fn check_parameters(routes: &[(Route<'_>, PathTemplate)], problems: &mut Vec<Problem>) {
    let mut children: BTreeMap<&[Segment], (&Segment, &Route<'_>)> = BTreeMap::new();
    for (route, path) in routes {
        for (length, child) in path.segments().iter().enumerate() {
            if matches!(child, Segment::Literal(_)) {
                continue;
            }
            let (first, other) = *children.entry(&path.segments()[..length]).or_insert((child, route));
            if first != child {
                let message = format!(
                    "a REST API has one parameter at a place of its paths, and `{}` has `{first}` there, in `{}`: \
                     write that in place of `{child}`",
                    other.function.name, other.path
                );
                problems.push(of_route(route, message));
                break;
            }
        }
    }
}

fn kind(api: &Api) -> &'static str {
    if api.rest().is_some() { "rest" } else { "http" }
}

fn at(api: &Api, message: String) -> Problem {
    Problem { subject: Some(api.name.clone()), source: api.source.clone(), message }
}

fn of_route(route: &Route<'_>, message: String) -> Problem {
    Problem::at(&route.function.name, &route.function.source, message)
}
