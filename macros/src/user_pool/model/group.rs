use skyloom_manifest::rules;
use syn::LitStr;

use super::check;
use crate::{errors::Errors, setting::Setting, settings::Settings};

/// `group(name = "staff", precedence = 1, role = "arn:…")`
pub(in crate::user_pool) struct Group {
    pub(in crate::user_pool) name: LitStr,
    pub(in crate::user_pool) precedence: Option<u32>,
    pub(in crate::user_pool) role: Option<LitStr>,
}

/// All groups of which something is said; each that is not in `groups` yet joins them.
pub(super) fn read_all(settings: &Settings, groups: &mut Vec<LitStr>, errors: &mut Errors) -> Vec<Group> {
    let mut all: Vec<Group> = Vec::new();
    for group in settings.find_all("group").filter_map(|setting| read(setting, errors)).collect::<Vec<_>>() {
        if all.iter().any(|other| other.name == group.name) {
            errors.push(&group.name, "this group is described twice: remove one of them");
            continue;
        }
        if !groups.contains(&group.name) {
            groups.push(group.name.clone());
        }
        all.push(group);
    }
    all
}

fn read(setting: &Setting, errors: &mut Errors) -> Option<Group> {
    let nested = errors.keep(setting.nested("name = \"staff\", precedence = 1"))?;
    let settings = Settings::of(nested, "group(…)", &["name", "precedence", "role"], errors);
    let precedence = settings.read("precedence", errors, |it| it.integer(&rules::GROUP_PRECEDENCE, ""));
    let role = settings.read("role", errors, |it| it.text("arn:aws:iam::111122223333:role/staff")).cloned();
    role.iter().for_each(|role| check(role, rules::check_role(&role.value()), errors));
    if settings.lacks("name") {
        errors.push(&setting.name, "a group has a name: write `group(name = \"staff\", precedence = 1)`");
    }
    let name = settings.read("name", errors, |it| it.text("staff")).cloned()?;
    Some(Group { name, precedence, role })
}
