//! By what an API tells the replies apart that it keeps.

use serde_json::{Value, json};
use skyloom_manifest::{Api, Manifest, Place};

use super::document::declare;
use crate::template::api;

/// Adds the parameters of the keys to the methods, which have to declare them, and to their integrations.
pub(super) fn add(document: &mut Value, manifest: &Manifest, api: &Api) {
    for route in manifest.routes(&api.name).filter(|route| route.guards.cache.is_some()) {
        let (path, key) = api::place(route.method, route.path);
        let parameters: Vec<_> =
            route.cache_key().into_iter().flat_map(|(place, name)| spellings(place, name)).collect();
        let operation = &mut document["paths"][path][key];
        let declared = parameters.iter().filter(|(place, _)| *place != Place::Path);
        declare(
            operation,
            declared.map(|(place, name)| json!({"name": name, "in": place.as_str(), "schema": {"type": "string"}})),
        );
        let names: Vec<_> = parameters.iter().map(|(place, name)| expression(*place, name)).collect();
        if !names.is_empty() {
            operation["x-amazon-apigateway-integration"]["cacheKeyParameters"] = names.into();
        }
    }
}

/// A header as clients of HTTP/2 write it, and as most others do: API Gateway may tell them apart, and a caller whose spelling it does
/// not look at would be given the reply of another.
fn spellings(place: Place, name: String) -> Vec<(Place, String)> {
    if place != Place::Header {
        return vec![(place, name)];
    }
    let words = name.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + rest
    });
    let capitalised = words.collect::<Vec<_>>().join("-");
    vec![(place, capitalised), (place, name)]
}

fn expression(place: Place, name: &str) -> String {
    let place = match place {
        Place::Path => "path",
        Place::Query => "querystring",
        Place::Header => "header",
    };
    format!("method.request.{place}.{name}")
}
