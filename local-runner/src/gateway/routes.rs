use std::{cmp::Reverse, sync::Arc};

use skyloom_manifest::{
    Auth, Function, HttpMethod, Manifest,
    rules::{PathTemplate, Segment},
};

use super::{backend::Backend, encoding, integration::Direct};

/// A route of the API and what is behind it.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// `GET /orders/{id}`, or `$default`.
    pub(super) key: String,
    pub(super) backend: Backend,
    pub(super) auth: Auth,
    method: HttpMethod,
    path: PathTemplate,
}

/// The routes of an API, the most specific first.
#[derive(Clone, Debug)]
pub(super) struct Routes(Vec<Route>);

/// The route that takes a request, with what its path parameters stand for.
#[derive(Debug)]
pub(super) struct Match<'a> {
    pub(super) route: &'a Route,
    pub(super) parameters: Vec<(String, String)>,
}

impl Routes {
    /// Those of an API.
    pub(super) fn new(manifest: &Manifest, api: &str) -> Self {
        let direct = Direct::all(manifest, api);
        let mut routes: Vec<Route> =
            manifest.routes(api).filter_map(Route::of).chain(direct.iter().filter_map(Route::of_direct)).collect();
        routes.sort_by_cached_key(Route::precedence);
        Self(routes)
    }

    /// The most specific route for a method and a decoded path.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        self.0.iter().find_map(|route| {
            let parameters = route.takes_method(method).then(|| matched(&route.path, path)).flatten()?;
            Some(Match { route, parameters })
        })
    }
}

impl Route {
    /// The one that takes every request.
    pub(super) fn any(function: &Function, auth: Auth) -> Self {
        let path = PathTemplate::default_route();
        Self { key: "$default".into(), backend: Backend::of(function), auth, method: HttpMethod::Any, path }
    }

    fn of(route: skyloom_manifest::Route<'_>) -> Option<Self> {
        let skyloom_manifest::Route { function, method, path, auth, .. } = route;
        Self::new(method, path, auth, Backend::of(function))
    }

    fn of_direct(direct: &Arc<Direct>) -> Option<Self> {
        let route = direct.integration();
        Self::new(route.method, &route.path, &route.auth, Backend::Direct(Arc::clone(direct)))
    }

    fn new(method: HttpMethod, path: &str, auth: &Auth, backend: Backend) -> Option<Self> {
        let path = PathTemplate::parse(path).ok()?;
        let key = if path.is_default() { "$default".into() } else { format!("{} {path}", method.as_str()) };
        Some(Self { key, backend, auth: auth.clone(), method, path })
    }

    fn takes_method(&self, method: &str) -> bool {
        self.path.is_default() || self.method == HttpMethod::Any || self.method.as_str() == method
    }

    /// Sorts routes as API Gateway tries them: full matches, then path variables, then greedy ones, then `$default`;
    /// among alike paths a method of its own goes before `ANY`.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>
    fn precedence(&self) -> impl Ord + use<> {
        let segments = self.path.segments();
        let ranks: Vec<u8> = segments.iter().map(rank).collect();
        let greedy = matches!(segments.last(), Some(Segment::Rest(_)));
        let literals = ranks.iter().filter(|rank| **rank == 0).count();
        (self.path.is_default(), greedy, Reverse(literals), Reverse(ranks.len()), ranks, self.method == HttpMethod::Any)
    }
}

fn rank(segment: &Segment) -> u8 {
    match segment {
        Segment::Literal(_) => 0,
        Segment::Parameter(_) => 1,
        Segment::Rest(_) => 2,
    }
}

/// The values of a template's parameters, if it takes the path. A trailing slash is an empty segment, which only a
/// greedy parameter takes.
pub(super) fn matched(template: &PathTemplate, path: &str) -> Option<Vec<(String, String)>> {
    if template.is_default() {
        return Some(Vec::new());
    }
    let mut rest = Some(path.strip_prefix('/')?);
    if template.segments().is_empty() {
        return rest.filter(|rest| rest.is_empty()).map(|_| Vec::new());
    }
    let mut parameters = Vec::new();
    for segment in template.segments() {
        let left = rest?;
        let (part, after) = left.split_once('/').map_or((left, None), |(part, after)| (part, Some(after)));
        match segment {
            Segment::Literal(text) => {
                let same = part == text || encoding::decode(text).is_some_and(|text| text == part);
                same.then_some(())?;
            }
            Segment::Parameter(name) => {
                (!part.is_empty()).then_some(())?;
                parameters.push((name.clone(), part.into()));
            }
            Segment::Rest(name) => {
                parameters.push((name.clone(), left.into()));
                return Some(parameters);
            }
        }
        rest = after;
    }
    rest.is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::tests::{function, manifest};

    fn check(routes: &[&str], request: &str, expected: Option<&str>) {
        let functions = routes.iter().map(|key| function(key, key, Auth::Public)).collect();
        let routes = Routes::new(&manifest(functions), "Api");
        let (method, path) = request.split_once(' ').unwrap();
        let found = routes.find(method, path).map(|found| {
            let values: Vec<_> = found.parameters.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            found.route.key.clone() + &values.concat()
        });
        assert_eq!(found.as_deref(), expected, "{request}");
    }

    #[test]
    fn a_full_match_goes_before_a_variable_before_a_greedy_one_before_the_default() {
        // The order of the developer guide's example.
        let routes = ["$default", "ANY /{proxy+}", "GET /pets/{proxy+}", "GET /pets/dog/{id}", "GET /pets/dog/1"];
        check(&routes, "GET /pets/dog/1", Some("GET /pets/dog/1"));
        check(&routes, "GET /pets/dog/2", Some("GET /pets/dog/{id} id=2"));
        check(&routes, "GET /pets/cat/1", Some("GET /pets/{proxy+} proxy=cat/1"));
        check(&routes, "POST /test/5", Some("ANY /{proxy+} proxy=test/5"));
        check(&["$default", "GET /a"], "PURGE /b", Some("$default"));
    }

    #[test]
    fn a_route_of_another_method_does_not_hide_a_less_specific_one() {
        check(&["POST /orders/new", "GET /orders/{id}"], "GET /orders/new", Some("GET /orders/{id} id=new"));
    }

    #[test]
    fn a_method_goes_before_any_and_a_literal_before_a_variable() {
        check(&["ANY /a", "GET /a"], "GET /a", Some("GET /a"));
        check(&["ANY /a", "GET /a"], "HEAD /a", Some("ANY /a"));
        check(&["GET /{x}/b", "GET /a/{y}"], "GET /a/b", Some("GET /a/{y} y=b"));
        check(&["GET /a/{rest+}", "GET /{x}/b"], "GET /a/b", Some("GET /{x}/b x=a"));
    }

    #[test]
    fn a_trailing_slash_is_another_path() {
        check(&["GET /orders", "GET /orders/{id}"], "GET /orders/", None);
        check(&["GET /orders/{id}"], "GET /orders/1/", None);
        check(&["GET /orders/{rest+}"], "GET /orders/", Some("GET /orders/{rest+} rest="));
        check(&["GET /orders/{rest+}"], "GET /orders/1/", Some("GET /orders/{rest+} rest=1/"));
        check(&["GET /orders/{rest+}"], "GET /orders", None);
    }

    #[test]
    fn the_root_is_a_path_of_its_own() {
        check(&["GET /"], "GET /", Some("GET /"));
        check(&["GET /"], "GET /a", None);
        check(&["GET /{rest+}"], "GET /", Some("GET /{rest+} rest="));
    }

    #[test]
    fn a_percent_encoded_literal_takes_the_decoded_path() {
        check(&["GET /caf%C3%A9"], "GET /caf\u{e9}", Some("GET /caf%C3%A9"));
    }

    #[test]
    fn no_route_takes_an_unknown_path_or_method() {
        check(&["GET /a"], "GET /b", None);
        check(&["GET /a"], "HEAD /a", None);
        check(&["GET /a"], "GET /A", None);
    }
}
