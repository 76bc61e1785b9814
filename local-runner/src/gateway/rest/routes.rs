use std::{borrow::Cow, sync::Arc};

use skyloom_manifest::{
    Api, Auth, Cors, HttpMethod, Manifest, Route,
    rules::{PathTemplate, Segment},
};

use crate::gateway::{integration::Direct, routes::matched};

/// The methods of an API's resources, in the order in which API Gateway looks for one: down the tree of resources a literal
/// goes before a variable before a greedy one, and a method of its own before `ANY`. A resource that does not have the method is
/// passed by.
///
/// LocalStack's tests recorded on AWS that `OPTIONS /test` reaches `OPTIONS /{proxy+}` where `/test` has only `POST`, and that
/// `/part1/other` reaches `/{param+}` beside `/part1/value`.
#[derive(Clone, Debug)]
pub(super) struct Resources(Vec<ResourceMethod>);

/// A method and what is behind it.
#[derive(Clone, Debug)]
struct ResourceMethod {
    /// `/orders/{id}`
    resource: String,
    integration: Integration,
    method: HttpMethod,
    path: PathTemplate,
}

/// What answers a request.
#[derive(Clone, Debug)]
pub(super) enum Integration {
    /// A function, for those whom it lets in.
    Function { name: String, auth: Auth },
    /// Something that is no function, for those whom it lets in.
    Direct(Arc<Direct>),
    /// The API itself: what a browser asks before a request of another origin.
    Preflight(Arc<Cors>),
}

/// The method that takes a request, with what its path parameters stand for, as it was sent.
#[derive(Debug)]
pub(super) struct Match<'a> {
    method: &'a ResourceMethod,
    pub(super) parameters: Vec<(String, String)>,
}

impl Resources {
    /// The routes of an API; where it has rules for other origins, each path without an `OPTIONS` of its own gets one, also
    /// beside `ANY`.
    pub(super) fn new(manifest: &Manifest, api: &Api) -> Self {
        let mut methods: Vec<ResourceMethod> = manifest.routes(&api.name).filter_map(ResourceMethod::of).collect();
        methods.extend(Direct::all(manifest, &api.name).iter().filter_map(ResourceMethod::of_direct));
        if let Some(cors) = &api.cors {
            let preflights = ResourceMethod::preflights(&methods, &Arc::new(cors.clone()));
            methods.extend(preflights);
        }
        methods.sort_by_cached_key(ResourceMethod::precedence);
        Self(methods)
    }

    /// The first method that takes a normalized path.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        self.0.iter().find_map(|candidate| {
            let parameters = candidate.takes(method).then(|| matched(&candidate.path, path)).flatten()?;
            let is_filled = parameters.iter().all(|(_, value)| !value.is_empty());
            is_filled.then_some(Match { method: candidate, parameters })
        })
    }
}

impl ResourceMethod {
    fn of(route: Route<'_>) -> Option<Self> {
        let Route { function, method, path, auth, .. } = route;
        let integration = Integration::Function { name: function.name.clone(), auth: auth.clone() };
        Some(Self { resource: path.to_owned(), integration, method, path: PathTemplate::parse(path).ok()? })
    }

    fn of_direct(direct: &Arc<Direct>) -> Option<Self> {
        let route = direct.integration();
        let (path, integration) = (PathTemplate::parse(&route.path).ok()?, Integration::Direct(Arc::clone(direct)));
        Some(Self { resource: route.path.clone(), integration, method: route.method, path })
    }

    fn preflights(methods: &[Self], cors: &Arc<Cors>) -> Vec<Self> {
        let mut preflights: Vec<Self> = Vec::new();
        for method in methods {
            let is_there = |other: &Self| other.method == HttpMethod::Options && other.resource == method.resource;
            if !methods.iter().any(is_there) && !preflights.iter().any(is_there) {
                let (resource, path) = (method.resource.clone(), method.path.clone());
                let integration = Integration::Preflight(Arc::clone(cors));
                preflights.push(Self { resource, path, integration, method: HttpMethod::Options });
            }
        }
        preflights
    }

    /// `ANY` stands for the seven methods that API Gateway knows.
    fn takes(&self, method: &str) -> bool {
        const KNOWN: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
        if self.method == HttpMethod::Any { KNOWN.contains(&method) } else { self.method.as_str() == method }
    }

    fn precedence(&self) -> (Vec<u8>, bool) {
        let rank = |segment: &Segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter(_) => 1,
            Segment::Rest(_) => 2,
        };
        (self.path.segments().iter().map(rank).collect(), self.method == HttpMethod::Any)
    }
}

impl Match<'_> {
    pub(super) fn resource(&self) -> &str {
        &self.method.resource
    }

    pub(super) fn integration(&self) -> &Integration {
        &self.method.integration
    }
}

/// A path with one slash at its beginning, however many were sent. A slash at the end is left to be seen by the function, but
/// does not matter to the search. Both were recorded on AWS by LocalStack's tests, and that escapes stay as they are.
pub(super) fn normalized(path: &str) -> Cow<'_, str> {
    let rest = path.trim_start_matches('/');
    if path.len() == rest.len() + 1 { Cow::Borrowed(path) } else { Cow::Owned(format!("/{rest}")) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::gateway::tests::{function, manifest};

    fn check(routes: &[&str], request: &str, expected: Option<&str>) {
        check_of(&Api::undeclared(), routes, request, expected);
    }

    fn check_of(api: &Api, routes: &[&str], request: &str, expected: Option<&str>) {
        let functions = routes.iter().map(|key| function(key, key, Auth::Public)).collect();
        let resources = Resources::new(&manifest(functions), api);
        let (method, path) = request.split_once(' ').unwrap();
        let found = resources.find(method, &normalized(path)).map(|found| {
            let values: Vec<_> = found.parameters.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            let Integration::Function { name, .. } = found.integration() else { return "preflight".to_owned() };
            name.to_owned() + &values.concat()
        });
        assert_eq!(found.as_deref(), expected, "{request}");
    }

    #[test]
    fn with_rules_for_other_origins_each_path_has_an_options_method() {
        let api = Api { cors: Some(Cors::default()), ..Api::undeclared() };
        let routes = ["GET /a", "POST /a", "ANY /b/{id}", "OPTIONS /c", "GET /c"];
        for (request, expected) in [
            ("OPTIONS /a", Some("preflight")),
            ("OPTIONS /b/1", Some("preflight")),
            ("OPTIONS /c", Some("OPTIONS /c")),
            ("GET /b/1", Some("ANY /b/{id} id=1")),
            ("OPTIONS /b", None),
        ] {
            check_of(&api, &routes, request, expected);
        }
    }

    #[test]
    fn a_literal_goes_before_a_variable_before_a_greedy_one() {
        let routes =
            ["ANY /{proxy+}", "GET /pets/{id}", "GET /pets/{id}/toys", "GET /pets/dog", "GET /pets/{id}/{rest+}"];
        check(&routes, "GET /pets/dog", Some("GET /pets/dog"));
        check(&routes, "GET /pets/cat", Some("GET /pets/{id} id=cat"));
        check(&routes, "GET /pets/cat/toys", Some("GET /pets/{id}/toys id=cat"));
        check(&routes, "GET /pets/cat/food/1", Some("GET /pets/{id}/{rest+} id=cat rest=food/1"));
        check(&routes, "GET /shops", Some("ANY /{proxy+} proxy=shops"));
    }

    #[test]
    fn the_tree_is_gone_down_from_its_root() {
        // An HTTP API would count the variables: both have one.
        check(&["GET /{x}/b", "GET /a/{y}"], "GET /a/b", Some("GET /a/{y} y=b"));
        check(&["GET /a/{y}/{rest+}", "GET /{x}/b/c"], "GET /a/b/c", Some("GET /a/{y}/{rest+} y=b rest=c"));
    }

    #[test]
    fn a_resource_without_the_method_is_passed_by() {
        let routes = ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"];
        check(&routes, "OPTIONS /test", Some("OPTIONS /{proxy+} proxy=test"));
        check(&routes, "OPTIONS /test/any", Some("ANY /test/any"));
        check(&routes, "POST /test", Some("POST /test"));
        check(&routes, "GET /test", None);
        let routes = ["GET /part1", "GET /{param+}", "GET /part1/value"];
        check(&routes, "GET /part1/value", Some("GET /part1/value"));
        check(&routes, "GET /part1/other", Some("GET /{param+} param=part1/other"));
    }

    #[test]
    fn slashes_at_the_beginning_and_the_end_do_not_matter() {
        check(&["GET /orders"], "GET /orders/", Some("GET /orders"));
        check(&["GET /orders"], "GET //orders", Some("GET /orders"));
        check(&["GET /{proxy+}"], "GET /a//b/", Some("GET /{proxy+} proxy=a//b"));
        check(&["GET /orders/{id}"], "GET /orders//7", None);
    }

    #[test]
    fn the_root_is_a_resource_of_its_own() {
        check(&["GET /{proxy+}"], "GET /", None);
        check(&["GET /"], "GET /", Some("GET /"));
        check(&["GET /"], "GET ///", Some("GET /"));
        check(&["GET /orders/{rest+}"], "GET /orders/", None);
    }

    #[test]
    fn values_are_as_they_were_sent() {
        check(&["GET /users/{id}"], "GET /users/a%2Fb%20c+d", Some("GET /users/{id} id=a%2Fb%20c+d"));
        check(&["GET /caf%C3%A9"], "GET /caf%C3%A9", Some("GET /caf%C3%A9"));
    }

    #[test]
    fn any_is_only_what_api_gateway_knows() {
        check(&["ANY /a"], "PURGE /a", None);
        check(&["ANY /a", "GET /a"], "GET /a", Some("GET /a"));
        check(&["ANY /a", "GET /a"], "HEAD /a", Some("ANY /a"));
    }

    proptest! {
        #[test]
        fn a_greedy_parameter_is_the_path_without_the_slashes_around_it(path in "/{0,3}(\\PC{0,12}|[a-z/%.]{0,12})") {
            let resources = Resources::new(&manifest(vec![function("all", "ANY /{proxy+}", Auth::Public)]), &Api::undeclared());
            let normalized = normalized(&path);
            prop_assert!(normalized.starts_with('/') && !normalized.starts_with("//"));
            let found = resources.find("GET", &normalized).map(|found| found.parameters[0].1.clone());
            let inner = path.trim_matches('/');
            prop_assert_eq!(found.as_deref(), (!inner.is_empty()).then_some(inner));
        }
    }
}
