use bytes::Bytes;
use serde::Serialize;
use std::collections::BTreeMap;

use super::{
    admission::Caller,
    event::{RequestContext, RequestPart},
    refusal::Refusal,
};
use crate::gateway::Settings;

/// What an authorizer of the type `REQUEST` is told: the request without its body, as a function is, but for what is empty.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    r#type: &'static str,
    method_arn: &'a str,
    resource: &'a str,
    path: &'a str,
    http_method: &'a str,
    headers: BTreeMap<&'a str, &'a str>,
    multi_value_headers: BTreeMap<&'a str, &'a [String]>,
    query_string_parameters: BTreeMap<&'a str, &'a str>,
    multi_value_query_string_parameters: &'a BTreeMap<String, Vec<String>>,
    path_parameters: &'a BTreeMap<String, String>,
    stage_variables: &'a BTreeMap<String, String>,
    request_context: RequestContext<'a>,
}

/// The question about a request, as bytes.
pub(super) fn about(
    request: &RequestPart,
    method_arn: &str,
    site: &Settings,
    extended_request_id: &str,
) -> Result<Bytes, Refusal> {
    let question = Question {
        r#type: "REQUEST",
        method_arn,
        resource: &request.resource,
        path: &request.path,
        http_method: &request.at.method,
        headers: request.last_headers(),
        multi_value_headers: request.all_headers(),
        query_string_parameters: request.last_query(),
        multi_value_query_string_parameters: &request.query,
        path_parameters: &request.parameters,
        stage_variables: &site.variables,
        request_context: request.context(site, &Caller::Unknown, extended_request_id),
    };
    serde_json::to_vec(&question).map(Bytes::from).map_err(|_| Refusal::InternalServerError)
}
