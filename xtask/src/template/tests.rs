use expect_test::expect_file;
use serde_json::Value;

use super::{Template, fixture};

#[test]
fn the_shop_is_a_manifest_as_an_application_prints_it() {
    let shop = fixture::shop();
    assert_eq!(shop.validate(), []);
    let mut sorted = shop.clone();
    sorted.sort();
    assert_eq!(sorted.to_json(), include_str!("shop.json"));
}

#[test]
fn the_shop_has_the_reviewed_template() {
    let template = fixture::template(&fixture::shop());
    expect_file!["shop.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn all_that_a_table_can_say_has_the_reviewed_template() {
    let shop = fixture::shop_with_table_options();
    assert_eq!(shop.validate(), []);
    let mut template = fixture::template(&shop);
    let is_of_a_table =
        |resource: &Value| ["DynamoDB", "AutoScaling"].iter().any(|it| resource["Type"].as_str().unwrap().contains(it));
    let resources = template.value["Resources"].as_object_mut().unwrap();
    resources.retain(|_, resource| is_of_a_table(resource));
    template.value = template.value["Resources"].take();
    expect_file!["table_options.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn all_that_a_deployment_can_say_has_the_reviewed_template() {
    let shop = fixture::shop_with_deployments();
    assert_eq!(shop.validate(), []);
    let (plain, mut template) = (fixture::template(&fixture::shop()), fixture::template(&shop));
    let resources = template.value["Resources"].as_object_mut().unwrap();
    // The API's document is long; that it names the alias is tested in `rollout`.
    resources.retain(|id, resource| plain.value["Resources"].get(id) != Some(resource) && id != "HttpApi");
    template.value = template.value["Resources"].take();
    expect_file!["rollout.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn all_that_a_user_pool_can_ask_has_the_reviewed_template() {
    let shop = fixture::shop_with_pool_triggers();
    assert_eq!(shop.validate(), []);
    let (plain, mut template) = (fixture::template(&fixture::shop()), fixture::template(&shop));
    let resources = template.value["Resources"].as_object_mut().unwrap();
    // Of what all functions have, one is enough.
    let is_shown = |id: &str| id.starts_with("PreSignUp") || id.ends_with("Permission") || id.starts_with("Shopper");
    resources.retain(|id, resource| plain.value["Resources"].get(id) != Some(resource) && is_shown(id));
    template.value = template.value["Resources"].take();
    expect_file!["pool_triggers.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn a_pool_and_the_functions_that_it_asks_do_not_need_each_other() {
    let template = fixture::template(&fixture::shop_with_pool_triggers());
    for (id, resource) in template.resources() {
        let is_before_the_pool = ["Function", "Role", "LogGroup"].iter().any(|it| id.ends_with(it));
        assert!(!is_before_the_pool || !resource.to_string().contains("ShopperUserPool"), "{id}");
    }
}

#[test]
fn all_that_a_stage_can_say_has_the_reviewed_template() {
    let mut template = fixture::shop_at_a_stage();
    let is_of_the_stage =
        |id: &str| ["Report", "HttpApi", "Ship", "Order", "Shopper", "Functions"].iter().any(|it| id.starts_with(it));
    template.value["Resources"].as_object_mut().unwrap().retain(|id, _| is_of_the_stage(id));
    template.value["Resources"]["HttpApi"]["Properties"].as_object_mut().unwrap().remove("DefinitionBody");
    expect_file!["stage.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn all_that_a_websocket_api_can_say_has_the_reviewed_template() {
    let mut template = fixture::websocket_apis_at_a_stage();
    let is_of_sockets = |id: &str| ["Chat", "Feed", "Partner"].iter().any(|it| id.starts_with(it));
    template.value["Resources"].as_object_mut().unwrap().retain(|id, _| is_of_sockets(id));
    template.value["Outputs"].as_object_mut().unwrap().retain(|id, _| is_of_sockets(id));
    let parts = serde_json::json!({"Resources": template.value["Resources"], "Outputs": template.value["Outputs"]});
    template.value = parts;
    expect_file!["websocket_apis.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn all_that_a_rest_api_can_say_has_the_reviewed_template() {
    assert_eq!(fixture::shop_with_rest_apis().validate(), []);
    let mut template = fixture::rest_apis_at_a_stage();
    let is_of_rest = |id: &str| {
        let parts = ["ApiGateway", "RestApi", "PartnerItemPermission", "PartnerPartnersPermission"];
        parts.iter().any(|it| id.contains(it))
    };
    template.value["Resources"].as_object_mut().unwrap().retain(|id, _| is_of_rest(id));
    template.value["Outputs"].as_object_mut().unwrap().retain(|id, _| id.contains("Api"));
    expect_file!["rest_apis.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn a_url_of_a_function_and_a_reply_that_is_sent_as_it_comes_have_the_reviewed_template() {
    assert_eq!(fixture::shop_with_urls().validate(), []);
    let mut template = fixture::template(&fixture::shop_with_urls());
    let made = ["ExportUrl", "SyncUrl", "SiteRestApi"];
    template.value["Resources"].as_object_mut().unwrap().retain(|id, _| made.iter().any(|it| id.starts_with(it)));
    template.value["Outputs"].as_object_mut().unwrap().retain(|id, _| id.contains("Url"));
    expect_file!["urls.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn an_api_beside_others_changes_nothing_of_the_default_one() {
    let (alone, beside) = (fixture::template(&fixture::shop()), fixture::rest_apis_at_a_stage());
    let body = |template: &Template| template.value["Resources"]["HttpApi"]["Properties"]["DefinitionBody"].clone();
    assert_eq!(body(&alone), body(&beside));
    let of_alone = alone.value["Resources"].as_object().unwrap();
    assert!(of_alone.keys().all(|id| beside.value["Resources"].get(id).is_some()));
}

#[test]
fn all_that_a_function_can_say_has_the_reviewed_template() {
    let mut template = fixture::shop_with_function_options();
    let made = ["Report", "ResendInvoice", "DeadLetters", "Failed", "Unsent"];
    let is_of_them = |id: &str| made.iter().any(|it| id.starts_with(it)) && !id.ends_with("Alarm");
    template.value["Resources"].as_object_mut().unwrap().retain(|id, _| is_of_them(id));
    template.value = template.value["Resources"].take();
    expect_file!["function_options.yaml"].assert_eq(&template.to_yaml().unwrap());
}

#[test]
fn a_function_can_be_traced_apart_from_its_stage() {
    let mut shop = fixture::shop();
    shop.functions.iter_mut().filter(|it| it.name == "report").for_each(|it| it.options.tracing = Some(true));
    let tracing = |stage: &crate::stage::Stage| {
        let template = Template::of(&shop, stage).unwrap().value;
        let of = |function: &str| template["Resources"][function]["Properties"]["Tracing"].clone();
        (template["Globals"]["Function"]["Tracing"].clone(), of("ReportFunction"), of("ShipFunction"))
    };
    let mut stage = crate::stage::Stage::default();
    assert_eq!(tracing(&stage), (Value::Null, "Active".into(), Value::Null));
    stage.settings.tracing = Some(true);
    assert_eq!(tracing(&stage), ("Active".into(), Value::Null, Value::Null));
}

#[test]
fn replicas_have_capacity_of_their_own_for_reads_and_share_that_for_writes() {
    let shop = fixture::shop_with_provisioned_replicas();
    assert_eq!(shop.validate(), []);
    let template = fixture::template(&shop);
    let table = &template.value["Resources"]["ShipmentTable"]["Properties"];
    let scaled = serde_json::json!({
        "MinCapacity": 5,
        "MaxCapacity": 500,
        "SeedCapacity": 5,
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70},
    });
    assert_eq!(table["WriteProvisionedThroughputSettings"]["WriteCapacityAutoScalingSettings"], scaled);
    for replica in table["Replicas"].as_array().unwrap() {
        assert_eq!(replica["ReadProvisionedThroughputSettings"]["ReadCapacityAutoScalingSettings"], scaled);
        let index = &replica["GlobalSecondaryIndexes"][0];
        assert_eq!(index["ReadProvisionedThroughputSettings"]["ReadCapacityAutoScalingSettings"], scaled);
    }
}

#[test]
fn yaml_and_json_say_the_same() {
    let template = fixture::template(&fixture::shop());
    let json: Value = serde_json::from_str(&template.to_json().unwrap()).unwrap();
    assert_eq!(json, template.value);
}

#[test]
fn no_statement_is_on_everything() {
    for (id, resource) in fixture::template(&fixture::shop()).resources() {
        for_each_resource(resource, &mut |value| assert_ne!(value, "*", "{id}"));
    }
}

#[test]
fn where_aws_has_no_resource_to_name_the_metadata_say_so() {
    for template in [fixture::shop_at_a_stage(), fixture::shop_with_function_options()] {
        for (id, resource) in template.resources() {
            for_each_resource(&resource["Properties"], &mut |value| {
                assert!(*value != "*" || resource["Metadata"]["Skyloom"].is_object(), "{id}");
            });
        }
    }
    let template = fixture::shop_at_a_stage();
    assert!(template.value["Resources"]["ReportRole"]["Metadata"]["Skyloom"]["xray:*"].is_string());
}

fn for_each_resource(value: &Value, visit: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(map) => {
            map.get("Resource").into_iter().for_each(&mut *visit);
            map.values().for_each(|value| for_each_resource(value, visit));
        }
        Value::Array(values) => values.iter().for_each(|value| for_each_resource(value, visit)),
        _ => {}
    }
}

#[test]
fn the_order_of_declaration_does_not_matter() {
    let mut reversed = fixture::shop();
    reversed.functions.reverse();
    reversed.tables.reverse();
    let yaml = |manifest| fixture::template(&manifest).to_yaml().unwrap();
    assert_eq!(yaml(reversed), yaml(fixture::shop()));
}

#[test]
fn two_names_that_make_one_logical_id_are_refused() {
    let mut manifest = fixture::shop();
    let report = manifest.function("report").unwrap().clone();
    manifest.functions.push(skyloom_manifest::Function { name: "Report".into(), ..report });
    let error = Template::of(&manifest, &crate::stage::Stage::default()).unwrap_err().to_string();
    assert!(error.contains("`ReportFunction`"), "{error}");
}
