//! The stage of a REST API, method by method: how many requests it takes, and how long it keeps replies.

use serde_json::{Value, json};
use skyloom_manifest::{Api, HttpMethod, Manifest, RestApi, Route};

use crate::{
    stage::{ApiSettings, Throttle},
    template::api,
};

/// What holds for all methods, and for each that says something itself. An entry for a method stands in place of the one for
/// all, so that it repeats what it does not say.
pub(super) fn method_settings(
    manifest: &Manifest,
    (api, rest): (&Api, &RestApi),
    settings: &ApiSettings,
) -> Option<Vec<Value>> {
    let general = api::throttle(api, settings);
    let all = general.map(|throttle| method("*", "/*".into(), Some(throttle)));
    let own =
        manifest.routes(&api.name).filter(|route| route.guards.throttle.is_some() || route.guards.cache.is_some());
    let own = own.map(|route| of_route(&route, rest, general));
    let entries: Vec<_> = all.into_iter().chain(own).collect();
    (!entries.is_empty()).then_some(entries)
}

fn of_route(route: &Route<'_>, rest: &RestApi, general: Option<Throttle>) -> Value {
    let name = if route.method == HttpMethod::Any { "*" } else { route.method.as_str() };
    let throttle = route.guards.throttle.map(Throttle::from).or(general);
    let mut entry = method(name, resource_path(route.path), throttle);
    if rest.cache_size.is_some() {
        let cache = route.guards.cache.as_ref();
        entry["CachingEnabled"] = cache.is_some().into();
        if let Some(cache) = cache {
            entry["CacheTtlInSeconds"] = cache.ttl.into();
            entry["CacheDataEncrypted"] = true.into();
        }
    }
    entry
}

fn method(name: &str, resource_path: String, throttle: Option<Throttle>) -> Value {
    let mut entry = json!({"HttpMethod": name, "ResourcePath": resource_path});
    if let Some(Throttle { rate, burst }) = throttle {
        entry["ThrottlingRateLimit"] = json!(rate);
        entry["ThrottlingBurstLimit"] = burst.into();
    }
    entry
}

/// `/orders/{id}` as `/~1orders~1{id}`: CloudFormation has the slashes within escaped.
fn resource_path(path: &str) -> String {
    if path == "/" { path.into() } else { format!("/{}", path.replace('/', "~1")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_of_a_path_are_escaped_but_the_first() {
        assert_eq!(resource_path("/orders/{id}/lines"), "/~1orders~1{id}~1lines");
        assert_eq!(resource_path("/"), "/");
    }
}
