//! What several operations ask or answer.

use serde::{Deserialize, Serialize};

use crate::cognito::{
    attributes::{self, Attribute},
    pool::Pool,
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

/// `GroupType`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GroupShape {
    group_name: String,
    user_pool_id: String,
    creation_date: f64,
    last_modified_date: f64,
}

impl GroupShape {
    /// Groups are the manifest's: they are as old as their pool.
    pub(super) fn of(pool: &Pool, group: &str) -> Self {
        Self {
            group_name: group.into(),
            user_pool_id: pool.id.clone(),
            creation_date: pool.created.fractional(),
            last_modified_date: pool.created.fractional(),
        }
    }
}
