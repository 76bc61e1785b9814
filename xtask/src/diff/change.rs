//! A change as CloudFormation's `DescribeChangeSet` tells it, in its words.

use serde::Serialize;

/// What a change set does to one resource.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Change {
    /// Its id in the translated template: that of the application's template, or one that SAM's transform made.
    pub(crate) logical_id: String,
    /// `AWS::DynamoDB::Table`
    pub(crate) resource_type: String,
    /// Its name at AWS, if it is there already.
    pub(crate) physical_id: Option<String>,
    pub(crate) action: Action,
    pub(crate) replacement: Replacement,
    /// The properties that change, and others that CloudFormation thinks may.
    pub(crate) properties: Vec<Property>,
}

/// A property that changes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Property {
    /// `KeySchema`: the first level of the resource's properties.
    pub(crate) name: String,
    pub(crate) recreation: Recreation,
}

/// What happens to a resource.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub(crate) enum Action {
    Add,
    Modify,
    Remove,
    /// Made anew in another stack of the application, and then removed from the one that it was in.
    Move,
    Import,
    /// Known only when it is executed.
    Dynamic,
}

/// Whether another resource takes the place of one that is modified.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub(crate) enum Replacement {
    True,
    #[default]
    False,
    /// It depends on what is known only when it is executed.
    Conditional,
}

/// Whether a property can be changed only by making the resource anew.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub(crate) enum Recreation {
    #[default]
    Never,
    Conditionally,
    Always,
}
