//! The commands as a project has them, on a project whose application prints a manifest that is given.

#![expect(clippy::unwrap_used, reason = "a test may panic, and so may what only tests call")]

mod project;

use std::fs;

use project::{MANIFEST, Project};

#[test]
fn the_manifest_and_the_template_go_to_standard_output_and_nothing_else_does() {
    let project = Project::new(&["orders"]);
    assert_eq!(project.run(&["manifest"]).succeeded().stdout, MANIFEST);
    assert_eq!(project.run(&["template"]).succeeded().stdout, include_str!("../src/template/shop.yaml"));
    let json = project.run(&["template", "--format", "json"]).succeeded().stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["Transform"], "AWS::Serverless-2016-10-31");
}

#[test]
fn what_is_checked_in_has_to_be_current() {
    let project = Project::new(&["orders"]);
    project.run(&["check"]).succeeded();
    project.run(&["check", "--update"]).succeeded();
    project.run(&["check"]).succeeded();

    project.write("orders/printed.json", MANIFEST.replace(r#""timeout": 5,"#, r#""timeout": 6,"#));
    project.run(&["check"]).failed("run `cargo xtask check -p orders --update`");
    project.run(&["check", "--update"]).succeeded();
    assert!(fs::read_to_string(project.path("orders/template.yaml")).unwrap().contains("Timeout: 6"));
}

#[test]
fn what_stored_items_no_longer_fit_has_to_be_accepted() {
    let project = Project::new(&["orders"]);
    let of_item =
        |attributes: &str| MANIFEST.replacen(r#""ttl": "#, &format!(r#""item": {{{attributes}}}, "ttl": "#), 1);
    project.write("orders/printed.json", of_item(r#""attributes": {"id": "S", "total": "N"}"#));
    project.run(&["check", "--update"]).succeeded();

    project.write("orders/printed.json", of_item(r#""attributes": {"id": "S", "total": "S"}"#));
    let ran = project.run(&["check", "--update"]).failed("--update --accept-data-changes`");
    let told = "`Order`: breaks stored data: the type of its attribute `total` was N and is S";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    let ran = project.run(&["check"]).failed("run `cargo xtask check -p orders --update`");
    assert!(ran.stderr.contains(told), "{}", ran.stderr);

    project.run(&["check", "--update", "--accept-data-changes"]).succeeded();
    let ran = project.run(&["check"]).succeeded();
    assert!(!ran.stderr.contains("breaks stored data"), "{}", ran.stderr);
}

#[test]
fn a_public_route_has_to_be_in_a_list_that_only_people_write() {
    let project = Project::new(&["orders"]);
    let ran = project.run(&["check"]).succeeded();
    assert!(
        ran.stdout.lines().any(|line| line.starts_with("GET /health ") && line.contains("everyone")),
        "{}",
        ran.stdout
    );

    project.write("orders/public-routes.txt", "$default\nANY /files/{path+}\n");
    let told = "src/lib.rs:90: `health`: everyone may call `GET /health`, and nobody has agreed to that";
    for arguments in [&["check"][..], &["check", "--update"]] {
        let ran = project.run(arguments).failed("the application has a problem");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    let guarded = MANIFEST.replacen(r#""auth": "public""#, r#""auth": "iam""#, 1);
    project.write("orders/printed.json", guarded);
    let ran = project.run(&["check"]).failed("the application has 2 problems");
    assert!(ran.stderr.contains("public-routes.txt:"), "{}", ran.stderr);
}

#[test]
fn one_of_several_applications_is_chosen_with_p() {
    let project = Project::new(&["cafe", "orders"]);
    project.run(&["manifest"]).failed("choose one of `cafe`, `orders` with `-p`");
    project.run(&["manifest", "-p", "order"]).failed("`order` is no application of this workspace");
    project.run(&["manifest", "-p", "cafe"]).succeeded();
}

#[test]
fn each_broken_rule_names_the_handler_and_its_line() {
    let project = Project::new(&["orders"]);
    let broken = MANIFEST.replace(r#""memory": 128,"#, r#""memory": 64,"#).replace("rate(1 hour)", "rate(1 hours)");
    project.write("orders/printed.json", &broken);
    let ran = project.run(&["template"]).failed("the application has 2 problems");
    assert!(ran.stderr.contains("src/lib.rs:90: `health`: `memory` is 64 MB"), "{}", ran.stderr);
    assert!(ran.stderr.contains("src/lib.rs:140: `report`: AWS wants the singular"), "{}", ran.stderr);
}

#[test]
fn an_application_that_does_not_compile_shows_the_compilers_words() {
    let project = Project::new(&["orders"]);
    project.write("orders/src/main.rs", "fn main() { missing() }");
    let ran = project.run(&["manifest"]).failed("`orders` does not compile");
    assert!(ran.stderr.contains("cannot find function `missing`"), "{}", ran.stderr);
}

#[test]
fn an_application_that_fails_says_so_itself() {
    let project = Project::new(&["orders"]);
    project.write("orders/src/main.rs", r#"fn main() { eprintln!("no handler"); std::process::exit(1) }"#);
    let ran = project.run(&["manifest"]).failed("the application gave no manifest");
    assert!(ran.stderr.contains("no handler"));
}

#[test]
fn a_wrong_command_line_is_exit_code_2() {
    assert_eq!(Project::new(&[]).run(&["deploys"]).code, Some(2));
}

const DESK: &str = include_str!("../src/openapi/desk.json");

#[test]
fn the_document_goes_to_standard_output_and_what_it_could_say_to_standard_error() {
    let project = Project::new(&["desk"]);
    project.write("desk/printed.json", DESK);
    let ran = project.run(&["openapi"]).succeeded();
    assert!(
        ran.stdout.contains("\nopenapi: \"3.1.0\"\n") && ran.stdout.contains("operationId: add_desk"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("nothing is known of `desk::Upload`"), "{}", ran.stderr);
    let aws = project.run(&["openapi", "--aws", "--format", "json"]).succeeded().stdout;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&aws).unwrap()["openapi"], "3.0.1");
}

#[test]
fn a_breaking_change_is_exit_code_1_with_its_place_and_any_other_is_a_note() {
    let project = Project::new(&["desk"]);
    project.write("desk/printed.json", DESK);
    project.write("old.yaml", &project.run(&["openapi"]).succeeded().stdout);
    assert_eq!(project.run(&["openapi", "--against", "old.yaml"]).succeeded().stdout, "");

    let renamed = DESK.replace(r#""name": "full","#, r#""name": "whole","#);
    project.write("desk/printed.json", &renamed);
    let ran = project.run(&["openapi", "--against", "old.yaml"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stdout, "GET /desks/{id} query parameter `full` is no longer taken\n");
    assert!(ran.stderr.contains("note: GET /desks/{id} query parameter `whole` is new"), "{}", ran.stderr);
    assert!(ran.stderr.ends_with("error: a change breaks clients of old.yaml\n"), "{}", ran.stderr);

    project.run(&["openapi", "--against", "none.yaml"]).failed("cannot read none.yaml");
    project.run(&["openapi", "--against", "desk/Cargo.toml"]).failed("is no OpenAPI document");
}

#[test]
fn a_documented_api_is_checked_in_with_the_rest() {
    let project = Project::new(&["desk"]);
    project.write("desk/printed.json", DESK);
    project.write("desk/public-routes.txt", "$default\nGET /files/{path+}\nGET /health\n");
    project.run(&["check", "--update"]).succeeded();
    project.run(&["check"]).succeeded();
    let stale = fs::read_to_string(project.path("desk/openapi.yaml")).unwrap().replace("Adds a desk", "Adds one");
    project.write("desk/openapi.yaml", &stale);
    project.run(&["check"]).failed("run `cargo xtask check -p desk --update`");
}

#[test]
fn an_application_without_routes_has_no_document() {
    let project = Project::new(&["orders"]);
    let mut manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
    manifest["functions"].as_array_mut().unwrap().retain(|it| it["trigger"].get("http").is_none());
    project.write("orders/printed.json", manifest.to_string());
    project.run(&["openapi"]).failed("`orders` has no API");
}
