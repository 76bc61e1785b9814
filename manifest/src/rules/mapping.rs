//! What an HTTP API changes of requests and replies: `append:header.x-tenant`.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html>

use super::selection::Selection;

/// What is changed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub action: ChangeAction,
    /// What.
    pub parameter: MappedParameter,
    /// To what; empty where it is removed.
    pub value: Selection,
}

/// How a parameter is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeAction {
    /// The value is added to those that are there.
    Append,
    /// The value is in place of those that are there.
    Overwrite,
    /// There is none.
    Remove,
}

/// What of a request or a reply can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappedParameter {
    /// A header, in lower case.
    Header(String),
    /// A parameter of the query string.
    Query(String),
    /// The path.
    Path,
    /// The status of a reply.
    StatusCode,
}

/// Headers that API Gateway keeps to itself; those that end with `-` are the beginnings of names.
const RESERVED: [&str; 24] = [
    "access-control-",
    "apigw-",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-location",
    "forwarded",
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailers",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "host",
    "x-amz-",
    "x-amzn-",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

impl Change {
    /// Reads a change of a request.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn of_request(key: &str, value: &str) -> Result<Self, String> {
        let change = Self::parse(key, value)?;
        if change.parameter == MappedParameter::StatusCode {
            return Err("a request has no `statuscode`: change that of a reply, `response(\"404 overwrite:statuscode\" = \"403\")`".into());
        }
        if change.value.variables().all(super::Variable::is_of_request) {
            return Ok(change);
        }
        Err(format!("`{value}` is of the reply, which there is none of yet: take it from `$request.…`"))
    }

    /// Reads a change of a reply.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn of_response(key: &str, value: &str) -> Result<Self, String> {
        let change = Self::parse(key, value)?;
        match change.parameter {
            MappedParameter::Header(_) | MappedParameter::StatusCode => {}
            MappedParameter::Query(_) | MappedParameter::Path => {
                return Err(format!("`{key}` is of requests, and a reply has headers and `statuscode`"));
            }
        }
        let is_of_reply = |it: &super::Variable| {
            use super::Variable as V;
            matches!(it, V::ResponseHeader(_) | V::ResponseBody(_) | V::Context(_) | V::StageVariable(_))
        };
        if change.value.variables().all(is_of_reply) {
            return Ok(change);
        }
        Err(format!(
            "`{value}` is of the request: a reply's parameters are made of `$response.…`, `$context.…` and `$stageVariables.…`"
        ))
    }

    fn parse(key: &str, value: &str) -> Result<Self, String> {
        let (action, parameter) = key.split_once(':').ok_or_else(|| unreadable(key))?;
        let action = match action {
            "append" => ChangeAction::Append,
            "overwrite" => ChangeAction::Overwrite,
            "remove" => ChangeAction::Remove,
            _ => return Err(unreadable(key)),
        };
        let parameter = MappedParameter::parse(key, parameter)?;
        let is_single = matches!(parameter, MappedParameter::Path | MappedParameter::StatusCode);
        if is_single && action != ChangeAction::Overwrite {
            return Err(format!("`{key}`: there is always one, so that it can be overwritten only"));
        }
        match (action, value.is_empty()) {
            (ChangeAction::Remove, false) => Err(format!("`{key}` takes no value: write `\"{key}\" = \"\"`")),
            (ChangeAction::Append | ChangeAction::Overwrite, true) => Err(format!("`{key}` has no value")),
            _ => Ok(Self { action, parameter, value: Selection::parse(value)? }),
        }
    }
}

impl MappedParameter {
    fn parse(key: &str, text: &str) -> Result<Self, String> {
        match text.split_once('.') {
            None if text == "path" => Ok(Self::Path),
            None if text == "statuscode" => Ok(Self::StatusCode),
            Some(("header", name)) if is_token(name) => {
                let name = name.to_ascii_lowercase();
                check_reserved(&name).map(|()| Self::Header(name))
            }
            Some(("querystring", name)) if !name.is_empty() => Ok(Self::Query(name.to_owned())),
            _ => Err(unreadable(key)),
        }
    }
}

fn check_reserved(name: &str) -> Result<(), String> {
    let is_it = |reserved: &str| if reserved.ends_with('-') { name.starts_with(reserved) } else { name == reserved };
    match RESERVED.iter().any(|reserved| is_it(reserved)) {
        true => {
            Err(format!("API Gateway keeps the header `{name}` to itself and lets no API change it: take another name"))
        }
        false => Ok(()),
    }
}

/// RFC 9110's `token`.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

fn unreadable(key: &str) -> String {
    format!(
        "`{key}` says not what is changed and how: write `append:header.NAME`, `overwrite:querystring.NAME`, \
         `remove:header.NAME`, `overwrite:path`, or of a reply `overwrite:statuscode`"
    )
}

/// Splits `404 overwrite:statuscode` into the status and the rest.
///
/// # Errors
/// A sentence that says what to write.
pub fn split_status(key: &str) -> Result<(u16, &str), String> {
    let parts = key.split_once(' ');
    let status = parts.and_then(|(status, _)| status.parse().ok()).filter(|status| (200..=599).contains(status));
    match (status, parts) {
        (Some(status), Some((_, rest))) => Ok((status, rest.trim_start())),
        _ => Err(format!("`{key}` begins with no status from 200 to 599: write `\"404 overwrite:statuscode\"`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_says_what_and_how() {
        let change = Change::of_request("append:header.X-Tenant", "$context.domainName").unwrap();
        assert_eq!(
            (change.action, change.parameter),
            (ChangeAction::Append, MappedParameter::Header("x-tenant".into()))
        );
        for key in ["remove:querystring.debug", "remove:header.cookie"] {
            assert!(Change::of_request(key, "").is_ok(), "{key}");
        }
        assert!(Change::of_request("overwrite:path", "/v2${request.path}").is_ok());
        assert!(Change::of_response("overwrite:statuscode", "403").is_ok());
        assert_eq!(split_status("404 overwrite:statuscode"), Ok((404, "overwrite:statuscode")));
    }

    #[test]
    fn a_change_that_api_gateway_refuses_is_refused() {
        for (key, value, part) in [
            ("header.x", "1", "says not what is changed"),
            ("append:cookie.x", "1", "says not what is changed"),
            ("append:header.", "1", "says not what is changed"),
            ("append:path", "/v2", "overwritten only"),
            ("remove:header.x", "1", "takes no value"),
            ("append:header.x", "", "has no value"),
            ("overwrite:header.Authorization", "1", "keeps the header"),
            ("append:header.x-amzn-anything", "1", "keeps the header"),
            ("append:header.access-control-allow-origin", "*", "keeps the header"),
            ("overwrite:statuscode", "200", "a request has no"),
            ("append:header.x", "$response.header.y", "of the reply"),
        ] {
            let error = Change::of_request(key, value).unwrap_err();
            assert!(error.contains(part), "{key}: {error}");
        }
        assert!(Change::of_response("append:header.x", "$request.header.y").unwrap_err().contains("of the request"));
        assert!(Change::of_response("append:querystring.x", "1").unwrap_err().contains("of requests"));
        assert!(split_status("overwrite:statuscode").is_err() && split_status("99 x").is_err());
    }
}
