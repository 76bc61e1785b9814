use std::collections::BTreeSet;

use expect_test::expect;
use serde_json::json;

use super::*;
use crate::template::fixture;

fn whole(routes: usize) -> Value {
    serde_json::from_str(&fixture::template(&fixture::of_routes(routes)).to_json().unwrap()).unwrap()
}

/// Where each resource is: in a part, or in the root.
fn places(stacks: &Stacks) -> BTreeMap<&str, &str> {
    let all = std::iter::once(("root", &stacks.root)).chain(stacks.parts.iter().map(|(part, it)| (part.as_str(), it)));
    all.flat_map(|(stack, it)| it["Resources"].as_object().unwrap().keys().map(move |id| (id.as_str(), stack)))
        .collect()
}

fn types(template: &Value) -> BTreeSet<&str> {
    template["Resources"].as_object().unwrap().values().map(|it| it["Type"].as_str().unwrap()).collect()
}

#[test]
fn what_a_stack_takes_is_one_template() {
    let whole = whole(1);
    assert_eq!(split(&whole), Stacks { root: whole, parts: BTreeMap::new() });
}

#[test]
fn what_was_split_can_be_joined_and_nothing_is_lost_or_changed() {
    for routes in [90, 300, 1_000] {
        let whole = whole(routes);
        let stacks = split(&whole);
        let joined = join(&stacks.root, &stacks.parts);
        assert!(stacks.parts.len() > 1);
        assert_eq!(joined["Resources"], whole["Resources"]);
        assert_eq!(joined["Globals"], whole["Globals"]);
    }
}

#[test]
fn every_stack_is_within_all_limits() {
    for routes in [90, 300, 1_000] {
        let stacks = split(&whole(routes));
        for (part, template) in [("root".to_owned(), stacks.root)].into_iter().chain(stacks.parts) {
            assert_eq!(Size::of(&template).excess(), None, "{part} of {routes}");
        }
    }
}

#[test]
fn what_holds_data_or_is_known_by_name_stays() {
    let stacks = split(&whole(300));
    expect![[r#"
        {
            "AWS::CloudFormation::Stack",
            "AWS::Cognito::UserPool",
            "AWS::Cognito::UserPoolClient",
            "AWS::Cognito::UserPoolGroup",
            "AWS::DynamoDB::Table",
            "AWS::IAM::Role",
            "AWS::Lambda::EventSourceMapping",
            "AWS::Logs::LogGroup",
            "AWS::Scheduler::Schedule",
            "AWS::SecretsManager::Secret",
            "AWS::Serverless::HttpApi",
        }
    "#]]
    .assert_debug_eq(&types(&stacks.root));
    let moved: BTreeSet<&str> = stacks.parts.values().flat_map(types).collect();
    expect![[r#"
        {
            "AWS::CloudWatch::Alarm",
            "AWS::IAM::Role",
            "AWS::Lambda::Permission",
            "AWS::Serverless::Function",
        }
    "#]]
    .assert_debug_eq(&moved);
}

#[test]
fn logs_stay_while_the_root_has_room_for_them() {
    let in_root = |routes| types(&split(&whole(routes)).root).contains("AWS::Logs::LogGroup");
    assert!(in_root(300));
    let stacks = split(&whole(1_000));
    let groups =
        stacks.root["Resources"].as_object().unwrap().values().filter(|it| it["Type"] == "AWS::Logs::LogGroup");
    assert_eq!(groups.count(), 1, "the access log");
}

#[test]
fn twice_the_application_is_twice_the_templates() {
    let bytes = |routes| {
        let stacks = split(&whole(routes));
        stacks.parts.values().chain([&stacks.root]).map(|it| it.to_string().len()).sum::<usize>()
    };
    let (once, twice) = (bytes(200), bytes(400));
    assert!(twice < once * 21 / 10, "{once} bytes become {twice}");
}

#[test]
fn a_new_function_moves_no_other() {
    let (before, after) = (split(&whole(300)), split(&whole(301)));
    let (before, after) = (places(&before), places(&after));
    assert!(before.iter().all(|(id, stack)| after[id] == *stack));
}

#[test]
fn twice_the_parts_are_reached_by_moving_half_of_the_functions_once() {
    let (before, after) = (split(&whole(300)), split(&whole(450)));
    let (before, after) = (places(&before), places(&after));
    let moved = before.iter().filter(|(id, stack)| id.ends_with("Function") && after[*id] != **stack);
    let functions = before.keys().filter(|id| id.ends_with("Function")).count();
    let number = |stack: &str| stack.strip_prefix("Part").unwrap().parse::<u64>().unwrap();
    for (id, stack) in moved.clone() {
        assert_eq!(number(after[id]) % 8, number(stack), "{id}");
    }
    expect!["157 of 327"].assert_eq(&format!("{} of {functions}", moved.count()));
}

#[test]
fn no_two_stacks_need_each_other() {
    let stacks = split(&whole(300));
    let needs: BTreeMap<&str, BTreeSet<String>> =
        stacks.parts.keys().map(|part| (part.as_str(), needed(&stacks.root, part, &mut BTreeSet::new()))).collect();
    for (part, needs) in &needs {
        assert!(!needs.contains(*part), "{part} needs itself");
    }
    assert!(needs["Part0Row1"].contains("Part0") && needs["Part0"].iter().all(|it| !is_part(it)));
}

#[test]
fn a_pool_is_made_between_what_it_asks_and_what_lets_it() {
    let mut manifest = fixture::of_routes(300);
    let asked = fixture::shop_with_pool_triggers().functions.into_iter();
    manifest.functions.extend(asked.filter(|it| matches!(it.trigger, skyloom_manifest::Trigger::UserPool { .. })));
    manifest.sort();
    let whole: Value = serde_json::from_str(&fixture::template(&manifest).to_json().unwrap()).unwrap();
    let stacks = split(&whole);
    let places = places(&stacks);
    let row = |id: &str| places[id].split_once("Row").map_or(0, |(_, row)| row.parse::<usize>().unwrap());
    assert_eq!(places["ShopperUserPool"], "root");
    for name in ["PreSignUp", "PostConfirmation", "MigrateUser"] {
        let (function, permission) = (format!("{name}Function"), format!("{name}Permission"));
        assert!(is_part(places[function.as_str()]) && is_part(places[permission.as_str()]), "{name}");
        assert!(row(&function) < row(&permission), "{name}");
    }
}

/// All that a resource of a template needs, at once or by others.
fn needed(template: &Value, id: &str, seen: &mut BTreeSet<String>) -> BTreeSet<String> {
    let mut at_once = BTreeSet::new();
    reference::visit(&template["Resources"][id], &mut |it| _ = at_once.insert(it.id.clone()));
    for need in at_once.into_iter().filter(|it| template["Resources"].get(it).is_some()) {
        if seen.insert(need.clone()) {
            needed(template, &need, seen);
        }
    }
    seen.clone()
}

#[test]
fn a_part_is_given_what_it_needs_by_name() {
    let stacks = split(&whole(90));
    let places = places(&stacks);
    let part = places["GetOrder7OfManyFunction"];
    let function = &stacks.parts[part]["Resources"]["GetOrder7OfManyFunction"]["Properties"];
    expect![[r#"
        {
          "Environment": {
            "Variables": {
              "SKYLOOM_CURSOR_KEY": {
                "Fn::Sub": "{{resolve:secretsmanager:${CursorKey}}}"
              },
              "SKYLOOM_TABLE_Order2": {
                "Ref": "Order2Table"
              }
            }
          },
          "LoggingConfig": {
            "LogFormat": "JSON",
            "LogGroup": {
              "Ref": "GetOrder7OfManyLogGroup"
            }
          },
          "Role": {
            "Fn::GetAtt": [
              "GetOrder7OfManyRole",
              "Arn"
            ]
          },
          "given": {
            "Ref": "CursorKey"
          },
          "given to that": null,
          "integration": {
            "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Part0.Outputs.GetOrder7OfManyFunctionArn}/invocations"
          },
          "permission": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {
              "Ref": "GetOrder7OfManyFunction"
            },
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": {
              "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${HttpApi}/*/GET/orders7/*"
            }
          }
        }"#]].assert_eq(&serde_json::to_string_pretty(&json!({
        "Environment": function["Environment"],
        "LoggingConfig": function["LoggingConfig"],
        "Role": function["Role"],
        "integration": stacks.root["Resources"]["HttpApi"]["Properties"]["DefinitionBody"]["paths"]["/orders7/{id}"]["get"]["x-amazon-apigateway-integration"]["uri"],
        "given": stacks.root["Resources"][part]["Properties"]["Parameters"]["CursorKey"],
        "permission": stacks.parts[places["GetOrder7OfManyPermission"]]["Resources"]["GetOrder7OfManyPermission"]["Properties"],
        "given to that": stacks.root["Resources"][places["GetOrder7OfManyPermission"]]["Properties"]["Parameters"]["GetOrder7OfManyFunctionName"],
    })).unwrap());
}

/// A template of those resources and as many that stay as it takes to be too large.
fn large(resources: &Value) -> Value {
    let mut template = json!({"Description": "large", "Globals": {"Function": {"Role": "r"}}, "Resources": resources});
    for number in 0..300 {
        template["Resources"][format!("Alarm{number}")] =
            json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {"Of": {"Ref": "F"}}});
        template["Resources"][format!("Table{number}")] = json!({"Type": "AWS::DynamoDB::Table"});
    }
    template
}

fn function(properties: &Value) -> Value {
    json!({"Type": "AWS::Serverless::Function", "Properties": properties})
}

#[test]
fn a_function_that_calls_another_is_in_a_later_row() {
    let calls = |other: &str| function(&json!({"Environment": {"Variables": {"OTHER": {"Ref": other}}}}));
    let stacks = split(&large(&json!({
        "A": calls("F"), "B": calls("A"), "C": calls("A"), "D": calls("C"), "E": calls("B"), "F": function(&json!({})),
    })));
    let rows = |id: &str| places(&stacks)[id].split_once("Row").map_or(0, |(_, row)| row.parse::<usize>().unwrap());
    assert_eq!(["F", "A", "B", "C", "D", "E"].map(rows), [0, 1, 2, 2, 3, 3]);
}

#[test]
fn functions_that_need_each_other_are_together() {
    let stacks = split(&large(&json!({
        "F": function(&json!({"AutoPublishAlias": "live", "DeploymentPreference": {"Hooks": {"PreTraffic": {"Ref": "Hook"}}}})),
        "Hook": function(&json!({"Environment": {"Variables": {"NEW_VERSION": {"Ref": "F.Version"}}}})),
    })));
    assert_eq!(places(&stacks)["F"], places(&stacks)["Hook"]);
    assert_ne!(places(&stacks)["F"], "root");
}

#[test]
fn what_several_share_and_what_is_conditional_stays() {
    let stacks = split(&large(&json!({
        "F": function(&json!({"Role": {"Ref": "Shared"}})),
        "G": function(&json!({"Role": {"Ref": "Shared"}})),
        "Shared": {"Type": "AWS::IAM::Role"},
        "Conditional": {"Type": "AWS::Serverless::Function", "Condition": "C", "Properties": {}},
    })));
    let places = places(&stacks);
    assert_eq!((places["Shared"], places["Conditional"]), ("root", "root"));
    assert_ne!(places["F"], "root");
}

#[test]
fn an_order_of_resources_is_one_of_stacks() {
    let stacks = split(&large(&json!({
        "F": {"Type": "AWS::Serverless::Function", "DependsOn": ["T"], "Properties": {}},
        "G": {"Type": "AWS::Serverless::Function", "DependsOn": "F", "Properties": {}},
        "T": {"Type": "AWS::DynamoDB::Table"},
        "U": {"Type": "AWS::DynamoDB::Table", "DependsOn": ["G", "T"]},
    })));
    let places = places(&stacks);
    let depends_on = |id: &str| stacks.root["Resources"][id]["DependsOn"].clone();
    assert_eq!(depends_on(places["F"]), json!(["T"]));
    assert_eq!(depends_on(places["G"]), json!([places["F"]]));
    assert_eq!(depends_on("U"), json!([places["G"], "T"]));
}

#[test]
fn a_part_has_a_name_that_no_resource_has() {
    assert!(is_part("Part3") && is_part("Part0Row12"));
    assert!(["Part", "PartTable", "Part3Row", "Part3Table", "OrderTable", "PartRow1"].iter().all(|id| !is_part(id)));
}
