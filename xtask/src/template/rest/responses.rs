//! What an API answers in place of its own words, and that pages of other origins may read it.

use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, GatewayResponse, RestApi};

use super::cors;

/// The responses by API Gateway's names for them. One that is said for an occasion takes nothing from that of its class, so that each
/// has the headers of the cross-origin rules itself.
pub(super) fn all(api: &Api, rest: &RestApi) -> Option<Map<String, Value>> {
    let mut all = Map::new();
    if let Some(cors) = &api.cors {
        let headers = cors::response_headers(cors);
        for class in ["DEFAULT_4XX", "DEFAULT_5XX"] {
            all.insert(class.into(), json!({"responseParameters": headers}));
        }
    }
    for response in &rest.gateway_responses {
        let cors = api.cors.as_ref().map(cors::response_headers).unwrap_or_default();
        all.insert(response.response.as_str().into(), written(response, cors));
    }
    (!all.is_empty()).then_some(all)
}

fn written(response: &GatewayResponse, mut parameters: Map<String, Value>) -> Value {
    for (name, value) in &response.headers {
        parameters.insert(format!("gatewayresponse.header.{name}"), format!("'{value}'").into());
    }
    let mut written = json!({});
    if let Some(status) = response.status {
        written["statusCode"] = status.to_string().into(); // an import takes it as a text
    }
    if !parameters.is_empty() {
        written["responseParameters"] = parameters.into();
    }
    if let Some(body) = &response.body {
        written["responseTemplates"] = json!({response.media_type(): body});
    }
    written
}
