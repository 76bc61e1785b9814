//! One template merged into another, so that nothing is overridden that is not there.

use anyhow::{Result, bail, ensure};
use serde_json::{Map, Value};
use skyloom_manifest::rules;

/// The sections of a template. <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy.html>
const SECTIONS: [&str; 10] = [
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Globals",
    "Resources",
    "Outputs",
    "Hooks",
];

/// The property by which AWS tells the elements of a list apart, the first that all of them have.
const NAMES: [&str; 9] =
    ["Key", "IndexName", "AttributeName", "PolicyName", "Sid", "ParameterName", "Region", "ReplicationGroup", "Name"];

/// Merges overrides into a template.
pub(super) fn template(template: &mut Value, overrides: Value) -> Result<()> {
    let overrides = match overrides {
        Value::Null => return Ok(()),
        Value::Object(sections) => sections,
        _ => bail!("it is no template: write sections, `Resources:` and under it the logical ids"),
    };
    let Some(template) = template.as_object_mut() else { bail!("the template has no sections") };
    for (section, value) in overrides {
        ensure!(SECTIONS.contains(&section.as_str()), "{}", unknown("section", &section, SECTIONS.into_iter()));
        match section.as_str() {
            "Resources" => resources(entries(template, "Resources")?, value)?,
            _ => merge_entry(template, &section, value, "")?,
        }
    }
    Ok(())
}

fn entries<'a>(template: &'a mut Map<String, Value>, section: &str) -> Result<&'a mut Map<String, Value>> {
    let entries = template.get_mut(section).and_then(Value::as_object_mut);
    entries.ok_or_else(|| anyhow::anyhow!("the template has no {section}"))
}

/// A resource is either there already or a whole one, with a type.
fn resources(resources: &mut Map<String, Value>, overrides: Value) -> Result<()> {
    let Value::Object(overrides) = overrides else { bail!("`Resources` has no logical ids: write them under it") };
    for (id, value) in overrides {
        match resources.get(&id) {
            None if value.get("Type").is_none() => {
                bail!(
                    "{} (a new resource has a `Type`)",
                    unknown("resource", &id, resources.keys().map(String::as_str))
                )
            }
            Some(known) if value.get("Type").is_some_and(|it| *it != known["Type"]) => {
                bail!(
                    "`{id}` cannot become another type of resource: set `{id}: null`, and add one with another logical id"
                )
            }
            _ => merge_entry(resources, &id, value, "Resources")?,
        }
    }
    Ok(())
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match rules::nearest(name, known) {
        Some(near) => format!("the template has no {what} `{name}`: did you mean `{near}`?"),
        None => format!("the template has no {what} `{name}`"),
    }
}

/// Sets, merges or, with null, takes away an entry of a map.
fn merge_entry(map: &mut Map<String, Value>, key: &str, value: Value, place: &str) -> Result<()> {
    let place = if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
    if value.is_null() {
        ensure!(map.remove(key).is_some(), "`{place}` is not there, so that it cannot be taken away");
        return Ok(());
    }
    match map.get_mut(key) {
        Some(old) => merge(old, value, &place),
        None => {
            map.insert(key.to_owned(), without_nulls(value, &place)?);
            Ok(())
        }
    }
}

fn merge(old: &mut Value, new: Value, place: &str) -> Result<()> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) if !is_function(old) && !is_function(&new) => {
            new.into_iter().try_for_each(|(key, value)| merge_entry(old, &key, value, place))
        }
        (Value::Array(old), Value::Array(new)) => merge_lists(old, new, place),
        (old, new) => {
            *old = without_nulls(new, place)?;
            Ok(())
        }
    }
}

/// `{"Ref": …}` is a value and not a map that could be merged.
fn is_function(map: &Map<String, Value>) -> bool {
    map.len() == 1 && map.keys().all(|key| key == "Ref" || key == "Condition" || key.starts_with("Fn::"))
}

/// Elements of the same name are merged, others are added; a list whose elements have no names is replaced.
fn merge_lists(old: &mut Vec<Value>, new: Vec<Value>, place: &str) -> Result<()> {
    let named = |name: &&&str| old.iter().chain(&new).all(|element| element.get(**name).is_some_and(Value::is_string));
    let Some(name) = NAMES.iter().find(named).filter(|_| !new.is_empty()) else {
        *old = new.into_iter().map(|element| without_nulls(element, place)).collect::<Result<_>>()?;
        return Ok(());
    };
    for element in new {
        match old.iter_mut().find(|it| it[name] == element[name]) {
            Some(same) => merge(same, element, place)?,
            None => old.push(without_nulls(element, place)?),
        }
    }
    Ok(())
}

/// The value, in which nothing may be null: null takes away, and in what is new there is nothing to take away.
fn without_nulls(value: Value, place: &str) -> Result<Value> {
    check_nulls(&value, place)?;
    Ok(value)
}

fn check_nulls(value: &Value, place: &str) -> Result<()> {
    match value {
        Value::Null => bail!("`{place}` is not there, so that it cannot be taken away"),
        Value::Object(map) => map.iter().try_for_each(|(key, value)| check_nulls(value, &format!("{place}.{key}"))),
        Value::Array(list) => list.iter().try_for_each(|element| check_nulls(element, place)),
        _ => Ok(()),
    }
}
