use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;

use super::{Http, RequestEvent};
use crate::{FromEvent, Rejection, Scope};

/// JSON: the body of a request, the payload of an `invoke` handler, or a reply.
///
/// As an argument it wants `application/json`, `…+json` or no media type at all; anything else is 415, and a body that
/// does not fit `T` is 400 with the path of the field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<P: 'static, T: DeserializeOwned> FromEvent<Http<P>> for Json<T> {
    async fn from_event<'a>(event: &'a RequestEvent<'a>, _: &'a Scope) -> Result<Self, Rejection> {
        let body = event.body_of_type("application/json", is_json)?;
        parse(&body).map(Self).map_err(|error| Rejection::Invalid(format!("the body does not fit: {error}").into()))
    }
}

fn is_json(media_type: &str) -> bool {
    let lower = media_type.to_ascii_lowercase();
    lower == "application/json" || (lower.starts_with("application/") && lower.ends_with("+json"))
}

/// Parses, and only after a mistake parses again to find its path.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    serde_json::from_slice(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let value =
            serde_path_to_error::deserialize(&mut deserializer).map_err(|error| match error.path().to_string() {
                path if path == "." => error.inner().to_string(),
                path => format!("`{path}`: {}", error.inner()),
            })?;
        deserializer.end().map_err(|error| error.to_string())?;
        Ok(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_named_with_its_path() {
        let error = parse::<Vec<Vec<u8>>>(b"[[1],[2,300]]").unwrap_err();
        assert_eq!(error, "`[1][1]`: invalid value: integer `300`, expected u8 at line 1 column 11");
        assert_eq!(parse::<u8>(b"1 2").unwrap_err(), "trailing characters at line 1 column 3");
    }

    #[test]
    fn json_media_types_are_told_from_others() {
        assert!(is_json("application/json") && is_json("Application/JSON") && is_json("application/ld+json"));
        assert!(!is_json("text/plain") && !is_json("application/x-www-form-urlencoded"));
    }
}
