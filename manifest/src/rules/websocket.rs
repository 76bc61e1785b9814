//! What a WebSocket API takes.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html>

use std::ops::RangeInclusive;

use super::nearest;

/// Timeout of a function behind a WebSocket API, in seconds: the API stops waiting then.
pub const SOCKET_TIMEOUT: RangeInclusive<u64> = 1..=29;
/// Routes of a WebSocket API.
pub const SOCKET_ROUTES: usize = 300;
/// Authorizers of a WebSocket API.
pub const SOCKET_AUTHORIZERS: usize = 10;
/// Which part of a message names its route where nothing else is said.
pub const ROUTE_SELECTION: &str = "$request.body.action";

/// The routes that API Gateway itself knows.
const OWN: [&str; 3] = ["$connect", "$disconnect", "$default"];
/// <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html>
const LONGEST_KEY: usize = 128;

/// Says why a route cannot have this key, or nothing.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn check_route_key(key: &str) -> Result<(), String> {
    if OWN.contains(&key) {
        return Ok(());
    }
    if key.is_empty() {
        return Err("the route is empty: write what its messages say, as in `\"sendMessage\"`".into());
    }
    if key.starts_with('$') {
        let hint = match nearest(key, OWN) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "there are `$connect`, `$disconnect` and `$default`".into(),
        };
        return Err(format!("`{key}` is no route of API Gateway's own: {hint}"));
    }
    if let Some(own) = OWN.into_iter().find(|own| &own[1..] == key) {
        return Err(format!("a route of API Gateway's own begins with `$`: write `{own}`"));
    }
    if key.len() > LONGEST_KEY {
        return Err(format!("a route has {LONGEST_KEY} characters at most, and this has {}", key.len()));
    }
    match key.chars().find(|c| !c.is_ascii_graphic() || "*{}".contains(*c)) {
        Some(bad) => {
            Err(format!("the route has {bad:?}: it takes ASCII letters, digits and signs but `*`, `{{` and `}}`"))
        }
        None => Ok(()),
    }
}

/// Says why a message's route cannot be selected so, or nothing.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn check_route_selection(expression: &str) -> Result<(), String> {
    match selected_member(expression) {
        Some(_) => Ok(()),
        None => Err(format!(
            "`{expression}` selects no part of a message: write `{ROUTE_SELECTION}`, with the member that names the route"
        )),
    }
}

/// The path of the member of a message that names its route: `["action"]` of `$request.body.action`.
pub fn selected_member(expression: &str) -> Option<Vec<&str>> {
    // Braces are allowed around it where text stands beside it, which a route of ours has no use for.
    let inner = expression.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let path = inner.unwrap_or_else(|| expression.strip_prefix('$').unwrap_or_default());
    let members: Vec<_> = path.strip_prefix("request.body.")?.split('.').collect();
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    members.iter().all(is_name).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_api_gateways_own_or_a_word() {
        for right in ["$connect", "$disconnect", "$default", "sendMessage", "chat/send", "v1:join"] {
            assert_eq!(check_route_key(right), Ok(()), "{right}");
        }
        for (wrong, part) in [
            ("", "empty"),
            ("$conect", "did you mean `$connect`?"),
            ("$join", "there are"),
            ("connect", "write `$connect`"),
            ("send message", "' '"),
            ("a*", "'*'"),
        ] {
            let error = check_route_key(wrong).unwrap_err();
            assert!(error.contains(part), "{wrong}: {error}");
        }
        assert!(check_route_key(&"a".repeat(129)).is_err());
    }

    #[test]
    fn a_message_names_its_route_in_a_member() {
        assert_eq!(selected_member("$request.body.action"), Some(vec!["action"]));
        assert_eq!(selected_member("${request.body.header.type}"), Some(vec!["header", "type"]));
        for wrong in ["", "action", "$request.header.x", "$request.body.", "$request.body.a..b", "$request.body.a b"] {
            assert!(check_route_selection(wrong).is_err(), "{wrong}");
        }
    }
}
