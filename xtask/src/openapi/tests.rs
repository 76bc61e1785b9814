use expect_test::expect_file;
use serde_json::{Value, json};

use super::{
    Document, compare,
    fixture::{about, desk, documents},
    gaps, parse,
};

#[test]
fn the_desk_has_the_reviewed_document() {
    expect_file!["desk.yaml"].assert_eq(&documents()[0].to_yaml().unwrap());
}

#[test]
fn the_desk_has_the_reviewed_document_for_api_gateway() {
    expect_file!["desk.aws.yaml"].assert_eq(&documents()[1].to_yaml().unwrap());
}

#[test]
fn a_route_of_any_method_leaves_out_the_methods_of_others() {
    let document = &documents()[0];
    let item = document.value()["paths"]["/files/{path}"].as_object().unwrap();
    let ids: Vec<_> = item.values().filter_map(|it| it["operationId"].as_str()).collect();
    assert_eq!(ids.len(), 7);
    assert!(ids.contains(&"read_file") && !ids.contains(&"file_get") && ids.contains(&"file_put"), "{ids:?}");
}

#[test]
fn what_the_gateway_runs_by_is_the_same_as_in_the_template() {
    let document = &documents()[1];
    let template = crate::template::api::document(&desk(), &desk().apis[0]);
    for (path, item) in template["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap().iter().filter(|(_, it)| it.is_object()) {
            let other = &document.value()["paths"][path][method];
            for key in ["x-amazon-apigateway-integration", "security", "isDefaultRoute"] {
                assert_eq!(other.get(key), operation.get(key), "{key} of {method} {path}");
            }
        }
    }
    assert_eq!(document.value()["x-amazon-apigateway-cors"], template["x-amazon-apigateway-cors"]);
    assert_eq!(document.value()["components"]["securitySchemes"], template["components"]["securitySchemes"]);
}

#[test]
fn every_reference_is_to_something() {
    for document in documents() {
        assert_references(document.value(), document.value());
    }
}

fn assert_references(value: &Value, document: &Value) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| match value.as_str() {
            Some(reference) if key == "$ref" => {
                assert!(document.pointer(&reference[1..]).is_some(), "{reference} is missing");
            }
            _ => assert_references(value, document),
        }),
        Value::Array(values) => values.iter().for_each(|value| assert_references(value, document)),
        _ => {}
    }
}

#[test]
fn a_type_of_the_application_keeps_its_name() {
    let mut manifest = desk();
    let schemas = &mut manifest.apis[0].schemas;
    schemas.insert("Problem".into(), json!({"description": "The application's own."}));
    let document = Document::of(&manifest, &manifest.apis[0], &about());
    let schemas = &document.value()["components"]["schemas"];
    assert_eq!(schemas["Problem"]["description"], "The application's own.");
    assert_eq!(schemas["SkyloomProblem"]["description"], "What went wrong, as RFC 9457 has it.");
}

#[test]
fn what_the_document_could_say_and_does_not_is_named() {
    let mut manifest = desk();
    assert_eq!(
        gaps(&manifest, &manifest.apis[0]),
        [
            "src/files.rs:30: `fallback`: `$default` is no path, so it is not in the document",
            "src/files.rs:20: `file`: nothing is known of `desk::Upload`: derive `schemars::JsonSchema` for it, \
             or implement `skyloom::openapi::DescribeReply` for a reply of your own",
        ]
    );
    manifest.functions.retain(|it| it.name == "file");
    manifest.functions[0].operation = None;
    let gap = gaps(&manifest, &manifest.apis[0]).remove(0);
    assert!(gap.contains("build it with `debug-assertions`"), "{gap}");
    let document = Document::of(&manifest, &manifest.apis[0], &about());
    let responses = &document.value()["paths"]["/files/{path}"]["put"]["responses"];
    assert!(responses["default"]["content"]["*/*"].is_object(), "{responses}");
}

#[test]
fn a_document_is_read_back_from_both_notations_and_has_not_changed() {
    let document = &documents()[0];
    for text in [document.to_yaml().unwrap(), document.to_json().unwrap()] {
        assert_eq!(compare::compare(&parse(&text).unwrap(), document.value()), []);
    }
    assert!(parse("swagger: '2.0'").unwrap_err().to_string().contains("`3.0.x` or `3.1.x`"));
}

#[test]
fn each_api_has_a_document_of_its_own_routes_and_a_rest_api_imports_the_template_s_with_texts() {
    let mut shop = crate::template::fixture::shop_with_rest_apis();
    let add = shop.functions.iter_mut().find(|it| it.name == "partner_add").unwrap();
    add.description = Some("Adds an item.\n\nOf a partner's.".into());
    let partners = shop.api("Partners").unwrap();

    let document = Document::of(&shop, partners, &about());
    let mut paths: Vec<_> = document.value()["paths"].as_object().unwrap().keys().collect();
    paths.sort();
    assert_eq!(paths, ["/files/{path}", "/items", "/items/{id}"]);
    assert_eq!(document.value()["info"]["title"], "orders Partners");
    assert_eq!(document.value()["paths"]["/items"]["post"]["security"], json!([{"api-key": []}]));

    let mut imported = Document::for_aws(&shop, partners, &about()).unwrap();
    let operation = &mut imported.value_mut()["paths"]["/items"]["post"];
    assert_eq!(operation["summary"], "Adds an item");
    let texts = ["summary", "description", "tags"];
    for item in imported.value_mut()["paths"].as_object_mut().unwrap().values_mut() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            texts.iter().for_each(|text| _ = operation.as_object_mut().unwrap().remove(*text));
        }
    }
    assert_eq!(imported.value()["paths"], crate::template::api::document(&shop, partners)["paths"]);
}
