//! What a deployment will change: a pure function of the old template, the new one and CloudFormation's change set.
//!
//! The change set says which resources change, since only CloudFormation knows what follows from what; the templates say
//! from what to what. Permissions, routes and cost are those of the templates.

mod change;
mod cost;
mod permissions;
mod properties;
mod render;
mod resources;
mod routes;
mod template;
#[cfg(test)]
mod tests;
mod value;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

pub(crate) use self::{
    change::{Action, Change, Property, Recreation, Replacement},
    resources::Resource,
};
use self::{cost::Cost, permissions::Permissions, routes::Route, template::Template};

/// Tells what a change set does to a stack. Templates are as CloudFormation was given them, before SAM's transform; a
/// stack that is not there yet has no old one.
pub(crate) fn report(old: Option<&Value>, new: &Value, changes: &[Change]) -> Report {
    let (old, new) = (Template::new(old), Template::new(Some(new)));
    Report {
        resources: resources::changed(old, new, changes),
        permissions: permissions::changed(old, new),
        routes: routes::changed(old, new),
        cost: cost::of(old, new),
    }
}

/// Whether both templates say the same of a resource, with what their globals say.
pub(crate) fn is_same(old: Option<&Value>, new: &Value, id: &str) -> bool {
    let (old, new) = (Template::new(old), Template::new(Some(new)));
    let without_properties = |template: Template<'_>| {
        let mut resource = template.resource(id)?.clone();
        resource.as_object_mut()?.remove("Properties");
        Some(resource)
    };
    let before = without_properties(old);
    before.is_some() && before == without_properties(new) && old.properties(id) == new.properties(id)
}

/// What a deployment will change. Its `Display` is for people, its `Serialize` for machines.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) resources: Vec<Resource>,
    permissions: Vec<Permissions>,
    routes: Vec<Route>,
    cost: Cost,
}

impl Report {
    /// Whether nothing is deployed.
    pub(crate) fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// The same for a terminal that shows colours.
    pub(crate) fn coloured(&self) -> impl fmt::Display + '_ {
        render::Rendered { report: self, is_coloured: true }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        render::Rendered { report: self, is_coloured: false }.fmt(formatter)
    }
}
