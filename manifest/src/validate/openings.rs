//! Routes that the resource policy of their API would open by mistake.
//!
//! What a `*` stands for in a policy goes beyond slashes: an open `GET /reports/{id}` is `GET/reports/*` there, which is
//! `GET /reports/{id}/details` as well. Where that asks for a signature, it would let in every caller of the account, since what the API's
//! policy allows no policy of theirs has to. An authorizer's policy denies what it does not allow, which is not overridden.

use super::Problem;
use crate::{
    Api, Auth, Endpoint, HttpMethod, Manifest, SourceLocation, resource_policy,
    rules::{PathTemplate, Segment},
};

/// The methods that `ANY` stands for.
const METHODS: [HttpMethod; 7] = [
    HttpMethod::Delete,
    HttpMethod::Get,
    HttpMethod::Head,
    HttpMethod::Options,
    HttpMethod::Patch,
    HttpMethod::Post,
    HttpMethod::Put,
];
/// A value that no route has for a literal.
const ANY_VALUE: &str = "\0";

pub(super) fn check(manifest: &Manifest, api: &Api, problems: &mut Vec<Problem>) {
    let has_policy = api.rest().is_some_and(|rest| rest.policy.is_some() || rest.endpoint == Endpoint::Private);
    if !has_policy {
        return;
    }
    let routes = entrances(manifest, api);
    for route in routes.iter().filter(|it| *it.auth == Auth::Iam) {
        if api.cors.is_some() && route.method == HttpMethod::Options {
            let message = "with `cors`, the API's resource policy lets everybody send `OPTIONS`, and so every caller of the account \
                           here: take another method, or give the route to another API";
            problems.push(Problem::at(route.name, route.source, message));
        }
        let mut open = routes.iter().filter(|it| resource_policy::is_open(it.auth));
        if let Some(open) = open.find(|open| route.is_opened_by(open, &routes)) {
            problems.push(opened(route, open));
        }
    }
}

fn opened(route: &Entrance<'_>, open: &Entrance<'_>) -> Problem {
    let pattern = resource_policy::arn_pattern(open.method, &open.path.to_string());
    let message = format!(
        "`{} {}` of `{}` asks for no signature, and the API's resource policy has it as `{pattern}`, where a `*` is any text, slashes too: \
         it is on this route as well, and would let in every caller of the account. Give one of the two another path or API",
        open.method.as_str(),
        open.path,
        open.name
    );
    Problem::at(route.name, route.source, message)
}

/// A route, with a function or without.
struct Entrance<'a> {
    name: &'a str,
    source: &'a SourceLocation,
    method: HttpMethod,
    path: PathTemplate,
    auth: &'a Auth,
}

fn entrances<'a>(manifest: &'a Manifest, api: &'a Api) -> Vec<Entrance<'a>> {
    let of_functions =
        manifest.routes(&api.name).map(|it| (&*it.function.name, &it.function.source, it.method, it.path, it.auth));
    let others = manifest.integrations_of(&api.name).map(|it| (&*it.name, &it.source, it.method, &*it.path, &it.auth));
    let entrance = |(name, source, method, path, auth)| {
        Some(Entrance { name, source, method, path: PathTemplate::parse(path).ok()?, auth })
    };
    of_functions.chain(others).filter_map(entrance).collect()
}

impl Entrance<'_> {
    /// Whether there is a request that comes to this route and not to another, and that the pattern of the open one is on.
    fn is_opened_by(&self, open: &Self, routes: &[Self]) -> bool {
        let paths = common(self.path.segments(), open.path.segments());
        let methods = METHODS.into_iter().filter(|method| self.takes(*method) && open.takes(*method));
        methods.into_iter().any(|method| paths.iter().any(|path| self.is_first(method, path, routes)))
    }

    fn is_first(&self, method: HttpMethod, path: &[&str], routes: &[Self]) -> bool {
        let others = routes.iter().filter(|it| it.takes(method) && it.precedence() < self.precedence());
        !others.into_iter().any(|it| is_on(it.path.segments(), path))
    }

    fn takes(&self, method: HttpMethod) -> bool {
        self.method == HttpMethod::Any || self.method == method
    }

    /// A REST API goes down its tree: a literal is before a parameter before a greedy one, and a method of its own before `ANY`.
    fn precedence(&self) -> (Vec<u8>, bool) {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter(_) => 1,
            Segment::Rest(_) => 2,
        };
        (self.path.segments().iter().map(rank).collect(), self.method == HttpMethod::Any)
    }
}

fn is_on(template: &[Segment], path: &[&str]) -> bool {
    match (template, path) {
        ([], []) | ([Segment::Rest(_)], [_, ..]) => true,
        ([Segment::Literal(text), template @ ..], [part, path @ ..]) => text == part && is_on(template, path),
        ([Segment::Parameter(_), template @ ..], [_, path @ ..]) => is_on(template, path),
        _ => false,
    }
}

/// Paths of a route that the pattern of another is on, of each kind one: where any value will do, it is one that no other route takes
/// for a literal.
fn common<'a>(route: &'a [Segment], pattern: &'a [Segment]) -> Vec<Vec<&'a str>> {
    let is_wild = |segment: &Segment| !matches!(segment, Segment::Literal(_));
    let (Some((own, own_rest)), Some((first, first_rest))) = (route.split_first(), pattern.split_first()) else {
        // `GET/*` is on `GET/` too.
        let is_root = route.is_empty() && matches!(pattern, [] | [Segment::Parameter(_) | Segment::Rest(_)]);
        return if is_root { vec![Vec::new()] } else { Vec::new() };
    };
    let value = match (own, first) {
        (Segment::Literal(own), Segment::Literal(first)) if own != first => return Vec::new(),
        (Segment::Literal(text), _) | (_, Segment::Literal(text)) => text.as_str(),
        _ => ANY_VALUE,
    };
    let mut ways = vec![(own_rest, first_rest)];
    if matches!(own, Segment::Rest(_)) {
        ways.push((route, first_rest));
    }
    if is_wild(first) {
        ways.push((own_rest, pattern));
    }
    let ends = ways.into_iter().flat_map(|(route, pattern)| common_end(route, pattern));
    ends.map(|end| [vec![value], end].concat()).collect()
}

/// After a first part, an end that is empty is empty on both sides.
fn common_end<'a>(route: &'a [Segment], pattern: &'a [Segment]) -> Vec<Vec<&'a str>> {
    if route.is_empty() != pattern.is_empty() { Vec::new() } else { common(route, pattern) }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::Manifest;

    /// What is wrong with a REST API of these routes, `METHOD /path auth`, that only a network may call.
    fn check(routes: &[&str], expected: Expect) {
        check_api(
            &json!({"kind": {"rest": {"endpoint": "regional", "policy": {"deny-ips": ["203.0.113.7"]}}}}),
            routes,
            expected,
        );
    }

    fn check_api(api: &Value, routes: &[&str], expected: Expect) {
        let function = |(index, route): (usize, &&str)| {
            let parts: Vec<_> = route.split(' ').collect();
            let auth = if parts[2] == "gate" { json!({"authorizer": {"function": "gate"}}) } else { json!(parts[2]) };
            let trigger = json!({"http": {"api": "Desk", "method": parts[0], "path": parts[1], "auth": auth}});
            json!({"name": format!("f{index}"), "source": {"file": "src/lib.rs", "line": index}, "trigger": trigger,
                "memory": 256, "timeout": 10, "permissions": []})
        };
        let mut functions: Vec<_> = routes.iter().enumerate().map(function).collect();
        functions
            .push(json!({"name": "gate", "source": {"file": "src/lib.rs", "line": 99}, "memory": 256, "timeout": 10,
            "trigger": {"authorizer": {"principal": "Partner", "cache": 0}}, "permissions": []}));
        let mut manifest = json!({"version": 1, "application": "desk", "functions": functions, "tables": [], "user-pools": [],
            "apis": [{"name": "Desk", "default": true}]});
        api.as_object().unwrap().iter().for_each(|(name, value)| manifest["apis"][0][name] = value.clone());
        let manifest: Manifest = serde_json::from_value(manifest).unwrap();
        let problems: Vec<_> = manifest.validate().iter().map(ToString::to_string).collect();
        expected.assert_eq(&problems.join("\n"));
    }

    #[test]
    fn a_star_beyond_a_slash_opens_no_route_that_asks_for_a_signature() {
        check(
            &["GET /reports/{id} public", "GET /reports/{id}/details iam"],
            expect![
                "src/lib.rs:1: `f1`: `GET /reports/{id}` of `f0` asks for no signature, and the API's resource policy has it as `GET/reports/*`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API"
            ],
        );
        check(
            &["GET /a/{y} iam", "GET /{x}/b public"],
            expect![
                "src/lib.rs:0: `f0`: `GET /{x}/b` of `f1` asks for no signature, and the API's resource policy has it as `GET/*/b`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API"
            ],
        );
        check(
            &["GET /a/{y}/{z} iam", "ANY /{x}/b public"],
            expect![
                "src/lib.rs:0: `f0`: `ANY /{x}/b` of `f1` asks for no signature, and the API's resource policy has it as `*/*/b`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API"
            ],
        );
        check(
            &["GET /a iam", "ANY /a public"],
            expect![
                "src/lib.rs:0: `f0`: `ANY /a` of `f1` asks for no signature, and the API's resource policy has it as `*/a`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API"
            ],
        );
        check(
            &["GET / iam", "GET /{all+} api-key"],
            expect![
                "src/lib.rs:0: `f0`: `GET /{all+}` of `f1` asks for no signature, and the API's resource policy has it as `GET/*`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API"
            ],
        );
        check(
            &["ANY /a/b iam", "GET /a/{x} public"],
            expect![
                "src/lib.rs:0: `f0`: `GET /a/{x}` of `f1` asks for no signature, and the API's resource policy has it as `GET/a/*`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API"
            ],
        );
    }

    #[test]
    fn a_route_beside_open_ones_that_go_before_it_is_not_opened() {
        check(&["ANY /{all+} iam", "GET /health public", "GET /docs/{page} public"], expect![[""]]);
        check(&["ANY /a iam", "GET /a public"], expect![[""]]);
        check(&["GET /reports iam", "POST /reports/{id} public", "GET /reports/{id} public"], expect![[""]]);
        check(&["GET /reports/{id} public", "GET /reports/{id}/details gate"], expect![[""]]);
        check_api(
            &json!({"kind": {"rest": {"endpoint": "regional"}}}),
            &["GET /reports/{id} public", "GET /reports/{id}/details iam"],
            expect![[""]],
        );
    }

    #[test]
    fn the_policy_of_a_private_api_is_one_and_preflights_are_open() {
        let cors = json!({"kind": {"rest": {"endpoint": "private"}}, "cors": {"origins": ["https://a.example"], "methods": ["GET"], "headers": []}});
        check_api(
            &cors,
            &["GET /{id} public", "GET /{id}/details iam", "OPTIONS /x/y iam"],
            expect![[r#"
            src/lib.rs:1: `f1`: `GET /{id}` of `f0` asks for no signature, and the API's resource policy has it as `GET/*`, where a `*` is any text, slashes too: it is on this route as well, and would let in every caller of the account. Give one of the two another path or API
            src/lib.rs:2: `f2`: with `cors`, the API's resource policy lets everybody send `OPTIONS`, and so every caller of the account here: take another method, or give the route to another API"#]],
        );
    }
}
