//! Who may call what. A route that lets everyone in has to be in a list that a person writes: nothing here ever adds to it, so that a
//! `Public` that slipped in is not one word among the lines of a review.

use std::{collections::BTreeSet, fmt::Write as _, fs, io, path::Path};

use anyhow::{Context, Result};
use skyloom_manifest::{Auth, Function, HttpMethod, Integration, Manifest, Problem, SourceLocation, Trigger};

/// The routes that everyone may call, a line for each, beside the application's `Cargo.toml`.
const FILE: &str = "public-routes.txt";

/// All routes with who may call them, a line for each, in the order of their paths.
pub(super) fn table(manifest: &Manifest) -> String {
    let entrances = entrances(manifest);
    let route = widest(entrances.iter().map(|it| it.route.as_str()));
    let who = widest(entrances.iter().map(|it| it.who.as_str()));
    entrances.iter().fold(String::new(), |mut text, it| {
        let _ = writeln!(text, "{:route$}  {:who$}  {}", it.route, it.who, it.name); // a text takes every line
        text
    })
}

fn widest<'a>(column: impl Iterator<Item = &'a str>) -> usize {
    column.map(|text| text.chars().count()).max().unwrap_or_default()
}

/// The public routes that the list does not have, and the lines of it that stand for none: the next route of that name would be public
/// unseen.
pub(super) fn problems(directory: &Path, manifest: &Manifest) -> Result<Vec<Problem>> {
    let path = directory.join(FILE);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text.with_context(|| format!("cannot read {}", path.display()))?,
    };
    Ok(differences(&entrances(manifest), &text))
}

fn differences(entrances: &[Entrance<'_>], list: &str) -> Vec<Problem> {
    let public: Vec<_> = entrances.iter().filter(|it| it.is_public).collect();
    let listed: Vec<_> = lines(list).collect();
    let names: BTreeSet<_> = listed.iter().map(|(_, route)| route.as_str()).collect();
    let missing = public.iter().filter(|it| !names.contains(it.route.as_str())).map(|it| it.unlisted());
    let stale = listed.iter().filter(|(_, route)| !public.iter().any(|it| it.route == *route)).map(|(line, route)| {
        Problem::new(format!(
            "{FILE}:{line} has `{route}`, which is no route that everyone may call: take the line out"
        ))
    });
    missing.chain(stale).collect()
}

/// The routes of a list with their lines, from 1. What follows a `#` is for readers.
fn lines(list: &str) -> impl Iterator<Item = (usize, String)> {
    let routes = list.lines().map(|line| {
        let route = line.split_once('#').map_or(line, |(route, _)| route);
        route.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    (1..).zip(routes).filter(|(_, route)| !route.is_empty())
}

/// A way into the application from outside.
struct Entrance<'a> {
    /// `GET /orders/{id}`, or `GET /orders/{id} of Site` where the API is not the default one.
    route: String,
    /// By API and path, so that what is done to one thing stands together.
    order: [String; 3],
    who: String,
    is_public: bool,
    /// What is behind it.
    name: &'a str,
    source: &'a SourceLocation,
}

fn entrances(manifest: &Manifest) -> Vec<Entrance<'_>> {
    let functions = manifest.functions.iter().filter_map(|it| Entrance::of(manifest, it));
    let integrations = manifest.integrations.iter().map(|it| Entrance::of_integration(manifest, it));
    let mut entrances: Vec<_> = functions.chain(integrations).collect();
    entrances.sort_by(|a, b| a.order.cmp(&b.order));
    entrances
}

impl<'a> Entrance<'a> {
    fn of(manifest: &'a Manifest, function: &'a Function) -> Option<Self> {
        let auth = function.trigger.auth()?;
        let (route, order) = match &function.trigger {
            Trigger::Http { api, method, path, .. } => {
                (route(manifest, api, *method, path), [api.as_str(), path, method.as_str()].map(str::to_owned))
            }
            Trigger::WebSocket { api, route, .. } => {
                (format!("{route} of {api}"), [api.as_str(), route, ""].map(str::to_owned))
            }
            _ => (format!("URL of {}", function.name), ["", "", &function.name].map(str::to_owned)),
        };
        let (who, is_public) = (who(manifest, auth), matches!(auth, Auth::Public));
        Some(Self { route, order, who, is_public, name: &function.name, source: &function.source })
    }

    fn of_integration(manifest: &'a Manifest, integration: &'a Integration) -> Self {
        let Integration { name, source, api, method, path, auth, .. } = integration;
        let order = [api.as_str(), path, method.as_str()].map(str::to_owned);
        let (route, who) = (route(manifest, api, *method, path), who(manifest, auth));
        Self { route, order, who, is_public: *auth == Auth::Public, name, source }
    }

    fn unlisted(&self) -> Problem {
        let route = &self.route;
        let message = format!(
            "everyone may call `{route}`, and nobody has agreed to that: name another `auth`, or write the line `{route}` into \
             {FILE} beside the application's Cargo.toml"
        );
        Problem { subject: Some(self.name.into()), source: Some(self.source.clone()), message }
    }
}

fn route(manifest: &Manifest, api: &str, method: HttpMethod, path: &str) -> String {
    let route = if path == "$default" { path.into() } else { format!("{} {path}", method.as_str()) };
    match manifest.api(api) {
        Some(api) if !api.default => format!("{route} of {}", api.name),
        _ => route,
    }
}

fn who(manifest: &Manifest, auth: &Auth) -> String {
    match auth {
        Auth::Public => "everyone".into(),
        Auth::Iam => "whoever signs and may by IAM".into(),
        Auth::ApiKey => "whoever has an API key".into(),
        Auth::UserPool { pool, scopes, groups } => {
            pool.clone() + &one_of(" with the scope ", scopes) + &one_of(" in the group ", groups)
        }
        Auth::Authorizer { function } => match manifest.function(function).map(|it| &it.trigger) {
            Some(Trigger::Authorizer { principal, .. }) => format!("{principal} by {function}"),
            _ => function.clone(),
        },
    }
}

fn one_of(what: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("{what}{}", names.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn shop() -> Manifest {
        serde_json::from_str(include_str!("../template/shop.json")).unwrap()
    }

    fn check(list: &str, expected: Expect) {
        let manifest = shop();
        let problems = differences(&entrances(&manifest), list);
        expected.assert_eq(&problems.iter().map(|it| format!("{it}\n")).collect::<String>());
    }

    #[test]
    fn each_route_is_listed_with_who_may_call_it() {
        expect![[r#"
            $default                        everyone                                              not_found
            ANY /files/{path+}              everyone                                              files
            GET /health                     everyone                                              health
            POST /orders                    Shopper                                               place_order
            GET /orders/{id}                Shopper                                               get_order
            POST /orders/{id}/pay           Shopper with the scope aws.cognito.signin.user.admin  pay_order
            PUT /partners/{partner}/orders  Partner by partner                                    import_orders
            GET /staff/orders               Shopper in the group staff                            orders_by_status
        "#]]
        .assert_eq(&table(&shop()));
    }

    #[test]
    fn a_public_route_that_is_not_in_the_list_is_told_with_the_line_to_write() {
        check(
            "# asked by the load balancer\n$default\n\n ANY  /files/{path+} # signed links\r\n",
            expect![[r#"
            src/lib.rs:90: `health`: everyone may call `GET /health`, and nobody has agreed to that: name another `auth`, or write the line `GET /health` into public-routes.txt beside the application's Cargo.toml
        "#]],
        );
    }

    #[test]
    fn a_line_that_stands_for_no_public_route_is_told() {
        check(
            "$default\nANY /files/{path+}\nGET /health\nGET /orders/{id}\nget /health\n",
            expect![[r#"
            public-routes.txt:4 has `GET /orders/{id}`, which is no route that everyone may call: take the line out
            public-routes.txt:5 has `get /health`, which is no route that everyone may call: take the line out
        "#]],
        );
    }

    #[test]
    fn without_a_list_no_route_may_be_public() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(problems(directory.path(), &shop()).unwrap().len(), 3);
        fs::write(directory.path().join(FILE), "$default\nANY /files/{path+}\nGET /health\n").unwrap();
        assert_eq!(problems(directory.path(), &shop()).unwrap(), []);
    }

    #[test]
    fn a_route_of_another_than_the_default_api_names_it() {
        let mut manifest = shop();
        manifest.apis[0].default = false;
        let text = table(&manifest);
        assert!(text.contains(&format!("GET /health of {}", manifest.apis[0].name)), "{text}");
    }
}
