//! What may answer a route in place of a function.

use super::{
    mapping::is_token,
    path::PathTemplate,
    selection::{Selection, Variable},
};

/// Statuses of an answer that is always the same.
pub const ANSWER_STATUS: std::ops::RangeInclusive<u64> = 200..=599;

/// Says what is wrong with the address of another server, or nothing. A parameter of the route may be in its path, and nowhere
/// else: a caller who chose the host would be let into the network of whoever forwards the request.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_upstream(url: &str, route: &PathTemplate) -> Result<(), String> {
    let example = "`https://example.org/docs/{page}`";
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or_else(|| format!("`{url}` is no address of a server: write {example}"))?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if host.contains(['{', '}', '$']) {
        return Err(format!(
            "who calls must not choose the server: write the host of `{url}` in full, and parameters behind it"
        ));
    }
    if host.contains('@') {
        return Err("an address that everybody reads has no password in it: leave out what is before the `@`".into());
    }
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_port = host.rsplit_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok_and(|port| port > 0));
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)) || !is_port {
        return Err(format!("`{host}` is no name of a server: write {example}"));
    }
    if let Some(bad) = path.chars().find(|c| !(c.is_ascii_alphanumeric() || "/{}-._~!$&'()*+,;=:@%".contains(*c))) {
        return Err(format!(
            "the path of `{url}` has {bad:?}: the query string is the caller's, and is handed on by itself"
        ));
    }
    for name in placeholders(path)? {
        if !route.parameters().any(|parameter| parameter == name) {
            return Err(format!("`{{{name}}}` is no parameter of the route `{route}`"));
        }
    }
    Ok(())
}

/// The names in braces.
///
/// # Errors
/// A brace without the other one.
fn placeholders(path: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            return Err(format!("`{path}` has a `{{` without a `}}`"));
        };
        names.push(name.trim_end_matches('+'));
        rest = behind;
    }
    Ok(names)
}

/// Why a route cannot send to this.
pub fn no_queue(name: &str) -> String {
    format!("`{name}` is no queue: name one that the stack makes, `queue = \"Jobs\"`, or the ARN of one that is there")
}

/// Says what is wrong with a header of an answer, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_answer_header(name: &str, value: &str) -> Result<(), String> {
    if !is_token(name) {
        return Err(format!("`{name}` is no name of a header"));
    }
    match value.chars().find(|c| !matches!(c, ' '..='~') || *c == '\'') {
        Some(bad) => Err(format!("a header that API Gateway writes itself cannot have {bad:?}")),
        None => Ok(()),
    }
}

/// Says what is wrong with what an attribute is set to, or nothing. It is always there: what a request may leave out is no key.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_attribute_value(text: &str, route: &PathTemplate) -> Result<(), String> {
    for variable in Selection::parse(text)?.variables() {
        match variable {
            Variable::Context(_) | Variable::StageVariable(_) => {}
            Variable::PathParameter(name) if route.parameters().any(|it| it == name) => {}
            Variable::PathParameter(name) => {
                return Err(format!("`{{{name}}}` is no parameter of the route `{route}`"));
            }
            _ => {
                return Err(format!(
                    "`{text}` may be left out of a request: an attribute is set to `$context.…`, `$request.path.…`, \
                     `$stageVariables.…` or a text; what the request chooses is in its body"
                ));
            }
        }
    }
    match text.contains(['"', '\\', '#', '\n']) {
        true => Err(format!(
            "`{text}` has a sign that a mapping template takes for its own: `\"`, `\\`, `#` or a line break"
        )),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route() -> PathTemplate {
        PathTemplate::parse("/docs/{page+}").unwrap()
    }

    #[test]
    fn an_upstream_has_a_host_of_its_own() {
        for right in ["https://example.org", "http://example.org:8080/a", "https://example.org/docs/{page}"] {
            assert_eq!(check_upstream(right, &route()), Ok(()));
        }
        for (wrong, part) in [
            ("example.org", "no address of a server"),
            ("ftp://example.org", "no address of a server"),
            ("https://", "no name of a server"),
            ("https://example.org:0/", "no name of a server"),
            ("https://{page}/", "must not choose the server"),
            ("https://user:secret@example.org/", "no password"),
            ("https://example.org/{id}", "no parameter of the route"),
            ("https://example.org/{page", "without a `}`"),
            ("https://example.org/?a=1", "query string is the caller's"),
        ] {
            let error = check_upstream(wrong, &route()).unwrap_err();
            assert!(error.contains(part), "{wrong}: {error}");
        }
    }

    #[test]
    fn an_attribute_is_set_to_what_is_always_there() {
        for right in ["$context.requestId", "ORDER${context.requestTimeEpoch}", "open", "$request.path.page"] {
            assert_eq!(check_attribute_value(right, &route()), Ok(()));
        }
        for wrong in ["$request.header.x", "$request.body.id", "$request.path.id", "a#b", "\"", "$context.x"] {
            assert!(check_attribute_value(wrong, &route()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_header_of_an_answer_is_plain_text() {
        assert_eq!(check_answer_header("content-type", "text/html; charset=utf-8"), Ok(()));
        for (name, value) in [("a b", "x"), ("", "x"), ("x", "a\r\nb: c"), ("x", "it's")] {
            assert!(check_answer_header(name, value).is_err(), "{name}: {value}");
        }
    }
}
