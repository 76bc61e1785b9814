//! What holds data is not replaced or removed unless it is named.
//!
//! CloudFormation keeps a `Retain`ed resource, but the stack has another, empty one from then on. Whether a change set replaces
//! a table is not left to CloudFormation alone: for a new index it says `Conditional`, as for a new key.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;
use skyloom_manifest::rules;

use crate::{
    diff::{Action, Change, Replacement},
    refused::Refused,
    template,
};

/// The types that hold what cannot be made again.
const STATEFUL: [&str; 14] = [
    "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::OpenSearchService::Domain",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
];

/// How their logical ids end, after the name in the code.
const KINDS: [&str; 5] = ["Table", "UserPool", "Queue", "Bucket", "Secret"];

/// A stateful resource that another would take the place of, or none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Loss {
    id: String,
    kind: String,
    physical: Option<String>,
    removed: bool,
    /// Whether what is there now stays in the account, out of the stack.
    kept: bool,
}

/// All losses, by logical id.
pub(super) fn losses(old: Option<&Value>, new: &Value, changes: &[Change]) -> Vec<Loss> {
    let mut losses = BTreeMap::new();
    for change in changes.iter().filter(|change| STATEFUL.contains(&&*change.resource_type)) {
        let id = &change.logical_id;
        let resource = |template: &Value| template["Resources"].get(id).cloned();
        let (before, after) = (old.and_then(resource), resource(new));
        let removed = change.action == Action::Remove;
        if removed || replaces(change, before.as_ref(), after.as_ref()) {
            let policy = if removed { "DeletionPolicy" } else { "UpdateReplacePolicy" };
            losses.insert(
                id.clone(),
                Loss {
                    id: id.clone(),
                    kind: change.resource_type.clone(),
                    physical: change.physical_id.clone(),
                    removed,
                    // A removal goes by the template that is deployed, a replacement by the one to come.
                    kept: if removed { before.as_ref() } else { after.as_ref() }.is_some_and(|it| is_kept(it, policy)),
                },
            );
        }
    }
    losses.into_values().collect()
}

fn is_kept(resource: &Value, policy: &str) -> bool {
    matches!(resource[policy].as_str(), Some("Retain" | "RetainExceptOnCreate" | "Snapshot"))
}

/// The changes, each with what the templates say of its replacement where CloudFormation leaves it open.
pub(super) fn settled(old: Option<&Value>, new: &Value, changes: &[Change]) -> Vec<Change> {
    let settled = |change: &Change| {
        let resource = |template: &Value| template["Resources"].get(&change.logical_id).cloned();
        let (before, after) = (old.and_then(resource)?, resource(new)?);
        let replacement = match is_other_table(&before, &after)? {
            true => Replacement::True,
            false => Replacement::False,
        };
        (change.action == Action::Modify).then(|| Change { replacement, ..change.clone() })
    };
    changes.iter().map(|change| settled(change).unwrap_or_else(|| change.clone())).collect()
}

/// Whether a modification makes another resource. Where both templates are known, they decide what CloudFormation leaves open.
fn replaces(change: &Change, before: Option<&Value>, after: Option<&Value>) -> bool {
    let by_template = match (before, after) {
        (Some(before), Some(after)) => is_other_table(before, after),
        _ => None,
    };
    match change.replacement {
        Replacement::True => true,
        Replacement::Conditional => by_template.unwrap_or(true),
        Replacement::False => change.action == Action::Modify && by_template.unwrap_or(false),
    }
}

/// Whether these are tables that cannot become each other; `None` if they are no tables.
pub(super) fn is_other_table(before: &Value, after: &Value) -> Option<bool> {
    let kind = before["Type"].as_str()?;
    if !matches!(kind, "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable") {
        return None;
    }
    let (old, new) = (&before["Properties"], &after["Properties"]);
    let differs = |property: &str| old[property] != new[property];
    Some(
        before["Type"] != after["Type"]
            || differs("KeySchema")
            || differs("LocalSecondaryIndexes")
            || differs("TableName")
            || key_types(old) != key_types(new),
    )
}

/// The types of the table's own keys and of its local indexes'.
fn key_types(table: &Value) -> Vec<&Value> {
    let local = table["LocalSecondaryIndexes"].as_array().into_iter().flatten().map(|index| &index["KeySchema"]);
    let schemas = std::iter::once(&table["KeySchema"]).chain(local);
    let names: Vec<&Value> =
        schemas.filter_map(Value::as_array).flatten().map(|element| &element["AttributeName"]).collect();
    let definitions = table["AttributeDefinitions"].as_array().into_iter().flatten();
    definitions.filter(|it| names.contains(&&it["AttributeName"])).map(|it| &it["AttributeType"]).collect()
}

/// Refuses what `--replace` does not name.
///
/// # Errors
/// [`Refused`], or a name that nothing has.
pub(super) fn check(losses: &[Loss], allowed: &[String], old: Option<&Value>, new: &Value) -> Result<()> {
    check_names(allowed, old, new)?;
    let refused: Vec<&Loss> = losses.iter().filter(|loss| !allowed.iter().any(|name| names(name, &loss.id))).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let mut text = String::from("this would lose what is stored, so nothing was changed:");
    for loss in &refused {
        text += &format!("\n  {loss}");
    }
    let options: Vec<_> = refused.iter().map(|loss| format!("--replace {}", loss.id)).collect();
    Err(Refused(format!("{text}\nIf that is meant, deploy with `{}`", options.join(" "))).into())
}

/// Whether `--replace NAME` is this resource: by its logical id, or by its name in the code.
fn names(name: &str, id: &str) -> bool {
    name == id || template::stateful_ids(name).iter().any(|it| it == id)
}

/// A misspelt name would otherwise be one that was not allowed, with no word about why.
fn check_names(allowed: &[String], old: Option<&Value>, new: &Value) -> Result<()> {
    let ids: Vec<&str> = [Some(new), old]
        .into_iter()
        .flatten()
        .filter_map(|it| it["Resources"].as_object())
        .flatten()
        .map(|(id, _)| &**id)
        .collect();
    let in_code = ids.iter().filter_map(|id| KINDS.iter().find_map(|kind| id.strip_suffix(kind)));
    for name in allowed {
        if !ids.iter().any(|id| names(name, id)) {
            match rules::nearest(name, ids.iter().copied().chain(in_code.clone())) {
                Some(near) => bail!("`--replace {name}`: the stack has no such resource: did you mean `{near}`?"),
                None => bail!("`--replace {name}`: the stack has no such resource"),
            }
        }
    }
    Ok(())
}

impl std::fmt::Display for Loss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { id, kind, physical, removed, kept } = self;
        let name = physical.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
        let what = if *removed { "would leave the stack" } else { "would be replaced by a new, empty one" };
        let then = match (kept, removed) {
            (true, true) => "it stays in the account with what it holds, but nothing uses it any more",
            (true, false) => "the old one stays in the account with what it holds, but nothing reads it any more",
            (false, _) => "what it holds is DELETED",
        };
        write!(f, "`{id}` ({kind}{name}) {what}; {then}")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    fn table(key: &str, indexes: &[&str]) -> Value {
        let names = indexes.iter().chain([&key]);
        let definitions: Vec<_> = names.map(|it| json!({"AttributeName": it, "AttributeType": "S"})).collect();
        let indexes: Vec<_> = indexes
            .iter()
            .map(|it| json!({"IndexName": it, "KeySchema": [{"AttributeName": it, "KeyType": "HASH"}]}))
            .collect();
        json!({
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "AttributeDefinitions": definitions,
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": indexes,
            },
        })
    }

    fn template(resources: &Value) -> Value {
        json!({"Resources": resources})
    }

    fn change(id: &str, kind: &str, action: Action, replacement: Replacement) -> Change {
        Change {
            logical_id: id.into(),
            resource_type: kind.into(),
            physical_id: Some("orders-1A2B".into()),
            action,
            replacement,
            properties: Vec::new(),
        }
    }

    fn of_table(old: &Value, new: &Value, replacement: Replacement) -> Vec<Loss> {
        let change = change("OrderTable", "AWS::DynamoDB::Table", Action::Modify, replacement);
        losses(Some(&template(&json!({"OrderTable": old}))), &template(&json!({"OrderTable": new})), &[change])
    }

    #[test]
    fn a_new_index_is_no_replacement_though_cloudformation_says_it_may_be() {
        assert_eq!(of_table(&table("id", &[]), &table("id", &["status"]), Replacement::Conditional), []);
    }

    #[test]
    fn what_is_shown_of_a_table_is_what_the_templates_say() {
        let shown = |old: &Value, new: &Value| {
            let change = change("OrderTable", "AWS::DynamoDB::Table", Action::Modify, Replacement::Conditional);
            let of = |table: &Value| template(&json!({"OrderTable": table}));
            settled(Some(&of(old)), &of(new), &[change])[0].replacement
        };
        assert_eq!(shown(&table("id", &[]), &table("id", &["status"])), Replacement::False);
        assert_eq!(shown(&table("id", &[]), &table("number", &[])), Replacement::True);
        let pool = change("P", "AWS::Cognito::UserPool", Action::Modify, Replacement::Conditional);
        let pools = template(&json!({"P": {"Type": "AWS::Cognito::UserPool"}}));
        assert_eq!(settled(Some(&pools), &pools, &[pool])[0].replacement, Replacement::Conditional);
    }

    #[test]
    fn another_key_is_a_replacement_whatever_is_said_of_it() {
        for said in [Replacement::True, Replacement::Conditional, Replacement::False] {
            assert_eq!(of_table(&table("id", &[]), &table("number", &[]), said).len(), 1, "{said:?}");
        }
        let mut number = table("id", &[]);
        number["Properties"]["AttributeDefinitions"][0]["AttributeType"] = "N".into();
        assert_eq!(of_table(&table("id", &[]), &number, Replacement::Conditional).len(), 1);
    }

    #[test]
    fn a_replacement_that_is_left_open_is_a_loss_where_nothing_better_is_known() {
        let pool = change("P", "AWS::Cognito::UserPool", Action::Modify, Replacement::Conditional);
        assert_eq!(losses(None, &template(&json!({})), &[pool]).len(), 1);
        let function = change("F", "AWS::Lambda::Function", Action::Remove, Replacement::True);
        assert_eq!(losses(None, &template(&json!({})), &[function]), []);
    }

    #[test]
    fn a_loss_is_refused_with_what_it_does_until_it_is_named() {
        let old =
            template(&json!({"OrderTable": table("id", &[]), "CursorKey": {"Type": "AWS::SecretsManager::Secret"}}));
        let new = template(&json!({"OrderTable": table("number", &[])}));
        let changes = [
            change("OrderTable", "AWS::DynamoDB::Table", Action::Modify, Replacement::True),
            change("CursorKey", "AWS::SecretsManager::Secret", Action::Remove, Replacement::False),
        ];
        let losses = losses(Some(&old), &new, &changes);
        let error = check(&losses, &[], Some(&old), &new).unwrap_err();
        assert!(error.is::<Refused>());
        expect![[r#"
            this would lose what is stored, so nothing was changed:
              `CursorKey` (AWS::SecretsManager::Secret, orders-1A2B) would leave the stack; what it holds is DELETED
              `OrderTable` (AWS::DynamoDB::Table, orders-1A2B) would be replaced by a new, empty one; the old one stays in the account with what it holds, but nothing reads it any more
            If that is meant, deploy with `--replace CursorKey --replace OrderTable`"#]]
        .assert_eq(&error.to_string());
        check(&losses, &["CursorKey".into(), "Order".into()], Some(&old), &new).unwrap();
        assert!(check(&losses, &["Order".into()], Some(&old), &new).unwrap_err().to_string().contains("`CursorKey`"));
    }

    #[test]
    fn a_name_that_nothing_has_is_an_error_with_the_nearest() {
        let new = template(&json!({"OrderTable": table("id", &[])}));
        let error = check(&[], &["OrdreTable".into()], None, &new).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `OrderTable`?"), "{error}");
        let error = check(&[], &["Ordr".into()], None, &new).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `Order`?"), "{error}");
        assert!(!error.is::<Refused>());
    }
}
