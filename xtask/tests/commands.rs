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
    project.write("orders/printed.json", &of_item(r#""attributes": {"id": "S", "total": "N"}"#));
    project.run(&["check", "--update"]).succeeded();

    project.write("orders/printed.json", &of_item(r#""attributes": {"id": "S", "total": "S"}"#));
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
    assert_eq!(Project::new(&[]).run(&["deploy"]).code, Some(2));
}
