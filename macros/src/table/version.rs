//! `#[version]`

use syn::Type;

use super::{parse::Field, side::Side};
use crate::{errors::Errors, types};

/// The field that counts an item's writes.
pub(crate) struct Version {
    pub(crate) attribute: String,
    pub(crate) ty: Type,
}

/// The one field that is marked so. `templates` are the keys that an item has, of the table and in indexes.
pub(crate) fn read<'a>(
    fields: &[Field],
    templates: impl Iterator<Item = &'a Side>,
    errors: &mut Errors,
) -> Option<Version> {
    let mut marked = fields.iter().filter_map(|field| Some((field, field.version?)));
    let (field, span) = marked.next()?;
    for (_, span) in marked {
        errors.push_at(
            span,
            format!("a table has one `#[version]`, and `{}` is it already: remove this one", field.name),
        );
    }
    let in_template = templates.flat_map(Side::made_of).any(|(key, _)| key.field == field.name);
    if in_template || field.partition_key.is_some() || field.sort_key.is_some() {
        errors.push_at(span, "a key never changes, and a version does with each write: mark another field");
    }
    if types::option_of(&field.ty).is_some() {
        errors.push(&field.ty, "a new item has the version 0: remove the `Option`");
    }
    if let Some(option) = field.stored.altered {
        errors.push_at(span, format!("a version is stored as a number: remove `#[serde({option})]` from this field"));
    }
    Some(Version { attribute: field.stored.name.clone(), ty: field.ty.clone() })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::super::derive;
    use crate::snapshot::check_errors;

    #[test]
    fn a_version_is_one_number_beside_the_key() {
        check_errors(
            derive(quote! {
                struct Note {
                    #[partition_key] #[version] id: u64,
                    #[version] edition: Option<u64>,
                }
            }),
            expect![[r#"
                a table has one `#[version]`, and `id` is it already: remove this one
                a key never changes, and a version does with each write: mark another field"#]],
        );
        check_errors(
            derive(
                quote! { struct Note { #[partition_key] id: u64, #[version] #[serde(with = "x")] at: Option<u64> } },
            ),
            expect![[r#"
                a new item has the version 0: remove the `Option`
                a version is stored as a number: remove `#[serde(with)]` from this field"#]],
        );
    }

    #[test]
    fn a_key_is_not_made_of_the_version() {
        check_errors(
            derive(quote! {
                #[table(partition = "NOTE#{id}#{edition}")]
                struct Note { id: u64, #[version] edition: u64 }
            }),
            expect![["a key never changes, and a version does with each write: mark another field"]],
        );
    }

    #[test]
    fn an_entity_has_a_version_too() {
        let expansion = crate::entity::derive(quote! {
            #[entity(table = Shop, partition = "NOTE#{id}", sort = "NOTE")]
            struct Note { id: u64, #[version] edition: u32 }
        });
        let expansion = expansion.to_string();
        for part in ["Option :: Some (\"edition\")", "Versioned for Note", "assert_version :: < u32 >"] {
            assert!(expansion.contains(part), "{part} in {expansion}");
        }
        check_errors(
            crate::entity::derive(quote! {
                #[entity(table = Shop, partition = "NOTE#{id}", sort = "NOTE#{edition}")]
                struct Note { id: u64, #[version] edition: u32 }
            }),
            expect![["a key never changes, and a version does with each write: mark another field"]],
        );
    }

    #[test]
    fn a_versioned_table_names_its_attribute() {
        let expansion = derive(quote! {
            struct Note { #[partition_key] id: u64, #[version] #[serde(rename = "v")] version: u32 }
        });
        let expansion = expansion.to_string();
        for part in ["Option :: Some (\"v\")", "Versioned for Note", "assert_version :: < u32 >"] {
            assert!(expansion.contains(part), "{part} in {expansion}");
        }
    }
}
