//! What API Gateway takes as the guards of an API.

use std::ops::RangeInclusive;

/// For how long a reply is kept, in seconds. 0 would switch the cache off.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html>
pub const REPLY_CACHE: RangeInclusive<u64> = 1..=3_600;
/// The sizes of an API's cache, in GB.
/// <https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html>
pub const CACHE_SIZES: [&str; 8] = ["0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"];
/// The status of a gateway response.
pub const GATEWAY_STATUS: RangeInclusive<u64> = 200..=599;
/// Requests a second of a route, and requests at once.
pub const THROTTLE_RATE: RangeInclusive<u64> = 1..=1_000_000;

/// The occasions on which a REST API answers by itself, as API Gateway calls them.
pub const GATEWAY_RESPONSES: [&str; 21] = [
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "EXPIRED_TOKEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "RESOURCE_NOT_FOUND",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
];

/// What the body of a gateway response may say of the request: the variables that the local runner fills in as well.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html>
const TEMPLATE_VARIABLES: [&str; 15] = [
    "error.messageString", // before `error.message`, which it begins with
    "error.message",
    "error.responseType",
    "error.validationErrorString",
    "accountId",
    "apiId",
    "domainName",
    "extendedRequestId",
    "httpMethod",
    "identity.sourceIp",
    "path",
    "protocol",
    "requestId",
    "resourcePath",
    "stage",
];

/// Members of the context of which an authorizer's answer can depend, those of REST APIs.
const REST_CONTEXT: [&str; 8] = [
    "domainName",
    "httpMethod",
    "identity.apiKey",
    "identity.sourceIp",
    "identity.userAgent",
    "path",
    "resourcePath",
    "stage",
];
/// Those of HTTP APIs.
const HTTP_CONTEXT: [&str; 6] =
    ["domainName", "httpMethod", "identity.sourceIp", "identity.userAgent", "routeKey", "stage"];
/// Of the handshake of a WebSocket API.
const SOCKET_CONTEXT: [&str; 6] =
    ["connectionId", "domainName", "identity.sourceIp", "identity.userAgent", "routeKey", "stage"];

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplatePart<'a> {
    /// It stands as it is.
    Text(&'a str),
    /// `$context.` and this.
    Context(&'a str),
}

/// The parts of the body of a gateway response.
///
/// # Errors
/// A sentence about the variable that is none.
pub fn template_parts(body: &str) -> Result<Vec<TemplatePart<'_>>, String> {
    let mut parts = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('$') {
        let (text, from) = rest.split_at(at);
        if !text.is_empty() {
            parts.push(TemplatePart::Text(text));
        }
        let name = from.strip_prefix("$context.").and_then(variable).ok_or_else(|| unknown_variable(from))?;
        parts.push(TemplatePart::Context(name));
        rest = &from["$context.".len() + name.len()..];
    }
    if !rest.is_empty() {
        parts.push(TemplatePart::Text(rest));
    }
    Ok(parts)
}

/// The variable that a text begins with: one of those, or what an authorizer said of the caller, `authorizer.principalId`.
fn variable(text: &str) -> Option<&str> {
    let ends = |name: &str| !text[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let known = TEMPLATE_VARIABLES.into_iter().find(|name| text.starts_with(name) && ends(name));
    known.or_else(|| of_authorizer(text))
}

/// `authorizer.claims.email`: names of letters, digits, `_` and `-`, each after a dot. A dot that no name follows is no part of it.
fn of_authorizer(text: &str) -> Option<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut end = text.strip_prefix("authorizer").map(|_| "authorizer".len())?;
    while let Some(name) = text[end..].strip_prefix('.').filter(|it| it.starts_with(|c: char| c.is_ascii_alphabetic()))
    {
        end += 1 + name.find(|c| !is_of_name(c)).unwrap_or(name.len());
    }
    (end > "authorizer".len()).then(|| &text[..end])
}

fn unknown_variable(from: &str) -> String {
    let end = from[1..].find(|c: char| !(c.is_ascii_alphanumeric() || "._{}!".contains(c)));
    let word = end.map_or(from, |end| &from[..=end]);
    let known = TEMPLATE_VARIABLES.iter().chain(&["authorizer.NAME"]).map(|name| format!("`$context.{name}`"));
    let known = known.collect::<Vec<_>>().join(", ");
    let near = super::nearest(word.trim_start_matches("$context."), TEMPLATE_VARIABLES);
    match near.filter(|_| word.len() > 3) {
        Some(near) => format!("`{word}` is nothing that a gateway response knows: did you mean `$context.{near}`?"),
        None => format!("`{word}` is nothing that a gateway response knows: there are {known}"),
    }
}

/// Says why a text cannot be a header of a gateway response, or nothing. Its value stands between `'` in the API's document.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn check_response_header(name: &str, value: &str) -> Result<(), String> {
    check_header_name(name)?;
    let is_text = |c: char| (' '..='~').contains(&c) && c != '\'';
    match value.chars().find(|c| !is_text(*c)) {
        Some(bad) => Err(format!("the header `{name}` cannot have {bad:?} in its value here: ASCII, without `'`")),
        None => Ok(()),
    }
}

/// What is wrong with a limit on all methods of a path in a REST API: its stage takes a limit for one method, or for all of the API.
pub const THROTTLE_OF_ANY: &str =
    "a REST API has no limit for `ANY`: write a handler for each method, or `throttle` into `#[api(…)]`";

/// What is wrong with keeping a reply that is sent while it is made.
pub const CACHE_OF_STREAM: &str =
    "API Gateway keeps no reply that is sent as it comes: leave `cache` out, or return no `Streamed`";

/// Says why this is no name of a header, or nothing.
///
/// # Errors
/// A sentence that says what is one.
pub fn check_header_name(name: &str) -> Result<(), String> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_name { Ok(()) } else { Err(format!("`{name}` is no name of a header: write letters, digits and `-`")) }
}

/// Says why this cannot name a parameter of the query string or a variable of the stage, or nothing.
///
/// # Errors
/// A sentence that says what can.
pub fn check_parameter_name(name: &str) -> Result<(), String> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.$".contains(c));
    if is_name { Ok(()) } else { Err(format!("`{name}` is no name: write letters, digits, `_`, `-`, `.` and `$`")) }
}

/// Says why this is nothing of a request's context that an authorizer can be asked by, or nothing.
///
/// # Errors
/// A sentence that names what is.
pub fn check_identity_context(name: &str, is_rest: Option<bool>) -> Result<(), String> {
    let of = |known: &[&str]| known.contains(&name);
    match is_rest {
        None if of(&REST_CONTEXT) || of(&HTTP_CONTEXT) || of(&SOCKET_CONTEXT) => Ok(()),
        Some(true) if of(&REST_CONTEXT) => Ok(()),
        Some(false) if of(&HTTP_CONTEXT) => Ok(()),
        Some(true) if of(&HTTP_CONTEXT) => {
            Err(format!("`{name}` is of HTTP APIs: a REST API has `resourcePath` and `httpMethod`"))
        }
        Some(false) if of(&REST_CONTEXT) => Err(format!("`{name}` is of REST APIs: an HTTP API has `routeKey`")),
        _ => {
            let mut all: Vec<&str> = REST_CONTEXT.into_iter().chain(HTTP_CONTEXT).chain(SOCKET_CONTEXT).collect();
            all.sort_unstable();
            all.dedup();
            Err(match super::nearest(name, all.iter().copied()) {
                Some(near) => format!("the context has no `{name}`: did you mean `{near}`?"),
                None => format!("the context has no `{name}`: there are `{}`", all.join("`, `")),
            })
        }
    }
}

/// The same of who connects to a WebSocket API.
///
/// # Errors
/// A sentence that names what is.
pub fn check_socket_context(name: &str) -> Result<(), String> {
    if SOCKET_CONTEXT.contains(&name) {
        return Ok(());
    }
    Err(format!("at `$connect` the context has no `{name}`: there are `{}`", SOCKET_CONTEXT.join("`, `")))
}

/// Says why a token cannot be held to this regular expression, or nothing.
///
/// It has to be about the whole token: AWS does not say whether a part that matches would do.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn check_expression(text: &str) -> Result<(), String> {
    if let Err(error) = regex_lite::Regex::new(text) {
        return Err(format!("`{text}` is no regular expression: {error}"));
    }
    if !(text.starts_with('^') && text.ends_with('$')) {
        let inner = text.trim_start_matches('^').trim_end_matches('$');
        return Err(format!("say it of the whole header, so that no part of it is enough: write `^{inner}$`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_cut_at_its_variables() {
        use TemplatePart::{Context, Text};
        let body = r#"{"m":$context.error.messageString,"id":"$context.requestId"}"#;
        let expected =
            [Text(r#"{"m":"#), Context("error.messageString"), Text(r#","id":""#), Context("requestId"), Text(r#""}"#)];
        assert_eq!(template_parts(body).unwrap(), expected);
        assert_eq!(template_parts("").unwrap(), []);
    }

    #[test]
    fn what_an_authorizer_said_has_a_name_of_its_own() {
        use TemplatePart::{Context, Text};
        let body = "$context.authorizer.claims.email. $context.authorizer.error-code";
        let expected = [Context("authorizer.claims.email"), Text(". "), Context("authorizer.error-code")];
        assert_eq!(template_parts(body).unwrap(), expected);
    }

    #[test]
    fn a_variable_that_is_none_is_told_with_the_nearest() {
        let error = template_parts("$context.requestid").unwrap_err();
        assert!(error.contains("did you mean `$context.requestId`?"), "{error}");
        for wrong in [
            "$",
            "it costs 5$",
            "$input.body",
            "$context.requestIdentity",
            "${context.stage}",
            "$context.authorizer",
            "$context.authorizers.a",
        ] {
            assert!(template_parts(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_expression_is_about_the_whole_token() {
        assert_eq!(check_expression("^Bearer [a-z]+$"), Ok(()));
        assert!(check_expression("Bearer [a-z]+").unwrap_err().ends_with("write `^Bearer [a-z]+$`"));
        assert!(check_expression("^($").unwrap_err().contains("no regular expression"));
    }

    #[test]
    fn the_context_of_the_other_kind_of_api_is_told() {
        assert_eq!(check_identity_context("routeKey", None), Ok(()));
        assert_eq!(check_identity_context("routeKey", Some(false)), Ok(()));
        assert!(check_identity_context("routeKey", Some(true)).unwrap_err().contains("`resourcePath`"));
        assert!(check_identity_context("resourcePath", Some(false)).unwrap_err().contains("`routeKey`"));
        assert_eq!(check_identity_context("connectionId", None), Ok(()));
        assert!(check_identity_context("connectionId", Some(true)).is_err());
        assert!(check_identity_context("routekey", None).unwrap_err().contains("did you mean `routeKey`?"));
    }

    #[test]
    fn a_header_of_a_response_stands_between_quotation_marks() {
        assert_eq!(check_response_header("WWW-Authenticate", "Bearer realm=\"shop\""), Ok(()));
        assert!(check_response_header("a", "it's").is_err());
        assert!(check_response_header("a b", "c").is_err());
    }
}
