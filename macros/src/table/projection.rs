//! `projection = "keys"`, `"all"` or `["total_cents", "status"]` of an index.

use syn::LitStr;

use super::{model::find, parse::Field};
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

/// The attributes that DynamoDB takes for all indexes of a table together.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
const ATTRIBUTES: usize = 100;

pub(super) fn read(settings: &Settings, fields: &[Field], errors: &mut Errors) -> Projection {
    let Some(setting) = settings.find("projection") else { return Projection::All };
    match &setting.value {
        Value::List(..) => included(setting, fields, errors),
        _ => errors
            .keep(setting.choice(&[("keys", true), ("all", false)]))
            .map_or(Projection::All, |keys| if keys { Projection::KeysOnly } else { Projection::All }),
    }
}

fn included(setting: &Setting, fields: &[Field], errors: &mut Errors) -> Projection {
    let names = errors.keep(setting.texts("field")).unwrap_or_default();
    if let Some(extra) = names.get(ATTRIBUTES) {
        errors.push(extra, format!("DynamoDB takes {ATTRIBUTES} projected attributes"));
    }
    let mut all = Vec::new();
    for name in names {
        if let Some(field) = find(&name, fields, errors) {
            if !field.stored.kept {
                errors.push(&name, "this field is not an attribute of its own, so that no index has it");
            }
            all.push(Included { attribute: field.stored.name.clone(), field: name });
        }
    }
    Projection::Include(all)
}
