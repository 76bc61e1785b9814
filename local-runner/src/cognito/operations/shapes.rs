//! What several operations ask or answer.

use serde::{Deserialize, Serialize};

use crate::cognito::{
    attributes::{self, Attribute},
    group::Group,
    user::User,
};

/// An answer that says nothing but that it worked.
#[derive(Serialize)]
pub(super) struct Empty {}

/// The input of operations on one user of one pool.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct UserInput {
    pub(super) user_pool_id: String,
    pub(super) username: String,
}

/// `UserType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserShape {
    pub(super) username: String,
    pub(super) attributes: Vec<Attribute>,
    user_create_date: f64,
    user_last_modified_date: f64,
    enabled: bool,
    user_status: &'static str,
}

impl UserShape {
    pub(super) fn of(user: &User) -> Self {
        Self {
            username: user.username.clone(),
            attributes: attributes::of(user),
            user_create_date: user.created.fractional(),
            user_last_modified_date: user.modified.fractional(),
            enabled: user.enabled,
            user_status: user.status.as_str(),
        }
    }
}

/// The input of operations on one group of one pool.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GroupInput {
    pub(super) user_pool_id: String,
    pub(super) group_name: String,
}

/// `GroupType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GroupShape {
    group_name: String,
    user_pool_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precedence: Option<u32>,
    creation_date: f64,
    last_modified_date: f64,
}

/// The answer with one group.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GroupOutput {
    pub(super) group: GroupShape,
}

impl GroupShape {
    pub(super) fn of(pool_id: &str, name: &str, group: &Group) -> Self {
        Self {
            group_name: name.into(),
            user_pool_id: pool_id.into(),
            description: group.description.clone(),
            role_arn: group.role.clone(),
            precedence: group.precedence,
            creation_date: group.created.fractional(),
            last_modified_date: group.modified.fractional(),
        }
    }
}
