use std::{collections::BTreeSet, path::Path};

use expect_test::expect;
use serde_json::{Value, json};
use skyloom_manifest::SignIn;

use super::*;
use crate::{
    cargo::Metadata,
    openapi::fixture::{about, documents},
    template::fixture,
};

const FAULTS: &[(&str, &str, Fault)] = &[
    ("unknown-attribute", "/Outputs/ApiUrl/Value", || json!({"Fn::GetAtt": ["OrderTable", "Arm"]})),
    ("unknown-reference", "/Outputs/ApiUrl/Value", || json!({"Ref": "Orders"})),
    ("unknown-name-in-sub", "/Outputs/ApiUrl/Value", || json!({"Fn::Sub": "https://${Orders}"})),
    ("unknown-property", "/Resources/OrderTable/Properties/BillngMode", || json!("PAY_PER_REQUEST")),
    ("unknown-resource", "/Resources/OrderTable/Type", || json!("AWS::DynamoDB::Tabel")),
    ("undefined-key", "/Resources/ShipmentTable/Properties/AttributeDefinitions/0/AttributeName", || json!("x")),
    ("architecture", "/Globals/Function/Architectures", || json!(["arm65"])),
    ("timeout", "/Resources/ReportFunction/Properties/Timeout", || json!(901)),
    ("batch-size", "/Resources/ShipEventSource/Properties/BatchSize", || json!(10_001)),
    ("circular", "/Resources/ReportRole/DependsOn", || json!("ReportFunction")),
    ("path", "/Resources/HttpApi/Properties/DefinitionBody/paths/orders", || json!({})),
    ("hard-coded", "/Resources/ReportFunction/Properties/Environment/Variables/KEY", || json!("AKIA1234567890ABCDEF")),
    ("memory", "/Resources/ReportFunction/Properties/MemorySize", || json!(64)),
    ("starting-position", "/Resources/ShipEventSource/Properties/StartingPosition", || json!("BEGINNING")),
    ("effect", "/Resources/ShipRole/Properties/Policies/0/PolicyDocument/Statement/0/Effect", || json!("Allowed")),
    ("undeclared-parameter", "/Resources/HttpApi/Properties/DefinitionBody/paths/~1orders~1{id}/parameters", || {
        json!([])
    }),
    ("no-responses", "/Resources/HttpApi/Properties/DefinitionBody/paths/~1orders/post/responses", || json!({})),
];

/// Makes what is put in place of what was right.
type Fault = fn() -> Value;

#[test]
#[ignore = "installs from PyPI; `.ci/run` runs it: cargo test -p skyloom-xtask -- --ignored"]
fn a_right_template_passes_and_each_fault_is_found() {
    let metadata = Metadata::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let validators = install(&metadata.target_directory).unwrap();
    let right = [
        ("all-of-the-shop", shop_with(&[])),
        ("all-of-a-table", fixture::template(&fixture::shop_with_table_options())),
        ("provisioned-replicas", fixture::template(&fixture::shop_with_provisioned_replicas())),
        ("all-of-a-stage", fixture::shop_at_a_stage()),
        ("rest-apis", fixture::rest_apis_at_a_stage()),
        ("urls", fixture::template(&fixture::shop_with_urls())),
        ("websocket-apis", fixture::websocket_apis_at_a_stage()),
        ("integrations", fixture::integrations_at_a_stage()),
        ("identity-pool", fixture::template(&fixture::shop_with_identity_pool())),
        ("all-of-a-deployment", fixture::template(&fixture::shop_with_deployments())),
        ("all-of-pool-triggers", fixture::template(&fixture::shop_with_pool_triggers())),
        ("image", fixture::shop_in_an_image()),
        ("all-of-a-function", fixture::shop_with_function_options()),
        ("all-of-a-user-pool", fixture::template(&fixture::shop_with_pool_options())),
        ("sign-in-page", fixture::sign_in_page_at_a_stage()),
        ("no-api", shop_with(&["report", "ship"])),
        ("no-tables", shop_with(&["health"])),
    ];
    let wrong: Vec<_> = FAULTS.iter().map(|(name, at, fault)| (*name, broken(at, fault()))).collect();
    let all: Vec<_> = wrong.iter().chain(&right).map(|(name, it)| (*name, it)).collect();

    let found = validators.examine(&all).unwrap();
    let table: String = all.iter().map(|(name, _)| format!("{name}: {}\n", finders(&found[*name]))).collect();
    expect![[r#"
        unknown-attribute: cfn-lint E6101 on the translated template
        unknown-reference: cfn-lint E6101 on the translated template
        unknown-name-in-sub: cfn-lint E6101 on the translated template
        unknown-property: cfn-lint E3002 on the translated template
        unknown-resource: cfn-lint E3006 on the translated template
        undefined-key: cfn-lint E3039 on the translated template
        architecture: cfn-lint E3030 on the translated template
        timeout: cfn-lint E3717 on the translated template
        batch-size: cfn-lint E3034 on the translated template
        circular: cfn-lint E3004 on the translated template
        path: openapi-spec-validator on HttpApi
        hard-coded: checkov CKV_AWS_45 on ReportFunction
        memory: cfn-lint E3034 on the translated template
        starting-position: cfn-lint E3031 on the translated template
        effect: cfn-lint E3510 on the translated template
        undeclared-parameter: openapi-spec-validator on HttpApi
        no-responses: openapi-spec-validator on HttpApi
        all-of-the-shop: nothing
        all-of-a-table: nothing
        provisioned-replicas: nothing
        all-of-a-stage: nothing
        rest-apis: nothing
        urls: nothing
        websocket-apis: nothing
        integrations: nothing
        identity-pool: nothing
        all-of-a-deployment: nothing
        all-of-pool-triggers: nothing
        image: nothing
        all-of-a-function: nothing
        all-of-a-user-pool: nothing
        sign-in-page: nothing
        no-api: nothing
        no-tables: nothing
    "#]]
    .assert_eq(&table);
}

#[test]
#[ignore = "installs from PyPI; `.ci/run` runs it: cargo test -p skyloom-xtask -- --ignored"]
fn right_documents_pass_in_both_versions_of_openapi_and_faults_are_found_in_both() {
    let metadata = Metadata::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let validators = install(&metadata.target_directory).unwrap();
    let (right, mut no_parameter, mut no_schema) = (documents(), documents(), documents());
    for document in &mut no_parameter {
        let paths = document.value_mut()["paths"].as_object_mut().unwrap();
        let item = paths.remove("/desks/{id}").unwrap();
        paths.insert("/desks/{other}".into(), item);
    }
    for document in &mut no_schema {
        document.value_mut()["components"]["schemas"]["Desk"]["type"] = json!("desk");
    }
    let greedy = document_of_a_rest_api();
    let all: Vec<_> = [("right", &right), ("no-parameter", &no_parameter), ("no-schema", &no_schema)]
        .into_iter()
        .flat_map(|(name, [new, old])| [(format!("{name}-3.1"), new), (format!("{name}-3.0"), old)])
        .chain([("right-of-a-rest-api".to_owned(), &greedy)])
        .collect();
    let named: Vec<_> = all.iter().map(|(name, document)| (name.as_str(), *document)).collect();
    let found = validators.examine_documents(&named).unwrap();
    let table: String = all.iter().map(|(name, _)| format!("{name}: {}\n", finders(&found[name]))).collect();
    expect![[r#"
        right-3.1: nothing
        right-3.0: nothing
        no-parameter-3.1: openapi-spec-validator on the document
        no-parameter-3.0: openapi-spec-validator on the document
        no-schema-3.1: openapi-spec-validator on the document
        no-schema-3.0: openapi-spec-validator on the document
        right-of-a-rest-api: nothing
    "#]]
    .assert_eq(&table);
}

/// For API Gateway, which calls the parameter of `/files/{path+}` just `path`.
fn document_of_a_rest_api() -> Document {
    let manifest = fixture::shop_with_rest_apis();
    let document = Document::for_aws(&manifest, manifest.api("Partners").unwrap(), &about()).unwrap();
    assert!(document.to_yaml().unwrap().contains("/files/{path+}"));
    document
}

/// The shop with those functions only, and with what they use, or with all of its own.
fn shop_with(functions: &[&str]) -> Template {
    let mut manifest = fixture::shop();
    if !functions.is_empty() {
        manifest.functions.retain(|it| functions.contains(&it.name.as_str()));
        manifest.user_pools.iter_mut().for_each(|it| it.sign_in = SignIn::Username);
        if manifest.functions.iter().all(|it| it.permissions.is_empty()) {
            manifest.tables.clear();
        }
    }
    fixture::template(&manifest)
}

fn broken(at: &str, value: Value) -> Template {
    let mut template = fixture::template(&fixture::shop());
    let (parent, key) = at.rsplit_once('/').unwrap();
    let parent = template.value_mut().pointer_mut(parent).unwrap_or_else(|| panic!("the shop has no {parent}"));
    match parent {
        Value::Array(values) => values[key.parse::<usize>().unwrap()] = value,
        parent => parent[key.replace("~1", "/")] = value,
    }
    template
}

/// Who found something, and by which rule.
fn finders(findings: &[String]) -> String {
    let finders: BTreeSet<_> =
        findings.iter().map(|finding| finding.split([',', ':']).next().unwrap_or_default()).collect();
    if finders.is_empty() { "nothing".into() } else { finders.into_iter().collect::<Vec<_>>().join(", ") }
}
