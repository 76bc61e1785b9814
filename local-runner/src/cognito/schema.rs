//! The attributes that users of a pool have, and what they may be.

use std::collections::BTreeMap;

use skyloom_manifest::{AttributeDataType, CustomAttribute, UserPool, rules};

use super::{
    attributes::{self, Attribute, STANDARD, Writer},
    constraint,
    error::Error,
};

/// What a pool declares of attributes. It comes from the manifest alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(super) custom: Vec<CustomAttribute>,
    /// The standard attributes without which nobody signs up.
    pub(super) required: Vec<String>,
    /// What clients may read, and what they may write, where it is not all.
    pub(super) of_clients: Option<(Vec<String>, Vec<String>)>,
}

/// When attributes are written. Cognito words what is wrong with them in another way each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// The user is made.
    Creation,
    /// The user is there.
    Update,
    /// Another provider's user comes in.
    Federation,
}

impl Schema {
    pub(super) fn of(pool: &UserPool) -> Self {
        Self {
            custom: pool.custom_attributes.clone(),
            required: pool.required_attributes.clone(),
            of_clients: pool.attributes_of_clients(),
        }
    }

    /// Whether users of the pool have such an attribute.
    pub(super) fn has(&self, name: &str) -> bool {
        STANDARD.contains(&name) || self.custom(name).is_some()
    }

    /// Checks attributes that somebody wants to write, and returns them by name.
    pub(super) fn checked(
        &self,
        attributes: Vec<Attribute>,
        writer: Writer,
        occasion: Occasion,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut checked = BTreeMap::new();
        for (place, Attribute { name, value }) in (1..).zip(attributes) {
            constraint::attribute(place, &name, &value)?;
            self.check_writable(&name, writer, occasion)?;
            if value.is_empty() {
                self.check_removable(&name, occasion)?;
            } else {
                self.check_value(&name, &value, occasion)?;
            }
            let value = if self.is_boolean(&name) { value.to_lowercase() } else { value };
            if checked.insert(name.clone(), value).is_some() {
                return Err(Error::InvalidParameter(format!("The attribute {name} is given twice")));
            }
        }
        Ok(checked)
    }

    /// The required attributes that are not among these.
    pub(super) fn missing<'a>(&'a self, known: &'a BTreeMap<String, String>) -> impl Iterator<Item = &'a str> {
        let is_known = |name: &str| known.get(name).is_some_and(|value| !value.is_empty());
        self.required.iter().map(String::as_str).filter(move |name| !is_known(name))
    }

    /// Whoever signs up has all that is required; whom an administrator makes is asked for it at the first sign-in.
    pub(super) fn check_complete(&self, known: &BTreeMap<String, String>, occasion: Occasion) -> Result<(), Error> {
        let missing: Vec<&str> = self.missing(known).collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(match occasion {
            Occasion::Federation => invalid(format!("attributes required: [{}]", missing.join(", "))),
            Occasion::Creation | Occasion::Update => {
                let all: String = missing.iter().map(|name| format!("{name}: The attribute is required\n")).collect();
                invalid(format!("Attributes did not conform to the schema: {all}"))
            }
        })
    }

    fn custom(&self, name: &str) -> Option<&CustomAttribute> {
        let bare = name.strip_prefix(rules::CUSTOM_ATTRIBUTE)?;
        self.custom.iter().find(|attribute| attribute.name == bare)
    }

    /// An immutable attribute is written when the user is made or not at all, even if it was not given a value then.
    fn check_writable(&self, name: &str, writer: Writer, occasion: Occasion) -> Result<(), Error> {
        if name == "sub" {
            return Err(invalid("Cannot modify the non-mutable attribute sub".into()));
        }
        if rules::OTHER_ATTRIBUTES.contains(&name) && writer == Writer::Client {
            return Err(Error::UnauthorizedAttribute);
        }
        match self.custom(name) {
            Some(attribute) if writer == Writer::Client && !attribute.writable => Err(Error::UnauthorizedAttribute),
            Some(attribute) if attribute.immutable && occasion == Occasion::Update => {
                Err(nonconforming(occasion, name, "Attribute cannot be updated."))
            }
            None if !STANDARD.contains(&name) => Err(unknown(name, writer, occasion)),
            _ => Ok(()),
        }
    }

    fn check_removable(&self, name: &str, occasion: Occasion) -> Result<(), Error> {
        if occasion == Occasion::Update && self.required.iter().any(|required| required == name) {
            return Err(nonconforming(occasion, name, "The attribute is required"));
        }
        Ok(())
    }

    fn check_value(&self, name: &str, value: &str, occasion: Occasion) -> Result<(), Error> {
        let broken = match self.custom(name) {
            None => attributes::check_standard(name, value)?,
            Some(attribute) => broken(attribute, value),
        };
        broken.map_or(Ok(()), |rule| Err(nonconforming(occasion, name, &rule)))
    }

    /// Booleans are written small, however a client's language writes them.
    fn is_boolean(&self, name: &str) -> bool {
        let is_custom = || self.custom(name).is_some_and(|it| it.data_type == AttributeDataType::Boolean);
        attributes::is_verification(name) || is_custom()
    }
}

/// What a value is not that it should be. Of strings Cognito's words are known, of the others those here are like them.
fn broken(attribute: &CustomAttribute, value: &str) -> Option<String> {
    match attribute.data_type {
        AttributeDataType::String => {
            let characters = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
            let bounds = outside(attribute, characters)?;
            Some(match bounds {
                Outside::Below(least) => format!("String must be no shorter than {least} characters"),
                Outside::Above(most) => format!("String must be no longer than {most} characters"),
            })
        }
        AttributeDataType::Number => {
            let Ok(number) = value.parse() else { return Some("Number must be a whole one".into()) };
            Some(match outside(attribute, number)? {
                Outside::Below(least) => format!("Number must be no less than {least}"),
                Outside::Above(most) => format!("Number must be no greater than {most}"),
            })
        }
        AttributeDataType::Boolean => (!attributes::is_boolean(value)).then(|| "Boolean must be true or false".into()),
        AttributeDataType::DateTime => {
            let is_time = value.parse::<jiff::Timestamp>().is_ok();
            (!is_time).then(|| "DateTime must be like 2026-01-31T12:00:00Z".into())
        }
    }
}

enum Outside {
    Below(i64),
    Above(i64),
}

fn outside(attribute: &CustomAttribute, measure: i64) -> Option<Outside> {
    let below = attribute.min.filter(|least| measure < *least).map(Outside::Below);
    below.or_else(|| attribute.max.filter(|most| measure > *most).map(Outside::Above))
}

/// A name that no attribute of the pool has.
fn unknown(name: &str, writer: Writer, occasion: Occasion) -> Error {
    match (writer, occasion) {
        (Writer::Administrator, Occasion::Creation) => invalid(format!(
            "Attributes did not conform to the schema: Type for attribute {{{name}}} could not be determined"
        )),
        _ => nonconforming(occasion, name, "Attribute does not exist in the schema."),
    }
}

fn nonconforming(occasion: Occasion, name: &str, rule: &str) -> Error {
    invalid(match occasion {
        Occasion::Creation => format!("Attributes did not conform to the schema: {name}: {rule}\n"),
        Occasion::Update => format!("user.{name}: {rule}\n"),
        Occasion::Federation => format!("Invalid user attributes: {name}: {rule}\n"),
    })
}

fn invalid(message: String) -> Error {
    Error::InvalidParameter(message)
}

#[cfg(test)]
mod tests;
