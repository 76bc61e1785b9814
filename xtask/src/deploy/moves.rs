//! Functions that go to another stack, behind an API that is called all the time.
//!
//! A permission names the API, so that CloudFormation makes it when the API is done; by then the API leads to the new functions, which it may
//! not call yet. So there is an update before: it makes the new ones beside the old ones, and leaves the APIs alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::template::{Size, Stacks};

/// What the update before does.
pub(super) const FIRST: &str = "functions are made anew in the stacks that they go to";
/// What the other does.
pub(super) const LAST: &str = "the APIs lead to them, and the old ones go";

/// What stays as it is until all that it leads to is there.
const APIS: [&str; 4] =
    ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::Serverless::Api", "AWS::Serverless::HttpApi"];

/// What nobody misses for the time of an update, and of which there are many.
const ALARM: &str = "AWS::CloudWatch::Alarm";

/// Whether functions are in other stacks than before.
pub(super) fn are_there(old: &Stacks, new: &Stacks) -> bool {
    let (before, after) = (places(old), places(new));
    before.iter().any(|(id, place)| after.get(id).is_some_and(|other| other != place))
}

/// The functions, each with its stack; that of the root has no name.
fn places(stacks: &Stacks) -> BTreeMap<&str, &str> {
    let parts = stacks.parts.iter().map(|(part, template)| (part.as_str(), template));
    let all = std::iter::once(("", &stacks.root)).chain(parts);
    let functions = all.flat_map(|(stack, template)| resources(template).map(move |(id, it)| (id, it, stack)));
    functions.filter(|(_, it, _)| kind(it).ends_with("::Function")).map(|(id, _, stack)| (id, stack)).collect()
}

/// The stacks with what there is, what there will be, and the APIs as they are; `None` if that is more than stacks take.
pub(super) fn between(old: &Stacks, new: &Stacks) -> Option<Stacks> {
    let mut between = Stacks { root: both(&old.root, &new.root), parts: BTreeMap::new() };
    for (part, template) in &new.parts {
        let template = old.parts.get(part).map_or_else(|| template.clone(), |old| both(old, template));
        between.parts.insert(part.clone(), template);
    }
    let all = std::iter::once(&between.root).chain(between.parts.values());
    all.map(Size::of).all(|size| size.fits()).then_some(between)
}

fn both(old: &Value, new: &Value) -> Value {
    let mut both = new.clone();
    for section in ["Parameters", "Outputs", "Resources"] {
        let missing = old[section].as_object().into_iter().flatten();
        let missing = missing.filter(|(id, it)| new[section].get(id).is_none() && kind(it) != ALARM);
        let missing: Map<_, _> = missing.map(|(id, it)| (id.clone(), it.clone())).collect();
        match both[section].as_object_mut() {
            Some(entries) => entries.extend(missing),
            None if missing.is_empty() => {}
            None => both[section] = missing.into(),
        }
    }
    for (id, before) in resources(old) {
        let is_in_both = new["Resources"].get(id).is_some();
        if is_in_both && APIS.contains(&kind(before)) {
            both["Resources"][id] = before.clone();
        } else if let (true, Some(given)) = (is_in_both, before["Properties"]["Parameters"].as_object()) {
            give(&mut both["Resources"][id]["Properties"]["Parameters"], given);
        }
    }
    if let Some(both) = both.as_object_mut() {
        both.retain(|_, section| !section.is_null());
    }
    both
}

/// A nested stack that has its old resources too takes what these were given.
fn give(parameters: &mut Value, given: &Map<String, Value>) {
    let Some(parameters) = parameters.as_object_mut() else { return };
    for (name, value) in given {
        parameters.entry(name).or_insert_with(|| value.clone());
    }
}

fn resources(template: &Value) -> impl Iterator<Item = (&str, &Value)> {
    template["Resources"].as_object().into_iter().flatten().map(|(id, resource)| (id.as_str(), resource))
}

fn kind(resource: &Value) -> &str {
    resource["Type"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::template::{self, fixture};

    fn stacks(routes: usize) -> Stacks {
        template::split(
            &serde_json::from_str(&fixture::template(&fixture::of_routes(routes)).to_json().unwrap()).unwrap(),
        )
    }

    /// What refers to something that is not there, by template.
    fn dangling(stacks: &Stacks) -> Vec<String> {
        let mut found = Vec::new();
        for (name, it) in
            [("root".to_owned(), &stacks.root)].into_iter().chain(stacks.parts.iter().map(|(n, t)| (n.clone(), t)))
        {
            let known: BTreeSet<&str> = ["Parameters", "Resources"]
                .iter()
                .flat_map(|section| it[*section].as_object().into_iter().flatten().map(|(id, _)| id.as_str()))
                .collect();
            let text = it.to_string();
            let mut ids: Vec<&str> =
                text.split("\"Ref\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            ids.extend(text.split("\"Fn::GetAtt\":[\"").skip(1).filter_map(|rest| rest.split('"').next()));
            ids.retain(|id| !id.starts_with("AWS::") && !known.contains(id));
            found.extend(ids.into_iter().map(|id| format!("{name}: {id}")));
        }
        found
    }

    #[test]
    fn new_functions_are_beside_the_old_ones_while_the_api_is_as_it_was() {
        for (old, new) in [(stacks(40), stacks(90)), (stacks(200), stacks(400)), (stacks(90), stacks(40))] {
            assert!(are_there(&old, &new));
            let between = between(&old, &new).unwrap();
            assert_eq!(between.root["Resources"]["HttpApi"], old.root["Resources"]["HttpApi"]);
            assert_eq!(dangling(&between), [""; 0]);
            for (id, place) in places(&old).into_iter().chain(places(&new)) {
                let template = if place.is_empty() {
                    &between.root
                } else {
                    between.parts.get(place).unwrap_or_else(|| &old.parts[place])
                };
                assert!(template["Resources"].get(id).is_some(), "{id} in {place}");
            }
        }
    }

    #[test]
    fn where_nothing_moves_there_is_nothing_to_do_before() {
        assert!(!are_there(&stacks(90), &stacks(91)));
        assert!(!are_there(&stacks(10), &stacks(11)));
    }
}
