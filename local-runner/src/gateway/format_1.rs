//! Payload format 1.0 of an HTTP API: what its own format says, at the places where a REST API says it.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::{Map, Value, json};

use super::{encoding, refusal::Refusal, reply, settings::short_id};

/// The event of format 2.0 in format 1.0; the headers are as they were sent.
pub(super) fn event(own: &Value, sent: &HeaderMap) -> Value {
    let (headers, all_headers) = headers(own, sent);
    let (query, all_query) = query(own["rawQueryString"].as_str().unwrap_or_default());
    json!({
        "version": "1.0",
        "resource": resource(own),
        "path": own["rawPath"],
        "httpMethod": own["requestContext"]["http"]["method"],
        "headers": headers,
        "multiValueHeaders": all_headers,
        "queryStringParameters": query,
        "multiValueQueryStringParameters": all_query,
        "requestContext": context(own),
        "pathParameters": own["pathParameters"],
        "stageVariables": own["stageVariables"],
        "body": own["body"],
        "isBase64Encoded": own["isBase64Encoded"],
    })
}

/// What an authorizer is asked in format 2.0, in format 1.0: as a REST API asks one of the type `REQUEST`, and with the identity as one
/// text. Nothing, if it was no such question.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>
pub(super) fn question(own: &Bytes, method_arn: &str, identity: &[String]) -> Option<Bytes> {
    let own: Value = serde_json::from_slice(own).ok()?;
    let Value::Object(mut event) = event(&own, &HeaderMap::new()) else { return None };
    for name in ["body", "isBase64Encoded", "multiValueHeaders", "multiValueQueryStringParameters"] {
        event.remove(name);
    }
    for name in ["queryStringParameters", "pathParameters", "stageVariables"] {
        event.entry(name).and_modify(|it| *it = if it.is_null() { json!({}) } else { it.take() });
    }
    event.insert("type".into(), "REQUEST".into());
    event.insert("methodArn".into(), method_arn.into());
    let identity = (!identity.is_empty()).then(|| identity.join(","));
    event.insert("identitySource".into(), identity.clone().into());
    event.insert("authorizationToken".into(), identity.into());
    serde_json::to_vec(&event).ok().map(Bytes::from)
}

/// Format 1.0 takes a reply with its parts and infers none.
pub(super) fn read(answer: &Bytes) -> Result<Response<Bytes>, Refusal> {
    match serde_json::from_slice(answer) {
        Ok(Value::Object(parts)) if parts.get("statusCode").is_some_and(|it| !it.is_null()) => {
            reply::from_parts(&with_lists(parts)?)
        }
        _ => Err(Refusal::InternalServerError),
    }
}

/// The lists of `multiValueHeaders` go before what stands alone, unless that is in the list already.
fn with_lists(mut parts: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    parts.remove("cookies");
    let lists = match parts.remove("multiValueHeaders") {
        None | Some(Value::Null) => return Ok(parts),
        Some(Value::Object(lists)) => lists,
        Some(_) => return Err(Refusal::InternalServerError),
    };
    let mut headers = match parts.remove("headers") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(headers)) => headers,
        Some(_) => return Err(Refusal::InternalServerError),
    };
    for (name, values) in lists {
        if name.eq_ignore_ascii_case("set-cookie") {
            headers.retain(|known, _| !known.eq_ignore_ascii_case("set-cookie"));
            parts.insert("cookies".into(), values); // the one header that cannot be joined with commas
            continue;
        }
        let values = values.as_array().ok_or(Refusal::InternalServerError)?;
        let values: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
        headers.insert(name, values.ok_or(Refusal::InternalServerError)?.join(",").into());
    }
    parts.insert("headers".into(), headers.into());
    Ok(parts)
}

/// `/orders/{id}` of the key `GET /orders/{id}`.
fn resource(own: &Value) -> &str {
    let key = own["routeKey"].as_str().unwrap_or_default();
    key.split_once(' ').map_or(key, |(_, path)| path)
}

/// The last value of each header, and all of them. What was changed on the way has one.
fn headers(own: &Value, sent: &HeaderMap) -> (Map<String, Value>, Map<String, Value>) {
    let (mut last, mut all) = (Map::new(), Map::new());
    let cookies: Vec<_> = own["cookies"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let cookies = (!cookies.is_empty()).then(|| ("cookie".to_owned(), cookies.join("; ")));
    let known = own["headers"].as_object().into_iter().flatten();
    let known = known.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
    for (name, value) in known.chain(cookies) {
        let originals: Vec<_> = sent.get_all(&name).iter().filter_map(|value| value.to_str().ok()).collect();
        let values = if originals.join(",") == value { originals } else { vec![value.as_str()] };
        last.insert(name.clone(), values.last().copied().unwrap_or_default().into());
        all.insert(name, json!(values));
    }
    (last, all)
}

fn query(text: &str) -> (Value, Value) {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in encoding::query_pairs(text) {
        all.entry(name).or_default().push(value);
    }
    if all.is_empty() {
        return (Value::Null, Value::Null);
    }
    let last: BTreeMap<_, _> = all.iter().map(|(name, values)| (name, values.last())).collect();
    (json!(last), json!(all))
}

fn context(own: &Value) -> Value {
    let context = &own["requestContext"];
    let (http, resource) = (&context["http"], resource(own));
    let mut identity = identity(&context["authorizer"]["iam"]);
    identity.insert("sourceIp".into(), http["sourceIp"].clone());
    identity.insert("userAgent".into(), http["userAgent"].clone());
    let api = context["apiId"].as_str().unwrap_or_default();
    let mut made = json!({
        "accountId": context["accountId"],
        "apiId": api,
        "deploymentId": short_id(&format!("{api} deployment"), 6),
        "domainName": context["domainName"],
        "domainPrefix": context["domainPrefix"],
        "extendedRequestId": context["requestId"],
        "httpMethod": http["method"],
        "identity": identity,
        "path": http["path"],
        "protocol": http["protocol"],
        "requestId": context["requestId"],
        "requestTime": context["time"],
        "requestTimeEpoch": context["timeEpoch"],
        "resourceId": short_id(&format!("{api} {resource}"), 6),
        "resourcePath": resource,
        "stage": context["stage"],
    });
    if let Some(authorizer) = authorizer(&context["authorizer"]) {
        made["authorizer"] = authorizer;
    }
    made
}

/// Who signed the request stands where REST APIs have it; of all others there is nothing to say.
fn identity(iam: &Value) -> Map<String, Value> {
    let cognito = &iam["cognitoIdentity"];
    let amr = cognito["amr"].as_array().map(Vec::as_slice).unwrap_or_default();
    let texts = amr.get(1..).unwrap_or_default().iter().filter_map(Value::as_str).collect::<Vec<_>>();
    let members = [
        ("accessKey", iam["accessKey"].clone()),
        ("accountId", iam["accountId"].clone()),
        ("caller", iam["callerId"].clone()),
        ("cognitoAuthenticationProvider", (!texts.is_empty()).then(|| texts.join(",")).into()),
        ("cognitoAuthenticationType", amr.first().cloned().unwrap_or_default()),
        ("cognitoIdentityId", cognito["identityId"].clone()),
        ("cognitoIdentityPoolId", cognito["identityPoolId"].clone()),
        ("principalOrgId", Value::Null),
        ("user", iam["userId"].clone()),
        ("userArn", iam["userArn"].clone()),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Claims of a token stand without the word `jwt`, and what an authorizer function says without `lambda`.
fn authorizer(own: &Value) -> Option<Value> {
    match own.as_object()? {
        members if members.contains_key("iam") => None,
        members if members.contains_key("jwt") => members.get("jwt").cloned(),
        members if members.contains_key("lambda") => Some(members["lambda"].clone()),
        _ => Some(own.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signed_stands_in_the_identity() {
        let cognito = json!({"amr": ["authenticated", "pool", "pool:CognitoSignIn:7"], "identityId": "us-east-1:1", "identityPoolId": "p"});
        let iam = json!({"accessKey": "ASIA", "accountId": "1", "callerId": "AROA:s", "cognitoIdentity": cognito,
            "principalOrgId": null, "userArn": "arn:s", "userId": "AROA:s"});
        let made = context(&json!({"requestContext": {"authorizer": {"iam": iam}}}));
        let expected = json!({"accessKey": "ASIA", "accountId": "1", "caller": "AROA:s", "user": "AROA:s", "userArn": "arn:s",
            "cognitoAuthenticationProvider": "pool,pool:CognitoSignIn:7", "cognitoAuthenticationType": "authenticated",
            "cognitoIdentityId": "us-east-1:1", "cognitoIdentityPoolId": "p", "principalOrgId": null, "sourceIp": null, "userAgent": null});
        assert_eq!((&made["identity"], made.get("authorizer")), (&expected, None));
    }

    #[test]
    fn a_reply_of_format_1_has_its_status_and_may_have_lists() {
        let answer = json!({"statusCode": 201, "headers": {"a": "1"}, "multiValueHeaders": {"b": ["2", "3"], "Set-Cookie": ["c=1", "d=2"]}, "body": "ok"});
        let reply = read(&Bytes::from(answer.to_string())).unwrap();
        let cookies: Vec<_> = reply.headers().get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
        assert_eq!(
            (reply.status().as_u16(), &reply.headers()["a"], &reply.headers()["b"]),
            (201, &"1".parse().unwrap(), &"2,3".parse().unwrap())
        );
        assert_eq!(cookies, ["c=1", "d=2"]);
        for malformed in ["{}", "\"text\"", r#"{"statusCode": 200, "multiValueHeaders": []}"#] {
            assert_eq!(read(&Bytes::from(malformed)).unwrap_err(), Refusal::InternalServerError, "{malformed}");
        }
    }
}
