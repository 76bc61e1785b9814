//! The resources of a template, and which needs which.

use std::collections::BTreeMap;

use serde_json::Value;

use super::reference;

/// Resources are numbered in the order of their ids.
#[derive(Debug)]
pub(super) struct Graph<'a> {
    by_id: BTreeMap<&'a str, usize>,
    pub(super) ids: Vec<&'a str>,
    pub(super) resources: Vec<&'a Value>,
    /// What each refers to or depends on.
    pub(super) needs: Vec<Vec<usize>>,
    /// The other way round.
    pub(super) users: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    pub(super) fn of(template: &'a Value) -> Self {
        let mut all: Vec<_> = template["Resources"].as_object().into_iter().flatten().collect();
        all.sort_by_key(|(id, _)| *id);
        let ids: Vec<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
        let resources: Vec<&Value> = all.into_iter().map(|(_, resource)| resource).collect();
        let by_id = ids.iter().enumerate().map(|(number, id)| (*id, number)).collect();
        let count = ids.len();
        let mut graph = Self { by_id, ids, resources, needs: vec![Vec::new(); count], users: vec![Vec::new(); count] };
        for number in 0..count {
            graph.needs[number] = graph.needs_of(number, &template["Parameters"]);
            for need in graph.needs[number].clone() {
                graph.users[need].push(number);
            }
        }
        graph
    }

    fn needs_of(&self, number: usize, parameters: &Value) -> Vec<usize> {
        let resource = self.resources[number];
        let mut needs: Vec<usize> = depends_on(resource).filter_map(|id| self.number(id)).collect();
        reference::visit(resource, &mut |it| {
            if parameters.get(&it.id).is_none() {
                needs.extend(self.number(&it.id));
            }
        });
        needs.sort_unstable();
        needs.dedup();
        needs.retain(|need| *need != number);
        needs
    }

    /// The resource of that id; SAM's transform makes others of it, whose ids begin with its own.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        let beginnings = (1..=id.len()).rev().filter_map(|end| id.get(..end));
        beginnings.filter(|it| *it == id || !id.contains("::")).find_map(|it| self.by_id.get(it).copied())
    }

    pub(super) fn kind(&self, number: usize) -> &'a str {
        self.resources[number]["Type"].as_str().unwrap_or_default()
    }
}

/// `DependsOn` names one or several.
pub(super) fn depends_on(resource: &Value) -> impl Iterator<Item = &str> {
    let (one, several) = match &resource["DependsOn"] {
        Value::Array(ids) => (None, Some(ids)),
        id => (id.as_str(), None),
    };
    one.into_iter().chain(several.into_iter().flatten().filter_map(Value::as_str))
}
