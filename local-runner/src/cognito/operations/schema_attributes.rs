use serde_json::{Value, json};
use skyloom_manifest::CustomAttribute;

use crate::cognito::schema::Schema;

/// The standard attributes as Cognito lists them, with the bounds of their length.
const STRINGS: [(&str, &str, &str); 17] = [
    ("profile", "0", "2048"),
    ("address", "0", "2048"),
    ("birthdate", "10", "10"),
    ("gender", "0", "2048"),
    ("preferred_username", "0", "2048"),
    ("website", "0", "2048"),
    ("picture", "0", "2048"),
    ("sub", "1", "2048"),
    ("phone_number", "0", "2048"),
    ("zoneinfo", "0", "2048"),
    ("locale", "0", "2048"),
    ("email", "0", "2048"),
    ("given_name", "0", "2048"),
    ("family_name", "0", "2048"),
    ("middle_name", "0", "2048"),
    ("name", "0", "2048"),
    ("nickname", "0", "2048"),
];

/// `SchemaAttributes`: first those of every pool.
pub(super) fn schema_attributes(schema: &Schema) -> Value {
    let strings = STRINGS.into_iter().map(|(name, least, most)| {
        let mut attribute = standard(schema, name, "String");
        attribute["StringAttributeConstraints"] = json!({ "MinLength": least, "MaxLength": most });
        attribute
    });
    let mut updated_at = standard(schema, "updated_at", "Number");
    updated_at["NumberAttributeConstraints"] = json!({ "MinValue": "0" });
    let mut identities = standard(schema, "identities", "String");
    identities["StringAttributeConstraints"] = json!({});
    let verified = ["phone_number_verified", "email_verified"].map(|name| standard(schema, name, "Boolean"));
    strings.chain([updated_at, identities]).chain(verified).chain(schema.custom.iter().map(custom)).collect()
}

fn standard(schema: &Schema, name: &str, data_type: &str) -> Value {
    let is_required = name == "sub" || schema.required.iter().any(|required| required == name);
    json!({
        "Name": name,
        "AttributeDataType": data_type,
        "DeveloperOnlyAttribute": false,
        "Mutable": name != "sub",
        "Required": is_required,
    })
}

fn custom(attribute: &CustomAttribute) -> Value {
    let mut described = json!({
        "Name": attribute.full_name(),
        "AttributeDataType": attribute.data_type.as_str(),
        "DeveloperOnlyAttribute": false,
        "Mutable": !attribute.immutable,
        "Required": false,
    });
    if let Some((constraints, bounds)) = attribute.constraints() {
        described[constraints] = bounds.into_iter().collect();
    }
    described
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{Fixture, with_attributes};

    #[test]
    fn a_pool_lists_the_standard_attributes_and_its_own() {
        let mut cognito = Fixture::of(&with_attributes());
        let input = json!({ "UserPoolId": cognito.pool("Shopper") });
        let described: Value = serde_json::from_str(&cognito.call("DescribeUserPool", input)).unwrap();
        let listed = described["UserPool"]["SchemaAttributes"].as_array().unwrap();
        let shown = ["birthdate", "email", "sub", "custom:plan", "custom:size", "custom:legal"];
        let shown = shown.map(|name| listed.iter().find(|it| it["Name"] == name).unwrap().to_string());
        expect![[r#"
            {"AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":true,"Name":"birthdate","Required":true,"StringAttributeConstraints":{"MaxLength":"10","MinLength":"10"}}
            {"AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":true,"Name":"email","Required":false,"StringAttributeConstraints":{"MaxLength":"2048","MinLength":"0"}}
            {"AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":false,"Name":"sub","Required":true,"StringAttributeConstraints":{"MaxLength":"2048","MinLength":"1"}}
            {"AttributeDataType":"String","DeveloperOnlyAttribute":false,"Mutable":true,"Name":"custom:plan","Required":false,"StringAttributeConstraints":{"MaxLength":"10","MinLength":"0"}}
            {"AttributeDataType":"Number","DeveloperOnlyAttribute":false,"Mutable":true,"Name":"custom:size","NumberAttributeConstraints":{"MaxValue":"60","MinValue":"1"},"Required":false}
            {"AttributeDataType":"Boolean","DeveloperOnlyAttribute":false,"Mutable":true,"Name":"custom:legal","Required":false}"#]].assert_eq(&shown.join("\n"));
        assert_eq!(listed.len(), 21 + 4);
    }

    #[test]
    fn a_client_says_what_it_may_write_where_that_is_not_all() {
        let describe = |mut cognito: Fixture| -> Value {
            let input = json!({ "UserPoolId": cognito.pool("Shopper"), "ClientId": cognito.client("Shopper") });
            serde_json::from_str(&cognito.call("DescribeUserPoolClient", input)).unwrap()
        };
        assert!(describe(Fixture::new())["UserPoolClient"].get("WriteAttributes").is_none());
        let described = describe(Fixture::of(&with_attributes()));
        let has =
            |list: &str, name: &str| described["UserPoolClient"][list].as_array().unwrap().iter().any(|it| *it == name);
        assert!(has("ReadAttributes", "custom:plan") && has("ReadAttributes", "custom:size"));
        assert!(!has("WriteAttributes", "custom:plan") && has("WriteAttributes", "custom:size"));
    }
}
