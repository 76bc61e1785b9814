use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize,
    de::{Deserializer, Error, MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// The claims of a token, or the members of its header, as they are written in it, each name once.
#[derive(Debug)]
pub(in crate::gateway) struct Claims(BTreeMap<String, Claim>);

#[derive(Debug)]
struct Claim {
    value: Value,
    raw: Box<RawValue>,
}

impl Claims {
    /// Nothing where the payload is no object, has a name twice or a number that is none: two readers could then see two different
    /// tokens.
    pub(in crate::gateway) fn read(payload: &[u8]) -> Option<Self> {
        serde_json::from_slice(payload).ok()
    }

    /// Whether the name is there, also where it stands for `null`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A claim that is a string.
    pub(in crate::gateway) fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.as_str().map(str::to_owned)
    }

    /// A claim that is a string or a list of strings.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match self.value(name) {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// A claim that is a number of seconds; nothing at all where it is something else.
    pub(super) fn time(&self, name: &str) -> Option<Option<f64>> {
        self.value(name).map_or(Some(None), |value| value.as_f64().map(Some))
    }

    /// The scopes that the token grants: those of `scp`, or else of `scope`, in a list or with spaces between them.
    pub(in crate::gateway) fn scopes(&self) -> Vec<String> {
        let lists = ["scp", "scope"].map(|name| self.texts(name));
        let granted = lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
        granted.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect()
    }

    /// The claims as the event has them: every value is a string, written as Go's `fmt` writes it. That is how API
    /// Gateway does it, `"[admin staff]"` and `"map[sign_in_provider:password]"` were seen in its events.
    pub(super) fn to_strings(&self) -> BTreeMap<String, String> {
        self.entries().map(|(name, value, raw)| (name.to_owned(), as_written(value, raw))).collect()
    }

    /// Every claim with its value, and with its JSON as it is in the token. What is `null` is left out.
    pub(in crate::gateway) fn entries(&self) -> impl Iterator<Item = (&str, &Value, &str)> {
        let claims = self.0.iter().filter(|(_, claim)| !claim.value.is_null());
        claims.map(|(name, claim)| (name.as_str(), &claim.value, claim.raw.get()))
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).map(|claim| &claim.value)
    }
}

/// A number keeps its digits.
fn as_written(value: &Value, raw: &str) -> String {
    match value {
        Value::Number(_) => raw.into(),
        other => go(other),
    }
}

fn go(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(" ");
    match value {
        Value::Null => "<nil>".into(),
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(go).collect())),
        Value::Object(members) => {
            format!("map[{}]", joined(members.iter().map(|(name, value)| format!("{name}:{}", go(value))).collect()))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EachOnce)
    }
}

struct EachOnce;

impl<'de> Visitor<'de> for EachOnce {
    type Value = Claims;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with each name once")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
        let mut claims = BTreeMap::new();
        while let Some((name, raw)) = map.next_entry::<String, Box<RawValue>>()? {
            let value = serde_json::from_str(raw.get()).map_err(A::Error::custom)?;
            if claims.insert(name, Claim { value, raw }).is_some() {
                return Err(A::Error::custom("a name is there twice"));
            }
        }
        Ok(Claims(claims))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(payload: &str, expected: &str) {
        let claims = Claims::read(payload.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&claims.to_strings()).unwrap(), expected);
    }

    #[test]
    fn every_claim_is_a_string_in_the_event() {
        check(
            r#"{"sub":"a","n":1787996002,"x":1.50,"b":true}"#,
            r#"{"b":"true","n":"1787996002","sub":"a","x":"1.50"}"#,
        );
    }

    #[test]
    fn lists_and_objects_are_written_as_go_writes_them() {
        check(r#"{"cognito:groups":["admin","staff"]}"#, r#"{"cognito:groups":"[admin staff]"}"#);
        check(
            r#"{"firebase":{"sign_in_provider":"password","identities":{"email":["a@b.c"]}}}"#,
            r#"{"firebase":"map[identities:map[email:[a@b.c]] sign_in_provider:password]"}"#,
        );
    }

    #[test]
    fn a_claim_that_is_null_is_left_out() {
        check(r#"{"a":null}"#, "{}");
    }

    #[test]
    fn a_name_that_is_there_twice_spoils_the_claims() {
        assert!(Claims::read(br#"{"sub":"ann","sub":"eve"}"#).is_none());
        assert!(Claims::read(br#"{"sub":"ann","s\u0075b":"eve"}"#).is_none());
        assert!(Claims::read(br#"["sub"]"#).is_none());
    }

    #[test]
    fn a_number_that_is_too_large_to_be_one_spoils_the_claims() {
        assert!(Claims::read(br#"{"nbf":1e400}"#).is_none());
        assert!(Claims::read(br#"{"nbf":1e300}"#).is_some());
    }

    #[test]
    fn scopes_are_a_list_or_a_text() {
        let scopes = |payload: &str| Claims::read(payload.as_bytes()).unwrap().scopes();
        assert_eq!(scopes(r#"{"scope":"a b"}"#), ["a", "b"]);
        assert_eq!(scopes(r#"{"scp":["a","b"],"scope":"c"}"#), ["a", "b"]);
        assert!(scopes(r#"{"scope":7}"#).is_empty());
    }
}
