//! `projection = "keys"`, `"all"` or `["total_cents", "status"]` of an index.

use skyloom_manifest::rules;
use syn::LitStr;

use super::{
    model::{Key, find},
    parse::Field,
    side::repeated,
};
use crate::{
    errors::Errors,
    setting::{Setting, Value},
    settings::Settings,
};

/// Which attributes an index has.
pub(crate) enum Projection {
    All,
    KeysOnly,
    /// The names as serde has them, and those of the fields.
    Include(Vec<Included>),
}

pub(crate) struct Included {
    pub(crate) field: LitStr,
    pub(crate) attribute: String,
}

/// `keys` are the fields that the index has already, as parts of its key and of the table's.
pub(super) fn read(settings: &Settings, fields: &[Field], keys: &[&Key], errors: &mut Errors) -> Projection {
    let Some(setting) = settings.find("projection") else { return Projection::All };
    match &setting.value {
        Value::List(..) => included(setting, fields, keys, errors),
        _ => errors
            .keep(setting.choice(&[("keys", true), ("all", false)]))
            .map_or(Projection::All, |keys| if keys { Projection::KeysOnly } else { Projection::All }),
    }
}

fn included(setting: &Setting, fields: &[Field], keys: &[&Key], errors: &mut Errors) -> Projection {
    let names = errors.keep(setting.texts("field")).unwrap_or_default();
    if let Some(extra) = names.get(rules::PROJECTED_ATTRIBUTES_OF_INDEX) {
        let most = rules::PROJECTED_ATTRIBUTES_OF_INDEX;
        errors.push(
            extra,
            format!(
                "DynamoDB takes {most} attributes in the projection of an index: leave `projection` out to have all"
            ),
        );
    }
    for name in repeated(&names) {
        errors.push(name, format!("`{}` is there twice: remove one of them", name.value()));
    }
    let mut all = Vec::new();
    for name in names {
        if let Some(field) = find(&name, fields, errors) {
            if !field.stored.kept {
                errors.push(&name, "this field is not an attribute of its own, so that no index has it");
            }
            if keys.iter().any(|key| key.field == field.name) {
                errors.push(&name, "the index has this field already, in a key: remove it here");
            }
            all.push(Included { attribute: field.stored.name.clone(), field: name });
        }
    }
    Projection::Include(all)
}

/// That all indexes of a table together name no more than DynamoDB takes.
pub(super) fn check_all<'a>(projections: impl Iterator<Item = &'a Projection>, errors: &mut Errors) {
    let mut named = projections.flat_map(|projection| match projection {
        Projection::Include(included) => &included[..],
        Projection::All | Projection::KeysOnly => &[],
    });
    if let Some(extra) = named.nth(rules::PROJECTED_ATTRIBUTES) {
        let most = rules::PROJECTED_ATTRIBUTES;
        errors.push(&extra.field, format!("DynamoDB takes {most} attributes in the projections of a table's indexes, all together: leave a `projection` out to have all"));
    }
}
