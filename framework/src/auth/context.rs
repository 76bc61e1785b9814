use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::Rejection;

/// A principal as a REST API carries it from the authorizer to the function: texts, since it takes neither lists nor objects
/// and hands numbers over as texts.
///
/// A text stands as it is, so that access logs can show it as `$context.authorizer.name`; everything else stands as its JSON.
/// A text that could be taken for JSON is written as JSON too.
#[derive(Debug, Serialize)]
pub(super) struct Context(BTreeMap<String, String>);

/// What API Gateway adds itself. A field of such a name gets a `_` on its way.
const OF_THE_GATEWAY: [&str; 2] = ["principalId", "integrationLatency"];

impl Context {
    /// What identifies the caller, for access logs, if a field has such a name.
    pub(super) fn id(&self) -> Option<&str> {
        ["principalId_", "sub", "id", "name"].iter().find_map(|name| self.0.get(*name)).map(String::as_str)
    }
}

/// The context of a principal.
pub(super) fn write(principal: &impl Serialize) -> Result<Context, serde_json::Error> {
    let Value::Object(fields) = serde_json::to_value(principal)? else {
        return Err(serde::ser::Error::custom("a principal is a struct with named fields"));
    };
    let texts = fields.into_iter().map(|(name, value)| Ok((on_its_way(name), text(value)?)));
    texts.collect::<Result<_, _>>().map(Context)
}

/// The principal of a context.
pub(super) fn read<T: DeserializeOwned>(context: Map<String, Value>) -> Result<T, Rejection> {
    let own = context.into_iter().filter(|(name, _)| !OF_THE_GATEWAY.contains(&name.as_str()));
    deserialized(own.map(|(name, value)| (arrived(name), meant(value))).collect())
}

/// The principal that an HTTP API hands on, whose texts are texts, whatever they could be taken for.
pub(super) fn read_as_is<T: DeserializeOwned>(context: Map<String, Value>) -> Result<T, Rejection> {
    deserialized(context)
}

fn deserialized<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Rejection> {
    T::deserialize(Value::Object(fields)).map_err(|error| {
        Rejection::Internal(format!("the authorizer's context is not what it was made from: {error}").into())
    })
}

fn on_its_way(name: String) -> String {
    if OF_THE_GATEWAY.contains(&name.trim_end_matches('_')) { name + "_" } else { name }
}

fn arrived(name: String) -> String {
    let own = OF_THE_GATEWAY.contains(&name.trim_end_matches('_'));
    if own { name.strip_suffix('_').map(str::to_owned).unwrap_or(name) } else { name }
}

fn text(value: Value) -> Result<String, serde_json::Error> {
    match value {
        Value::String(text) if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err() => Ok(text),
        other => serde_json::to_string(&other),
    }
}

fn meant(value: Value) -> Value {
    match value {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Partner {
        name: String,
        #[serde(rename = "principalId")]
        principal: String,
        level: u64,
        ratio: f64,
        trusted: bool,
        regions: Vec<String>,
        note: Option<String>,
    }

    fn partner(name: &str) -> Partner {
        Partner {
            name: name.into(),
            principal: "7".into(),
            level: u64::MAX,
            ratio: 0.5,
            trusted: true,
            regions: vec!["eu".into()],
            note: None,
        }
    }

    fn carried(context: &Context) -> Map<String, Value> {
        let Value::Object(mut carried) = serde_json::to_value(context).unwrap() else { panic!("no object") };
        carried.insert("principalId".into(), "caller".into());
        carried.insert("integrationLatency".into(), 12.into());
        carried
    }

    #[test]
    fn a_context_has_texts_alone() {
        let context = serde_json::to_value(write(&partner("ann")).unwrap()).unwrap();
        let expected = json!({"name": "ann", "principalId_": "\"7\"", "level": "18446744073709551615", "ratio": "0.5",
            "trusted": "true", "regions": "[\"eu\"]", "note": "null"});
        assert_eq!(context, expected);
    }

    #[test]
    fn what_is_no_struct_cannot_be_carried() {
        let error = write(&"ann").unwrap_err();
        assert_eq!(error.to_string(), "a principal is a struct with named fields");
    }

    #[test]
    fn a_number_that_arrives_as_one_is_read_too() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Level {
            level: u8,
        }
        let Value::Object(context) = json!({"level": 3}) else { panic!("no object") };
        assert_eq!(read::<Level>(context).unwrap(), Level { level: 3 });
    }

    proptest! {
        #[test]
        fn a_principal_arrives_as_it_was_sent(name in r#"(true|null|[0-9]{1,20}|-?0|"a"|\[\]|\PC{0,20})"#) {
            let sent = partner(&name);
            let arrived: Partner = read(carried(&write(&sent).unwrap())).unwrap();
            prop_assert_eq!(arrived, sent);
        }
    }
}
