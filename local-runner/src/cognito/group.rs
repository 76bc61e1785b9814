use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{error::Error, pool::Pool, timestamp::Timestamp, user::User};

/// A group of users.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(super) description: Option<String>,
    pub(super) precedence: Option<u32>,
    /// The ARN of a role.
    pub(super) role: Option<String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    /// Whether the application declares it; others were made by a call, and are kept.
    #[serde(default)]
    pub(super) declared: bool,
}

/// The groups that an application declares.
pub(super) fn declared(pool: &skyloom_manifest::UserPool, now: Timestamp) -> BTreeMap<String, Group> {
    let group = |name: &String| {
        let options = pool.options_of(name);
        let precedence = options.and_then(|options| options.precedence);
        let role = options.and_then(|options| options.role.clone());
        Group { precedence, role, created: now, modified: now, declared: true, ..Group::default() }
    };
    pool.groups.iter().map(|name| (name.clone(), group(name))).collect()
}

impl Pool {
    pub(super) fn group(&mut self, name: &str) -> Result<&mut Group, Error> {
        self.groups.get_mut(name).ok_or(Error::GroupNotFound)
    }

    pub(super) fn has_group(&self, name: &str) -> Result<(), Error> {
        if self.groups.contains_key(name) { Ok(()) } else { Err(Error::GroupNotFound) }
    }

    /// The roles of a user's groups, and the one that counts: that of the group with the lowest precedence, unless two such
    /// groups have different roles.
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html>
    pub(super) fn roles(&self, user: &User) -> (Vec<&str>, Option<&str>) {
        let groups = || user.groups.iter().filter_map(|name| self.groups.get(name));
        let mut roles: Vec<&str> = groups().filter_map(|group| group.role.as_deref()).collect();
        roles.sort_unstable();
        roles.dedup();
        let lowest = groups().filter_map(|group| group.precedence).min();
        let mut first = groups().filter(|group| group.precedence == lowest).map(|group| group.role.as_deref());
        let preferred = first.next().flatten().filter(|role| first.all(|other| other == Some(*role)));
        (roles, preferred)
    }
}
