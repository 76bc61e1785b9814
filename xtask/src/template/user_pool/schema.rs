//! The attributes of a pool's users, and which of them clients read and write.

use serde_json::{Value, json};
use skyloom_manifest::{AttributeDataType, CustomAttribute, UserPool};

/// The standard attributes that everyone has to have, and the pool's own; nothing in a pool that says nothing of them. Each has its type:
/// without it CloudFormation has failed on every later change of the pool (aws-amplify/amplify-backend#3299).
pub(super) fn schema(pool: &UserPool) -> Option<Value> {
    let required = pool.required_attributes.iter().map(|name| {
        let data_type = if name == "updated_at" { AttributeDataType::Number } else { AttributeDataType::String };
        json!({"Name": name, "AttributeDataType": data_type.as_str(), "Mutable": true, "Required": true})
    });
    let all: Vec<Value> = required.chain(pool.custom_attributes.iter().map(custom)).collect();
    (!all.is_empty()).then(|| all.into())
}

/// The bounds of a string are written out in any case, as they cannot be changed later.
fn custom(attribute: &CustomAttribute) -> Value {
    let mut described = json!({
        "Name": attribute.name,
        "AttributeDataType": attribute.data_type.as_str(),
        "Mutable": !attribute.immutable,
    });
    let (constraints, bounds) = attribute.constraints().unwrap_or_default();
    for (name, bound) in bounds {
        described[constraints][name] = bound.into();
    }
    described
}

/// Lists what a client of the pool may read and write, if the pool has attributes of its own: its users could write all of them otherwise.
pub(in crate::template) fn add_permissions(client: &mut Value, pool: &UserPool) {
    if let Some((read, write)) = pool.attributes_of_clients() {
        client["Properties"]["ReadAttributes"] = read.into();
        client["Properties"]["WriteAttributes"] = write.into();
    }
}

#[cfg(test)]
mod tests {
    use crate::template::fixture;

    #[test]
    fn no_client_writes_what_does_not_say_so() {
        let mut shop = fixture::shop_with_sign_in_page();
        let options = fixture::shop_with_pool_options();
        for pool in &mut shop.user_pools {
            pool.custom_attributes = options.user_pools[0].custom_attributes.clone();
        }
        let template = fixture::template(&shop);
        let clients: Vec<_> =
            template.resources().filter(|(_, it)| it["Type"] == "AWS::Cognito::UserPoolClient").collect();
        assert!(clients.len() > shop.user_pools.len(), "the machines' are among them");
        for (id, client) in clients {
            let has = |list: &str, name: &str| {
                client["Properties"][list].as_array().is_some_and(|list| list.iter().any(|it| it == name))
            };
            assert!(has("ReadAttributes", "custom:plan"), "{id}");
            assert!(has("WriteAttributes", "custom:size") && !has("WriteAttributes", "custom:plan"), "{id}");
        }
    }

    #[test]
    fn a_pool_with_standard_attributes_alone_leaves_them_to_cognito() {
        let template = fixture::template(&fixture::shop());
        for (id, resource) in template.resources() {
            let of_attributes = ["Schema", "ReadAttributes", "WriteAttributes"];
            assert!(of_attributes.iter().all(|name| resource["Properties"].get(name).is_none()), "{id}");
        }
    }
}
