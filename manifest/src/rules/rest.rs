//! What a REST API refuses that an HTTP API takes.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>,
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>

use std::net::IpAddr;
use std::ops::RangeInclusive;

use super::path::{PathTemplate, Segment};

/// Timeout of a function behind a REST API, in seconds: the API stops waiting then, unless AWS has raised the account's quota.
pub const REST_TIMEOUT: RangeInclusive<u64> = 1..=29;
/// Resources of a REST API: its paths, and each part of one that is a path itself.
pub const REST_RESOURCES: usize = 300;
/// From how many bytes on a reply can be compressed.
pub const MINIMUM_COMPRESSION: RangeInclusive<u64> = 0..=10_485_760;
/// Requests a second of a usage plan, and requests at once.
pub const USAGE_RATE: RangeInclusive<u64> = 1..=1_000_000;
/// Requests of a usage plan in a day, week or month.
pub const USAGE_QUOTA: RangeInclusive<u64> = 1..=2_147_483_647;

/// Says why a REST API cannot have this path, or nothing.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn check_rest_path(path: &PathTemplate) -> Result<(), String> {
    if path.is_default() {
        return Err(DEFAULT_ROUTE.into());
    }
    for segment in path.segments() {
        let Segment::Literal(text) = segment else { continue };
        if let Some(bad) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "._-:".contains(*c))) {
            return Err(format!(
                "the path has {bad:?}, which a REST API does not take: it takes letters, digits, `.`, `_`, `-` and `:`"
            ));
        }
    }
    Ok(())
}

/// Why a REST API has no `$default`.
pub const DEFAULT_ROUTE: &str = "`$default` is a route of HTTP APIs, and this is a REST API: write `ANY \"/{rest+}\"`, and `ANY \"/\"` for the root";

/// How many resources an API with these paths has, the root among them.
pub fn rest_resources<'a>(paths: impl IntoIterator<Item = &'a PathTemplate>) -> usize {
    let mut resources = std::collections::BTreeSet::new();
    for path in paths {
        resources.extend((0..=path.segments().len()).map(|length| &path.segments()[..length]));
    }
    resources.len().max(1)
}

/// Says why bodies of this type cannot be bytes, or nothing.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn check_media_type(text: &str) -> Result<(), String> {
    let is_part = |part: &str| part == "*" || !part.is_empty() && part.chars().all(is_of_token);
    match text.split_once('/') {
        Some((kind, subtype)) if is_part(kind) && is_part(subtype) && (kind != "*" || subtype == "*") => Ok(()),
        _ => Err(format!("`{text}` is no media type: write `image/png`, `image/*` or `*/*`")),
    }
}

/// Checks a network of addresses, `203.0.113.0/24`, or one address.
///
/// # Errors
/// A sentence that says what to write instead.
pub fn check_network(text: &str) -> Result<(), String> {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
    let longest = match address.parse() {
        Ok(IpAddr::V4(_)) => Some(32),
        Ok(IpAddr::V6(_)) => Some(128),
        Err(_) => None,
    };
    let is_right = longest.is_some_and(|longest: u8| {
        prefix.is_none_or(|prefix| prefix.parse().is_ok_and(|prefix: u8| (1..=longest).contains(&prefix)))
    });
    let message = || format!("`{text}` is no network: write `203.0.113.0/24`, `2001:db8::/32`, or one address");
    is_right.then_some(()).ok_or_else(message)
}

/// RFC 9110's `tchar`.
fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> PathTemplate {
        PathTemplate::parse(text).unwrap()
    }

    #[test]
    fn a_rest_api_takes_fewer_paths() {
        assert_eq!(check_rest_path(&path("/orders/{id}/a.b_c-d:e/{rest+}")), Ok(()));
        assert!(check_rest_path(&path("$default")).unwrap_err().contains("HTTP APIs"));
        assert!(check_rest_path(&path("/a~b")).unwrap_err().contains("'~'"));
    }

    #[test]
    fn each_part_of_a_path_is_a_resource_once() {
        let paths = ["/", "/orders", "/orders/{id}", "/a/b"].map(path);
        assert_eq!(rest_resources(&paths), 5);
        assert_eq!(rest_resources(&[]), 1);
    }

    #[test]
    fn a_network_is_an_address_with_a_prefix() {
        for right in ["203.0.113.0/24", "203.0.113.7", "2001:db8::/32", "::1"] {
            assert_eq!(check_network(right), Ok(()));
        }
        for wrong in ["203.0.113.0/33", "203.0.113.0/0", "203.0.113", "2001:db8::/129", "*", ""] {
            assert!(check_network(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_media_type_has_two_parts() {
        for right in ["image/png", "image/*", "*/*", "application/vnd.api+json"] {
            assert_eq!(check_media_type(right), Ok(()));
        }
        for wrong in ["png", "image/", "*/png", "image/png; q=1", ""] {
            assert!(check_media_type(wrong).is_err(), "{wrong}");
        }
    }
}
