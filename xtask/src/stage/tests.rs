use std::fs;

use expect_test::{Expect, expect};

use skyloom_manifest::LogLevel;

use super::*;
use crate::template::fixture;

fn stage(text: &str, name: Option<&str>) -> Result<Stage> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(FILE), text).unwrap();
    Stage::read(directory.path(), name)
}

/// The errors, without the folder, which is another one each time.
fn refused(text: &str, name: Option<&str>, expected: Expect) {
    let error = format!("{:#}", stage(text, name).and_then(|it| it.apply(&fixture::shop())).unwrap_err());
    expected.assert_eq(error.rsplit_once("skyloom.toml").map_or(&error, |(_, rest)| rest));
}

const SHOP: &str = r#"
log-level = "info"
environment = { CURRENCY = "EUR", PAYMENTS = "https://sandbox.example.com" }
functions.report = { memory = 512, timeout = 60 }

[stages.prod]
log-level = "warn"
environment.PAYMENTS = "https://pay.example.com"
functions.report.memory = 1024
tables.Order.throughput.on-demand = { max-reads = 100, max-writes = 50 }
"#;

#[test]
fn a_stage_s_settings_go_before_those_of_all() {
    let prod = stage(SHOP, Some("prod")).unwrap();
    assert_eq!(prod.settings.log_level, Some(LogLevel::Warn));
    assert_eq!(prod.settings.environment["CURRENCY"], "EUR");
    assert_eq!(prod.settings.environment["PAYMENTS"], "https://pay.example.com");

    let manifest = prod.apply(&fixture::shop()).unwrap();
    let report = manifest.function("report").unwrap();
    assert_eq!((report.memory, report.timeout), (1024, 60));
    let unlimited = fixture::shop().table("Order").unwrap().options.throughput;
    assert_ne!(manifest.table("Order").unwrap().options.throughput, unlimited);
}

#[test]
fn without_a_name_it_is_what_is_said_for_all() {
    let all = stage(SHOP, None).unwrap();
    assert_eq!(all.settings.log_level, Some(LogLevel::Info));
    assert_eq!(all.apply(&fixture::shop()).unwrap().function("report").unwrap().memory, 512);
}

#[test]
fn without_a_file_there_is_one_stage_without_name() {
    let directory = tempfile::tempdir().unwrap();
    let stage = Stage::read(directory.path(), None).unwrap();
    assert_eq!(stage.stack("shop"), "shop");
    assert_eq!(stage.apply(&fixture::shop()).unwrap(), fixture::shop());
    let error = Stage::read(directory.path(), Some("prod")).unwrap_err().to_string();
    assert!(error.contains("write `[stages.prod]` into") && error.contains("skyloom.toml"), "{error}");
}

#[test]
fn a_stack_is_named_after_application_and_stage_unless_it_has_a_name() {
    assert_eq!(stage(SHOP, Some("prod")).unwrap().stack("shop"), "shop-prod");
    assert_eq!(stage("[stages.prod]\nstack = \"live\"", Some("prod")).unwrap().stack("shop"), "live");
    assert_eq!(stage(SHOP, Some("prod")).unwrap().stack("_my_shop"), "my-shop-prod");
    let (one, other) = (format!("{}1", "s".repeat(200)), format!("{}2", "s".repeat(200)));
    let name = |application: &str| stage(SHOP, Some("prod")).unwrap().stack(application);
    assert!(name(&one) != name(&other) && name(&one).len() <= 128, "{}", name(&one));
}

#[test]
fn what_others_depend_on_is_protected() {
    for (text, name, is_protected) in [
        ("[stages.prod]", "prod", true),
        ("[stages.production]", "production", true),
        ("[stages.prod-eu]", "prod-eu", true),
        ("[stages.product]", "product", false),
        ("[stages.dev]", "dev", false),
        ("[stages.dev]\ndeletion-protection = true", "dev", true),
        ("[stages.prod]\ndeletion-protection = false", "prod", false),
    ] {
        let stage = stage(text, Some(name)).unwrap();
        assert_eq!(stage.is_protected(), is_protected, "{text}");
        let order = stage.apply(&fixture::shop()).unwrap().table("Order").unwrap().clone();
        assert_eq!(order.options.deletion_protection, is_protected, "{text}");
    }
}

#[test]
fn a_mistake_is_told_with_its_place_and_what_was_meant() {
    refused("log-levle = \"info\"", None, expect![":1: unknown field `log-levle`: did you mean `log-level`?"]);
    refused(
        "\n[stages.prod]\nfunctions.report = { memroy = 512 }",
        Some("prod"),
        expect![":3: unknown field `memroy`: did you mean `memory`?"],
    );
    refused(
        "log-level = \"verbose\"",
        None,
        expect![":1: unknown variant `verbose`, expected one of `trace`, `debug`, `info`, `warn`, `error`, `fatal`"],
    );
    refused("log-level = \"wran\"", None, expect![":1: unknown variant `wran`: did you mean `warn`?"]);
    refused("architecture = \"x86_64\"", None, expect![":1: unknown variant `x86_64`: did you mean `x86-64`?"]);
    refused("functions.report.memory = \"512\"", None, expect![[r#":1: invalid type: string "512", expected u32"#]]);
    refused("functions.report.memory = -1", None, expect![":1: invalid value: integer `-1`, expected u32"]);
    refused("log-level = ", None, expect![":1: string values must be quoted, expected literal string"]);
    refused(
        "log-retention-days = 31",
        None,
        expect![": CloudWatch keeps no logs for 31 days: the nearest that it takes is 30"],
    );
    refused("account = \"12345\"", None, expect![": `12345` is no account: it has 12 digits, in quotes"]);
    refused("region = \"Frankfurt\"", None, expect![": `Frankfurt` is no region: write one like `eu-west-1`"]);
    refused(
        "alarms-topic = \"alarms\"",
        None,
        expect![": `alarms-topic` is an ARN, `arn:aws:sns:REGION:ACCOUNT:…`, and not `alarms`"],
    );
    refused(
        "permissions-boundary = \"arn:aws:iam::123456789012:role/teams\"",
        None,
        expect![
            ": `permissions-boundary` is the ARN of a policy, `arn:aws:iam::ACCOUNT:policy/NAME`, and not `arn:aws:iam::123456789012:role/teams`"
        ],
    );
    refused(
        "environment.AWS_REGION = \"x\"",
        None,
        expect![": the environment variable `AWS_REGION` is set by Lambda itself: choose another name"],
    );
    refused(
        "[stages.prod.environment]\nSKYLOOM_X = \"x\"",
        Some("prod"),
        expect![
            ": the stage `prod`: `SKYLOOM_X`: environment variables that begin with `SKYLOOM_` are Skyloom's: choose another name"
        ],
    );
    refused(
        "throttle = { rate = 0, burst = 5 }",
        None,
        expect![": `throttle` lets nothing through: its rate and its burst are over 0"],
    );
    refused(
        "stages.Prod = {}",
        None,
        expect![
            ": `Prod` cannot be a stage: its name becomes part of the stack's, so it has up to 32 small letters, digits and `-`, a letter first"
        ],
    );
    refused(
        "[stages.prod.stages.x]",
        None,
        expect![": the stage `prod` has stages of its own: write each as `[stages.NAME]`"],
    );
    refused(
        "functions.reprot.memory = 512",
        None,
        expect![": the application has no function `reprot`: did you mean `report`?"],
    );
    refused("tables.Customers.deletion-protection = true", None, expect![": the application has no table `Customers`"]);
    refused("functions.report.memory = 64", None, expect!["the application has a problem"]);
}

#[test]
fn of_one_function_a_stage_goes_before_the_handler_and_that_before_the_stage_for_all() {
    let mut shop = fixture::shop();
    let options = &mut shop.functions.iter_mut().find(|it| it.name == "report").unwrap().options;
    options.log_level = Some(LogLevel::Debug);
    options.environment = [("CURRENCY".to_owned(), "CHF".to_owned())].into();
    let of = |text: &str| stage(text, None).unwrap().apply(&shop).unwrap().function("report").unwrap().options.clone();

    let all =
        of("log-level = \"warn\"\nephemeral-storage = 1024\nenvironment = { CURRENCY = \"EUR\", MODE = \"live\" }");
    assert_eq!((all.log_level, all.ephemeral_storage), (Some(LogLevel::Debug), Some(1024)));
    assert_eq!((&*all.environment["CURRENCY"], &*all.environment["MODE"]), ("CHF", "live"));

    let own = of("functions.report = { log-level = \"error\", environment = { CURRENCY = \"EUR\" }, retries = 0 }");
    assert_eq!((own.log_level, &*own.environment["CURRENCY"]), (Some(LogLevel::Error), "EUR"));
    assert_eq!(own.event_invoke.retries, Some(0));
}

#[test]
fn a_handler_that_needs_a_vpc_is_told_where_it_is_said_which() {
    let mut shop = fixture::shop();
    shop.functions.iter_mut().filter(|it| it.name == "report").for_each(|it| it.options.vpc = true);
    let error = |text: &str, name| stage(text, name).unwrap().apply(&shop).unwrap_err().to_string();
    expect![[r#"the stage `prod` has no VPC for `report`: write `[stages.prod.vpc]` with `subnets = ["subnet-…"]` and `security-groups = ["sg-…"]` into skyloom.toml"#]]
        .assert_eq(&error("[stages.prod]", Some("prod")));
    expect![[r#"the application without a stage has no VPC for `report`: write `[vpc]` with `subnets = ["subnet-…"]` and `security-groups = ["sg-…"]` into skyloom.toml"#]]
        .assert_eq(&error("", None));
    let vpc = "[vpc]\nsubnets = [\"subnet-0a\", \"${Subnet}\"]\nsecurity-groups = [\"sg-0a\"]";
    assert!(stage(vpc, None).unwrap().apply(&shop).is_ok());
    assert!(stage("functions.report.vpc = false", None).unwrap().apply(&shop).is_ok());

    let everyone = stage(&format!("{vpc}\nall-functions = true\n[functions.ship]\nvpc = false"), None).unwrap();
    let manifest = everyone.apply(&fixture::shop()).unwrap();
    let outside: Vec<_> = manifest.functions.iter().filter(|it| !it.options.vpc).map(|it| &*it.name).collect();
    assert_eq!(outside, ["ship"]);
}

#[test]
fn what_is_wrong_with_a_function_s_settings_is_told() {
    refused("[vpc]\nsubnets = []\nsecurity-groups = []", None, expect![": `vpc` has 1 to 16 `subnets`, and not 0"]);
    refused(
        "[vpc]\nsubnets = [\"vpc-0a\"]\nsecurity-groups = [\"sg-0a\"]",
        None,
        expect![
            ": `vpc-0a` is none of the `subnets` of `vpc`: write an id, `subnet-0123456789abcdef0`, or a parameter, `${Name}`"
        ],
    );
    refused("[vpc]\nsubnets = [\"subnet-0a\"]", None, expect![":1: missing field `security-groups`"]);
    refused(
        "layers = [\"tools\"]",
        None,
        expect![
            ": `tools` is no version of a layer: write its ARN with the version at the end, `arn:aws:lambda:eu-west-1:123456789012:layer:tools:3`"
        ],
    );
    let elsewhere = "region = \"eu-central-1\"\nlayers = [\"arn:aws:lambda:eu-west-1:123456789012:layer:agent:1\"]";
    refused(
        elsewhere,
        None,
        expect![
            ": the layer `arn:aws:lambda:eu-west-1:123456789012:layer:agent:1` of `files` is in eu-west-1, and the stage in eu-central-1: name one that is in eu-central-1, or write `${AWS::Region}`"
        ],
    );
    refused(
        "functions.report.log-retention-days = 8",
        None,
        expect![": CloudWatch keeps no logs for 8 days: the nearest that it takes is 7"],
    );
    refused("functions.report.layer = []", None, expect![":1: unknown field `layer`: did you mean `layers`?"]);
    refused("functions.report.ephemeral-storage = 1", None, expect!["the application has a problem"]);
    refused("functions.get_order.retries = 1", None, expect!["the application has a problem"]);
}

#[test]
fn a_stage_that_there_is_not_names_those_that_there_are() {
    refused("[stages.prod]\n[stages.dev]", Some("pord"), expect![" has no stage `pord`: did you mean `prod`?"]);
    refused("[stages.prod]\n[stages.dev]", Some("testing"), expect![" has no stage `testing`: it has `dev`, `prod`"]);
    refused("", Some("prod"), expect![" has no stages: write `[stages.prod]` into it"]);
}

/// What is refused of REST APIs of each endpoint type.
fn refused_of_rest(text: &str, expected: Expect) {
    let private = "[apis.Internal]\nvpc-endpoints = [\"vpce-0a\"]\n";
    let text = if text.contains("Internal") { text.to_owned() } else { format!("{private}{text}") };
    let result = stage(&text, None).and_then(|it| it.apply(&fixture::shop_with_rest_apis()));
    let error = result.map_or_else(|error| format!("{error:#}"), |_| "nothing".into());
    expected.assert_eq(error.rsplit_once("skyloom.toml: ").map_or(&error, |(_, rest)| rest));
}

#[test]
fn a_private_api_says_through_which_vpc_endpoints_it_is_called() {
    refused_of_rest("", expect!["nothing"]);
    refused_of_rest(
        "[apis.Internal]\nthrottle = { rate = 1, burst = 1 }",
        expect![[r#"
            `Internal` is a private API, which is called through VPC endpoints: write into skyloom.toml

            [apis.Internal]
            vpc-endpoints = ["vpce-0123456789abcdef0"]

            or, for one stage, below `[stages.NAME.apis.Internal]`"#]],
    );
    refused_of_rest(
        "[apis.Internal]\nvpc-endpoints = [\"vpc-1\"]",
        expect!["`vpc-endpoints` are ids, `vpce-0123456789abcdef0`, and `vpc-1` is none"],
    );
    refused_of_rest(
        "[apis.Site]\nvpc-endpoints = [\"vpce-0a\"]",
        expect![[
            r#"`vpc-endpoints` are of private APIs, and `Site` is none: write `#[api(rest, endpoint = "private")]`, or remove them"#
        ]],
    );
}

#[test]
fn an_api_s_domain_has_a_certificate_of_where_it_is_served() {
    let domain = |api: &str, name: &str, region: &str, more: &str| {
        format!(
            "region = \"eu-west-1\"\n[apis.Internal]\nvpc-endpoints = [\"vpce-0a\"]\n[apis.{api}.domain]\nname = \"{name}\"\n\
             certificate = \"arn:aws:acm:{region}:123456789012:certificate/1\"\n{more}"
        )
    };
    refused_of_rest(&domain("Site", "a.example", "us-east-1", ""), expect!["nothing"]);
    refused_of_rest(
        &domain("Site", "a.example", "eu-west-1", ""),
        expect![
            "the certificate of `a.example` is of eu-west-1, but CloudFront, which serves an edge API, takes it from us-east-1: make one there"
        ],
    );
    refused_of_rest(
        &domain("Partners", "a.example", "us-east-1", ""),
        expect![
            "the certificate of `a.example` is of us-east-1, but API Gateway takes it from eu-west-1: make one there"
        ],
    );
    refused_of_rest(
        &domain("Partners", "a.example", "eu-west-1", "base-path = \"v1/a\""),
        expect![[r#"`base-path` is one part of a path, without slashes, `base-path = "v1"`, and not `v1/a`"#]],
    );
    let both = domain("Partners", "a.example", "eu-west-1", "")
        + "[apis.Api.domain]\nname = \"a.example\"\ncertificate = \"arn:aws:acm:eu-west-1:123456789012:certificate/1\"\n";
    refused_of_rest(&both, expect!["`a.example` is the domain of `Api` already: give `Partners` another"]);
}

#[test]
fn an_api_is_one_that_the_application_has() {
    refused_of_rest(
        "[apis.Partner]\naccess-log = false",
        expect!["the application has no API `Partner`: did you mean `Partners`?"],
    );
    refused_of_rest(
        "[apis.Site]\nvariables = { \"a-b\" = \"1\" }",
        expect!["`a-b` cannot be a stage variable: it has up to 64 letters, digits and `_`"],
    );
    refused_of_rest(
        "[apis.Site]\nvariables = { a = \"{}\" }",
        expect!["the stage variable `a` cannot be `{}`: it has up to 512 letters, digits and `-._~:/?#&=,`"],
    );
}

#[test]
fn a_stage_says_how_callers_come_to_a_new_version() {
    let text = r#"
        deployment = { linear = ["10%", "1m"] }
        functions.report = { provisioned-concurrency = 2 }
        [stages.dev]
        deployment = "all-at-once"
        functions.place_order = { provisioned-concurrency = 0 }
        [stages.prod.functions.place_order.deployment]
        canary = ["25%", "1h"]
    "#;
    let at = |name: &str| {
        let manifest = stage(text, Some(name)).unwrap().apply(&fixture::shop_with_deployments()).unwrap();
        let names = ["place_order", "report", "smoke_test"];
        names.map(|name| format!("{name}: {:?}\n", manifest.function(name).unwrap().options)).concat()
    };
    expect![[r#"
        place_order: FunctionOptions { ephemeral_storage: None, log_level: None, log_retention: None, environment: {}, tags: {}, tracing: None, layers: [], vpc: false, event_invoke: EventInvoke { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None }, deployment: Some(Deployment { shift: AllAtOnce, before: Some("smoke_test"), after: None }), provisioned_concurrency: None, http: HttpOptions { payload: None, parameters: ParameterMapping { request: {}, response: {} } } }
        report: FunctionOptions { ephemeral_storage: None, log_level: None, log_retention: None, environment: {}, tags: {}, tracing: None, layers: [], vpc: false, event_invoke: EventInvoke { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None }, deployment: Some(Deployment { shift: AllAtOnce, before: None, after: Some("look_back") }), provisioned_concurrency: Some(2), http: HttpOptions { payload: None, parameters: ParameterMapping { request: {}, response: {} } } }
        smoke_test: FunctionOptions { ephemeral_storage: None, log_level: None, log_retention: None, environment: {}, tags: {}, tracing: None, layers: [], vpc: false, event_invoke: EventInvoke { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None }, deployment: None, provisioned_concurrency: None, http: HttpOptions { payload: None, parameters: ParameterMapping { request: {}, response: {} } } }
    "#]]
    .assert_eq(&at("dev"));
    expect![[r#"
        place_order: FunctionOptions { ephemeral_storage: None, log_level: None, log_retention: None, environment: {}, tags: {}, tracing: None, layers: [], vpc: false, event_invoke: EventInvoke { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None }, deployment: Some(Deployment { shift: Canary { percentage: 25, interval: 60 }, before: Some("smoke_test"), after: None }), provisioned_concurrency: Some(5), http: HttpOptions { payload: None, parameters: ParameterMapping { request: {}, response: {} } } }
        report: FunctionOptions { ephemeral_storage: None, log_level: None, log_retention: None, environment: {}, tags: {}, tracing: None, layers: [], vpc: false, event_invoke: EventInvoke { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None }, deployment: Some(Deployment { shift: Linear { percentage: 10, interval: 1 }, before: None, after: Some("look_back") }), provisioned_concurrency: Some(2), http: HttpOptions { payload: None, parameters: ParameterMapping { request: {}, response: {} } } }
        smoke_test: FunctionOptions { ephemeral_storage: None, log_level: None, log_retention: None, environment: {}, tags: {}, tracing: None, layers: [], vpc: false, event_invoke: EventInvoke { retries: None, max_age: None, on_failure: None, on_success: None, dead_letter: None }, deployment: None, provisioned_concurrency: None, http: HttpOptions { payload: None, parameters: ParameterMapping { request: {}, response: {} } } }
    "#]]
    .assert_eq(&at("prod"));
}

#[test]
fn steps_of_a_stage_are_what_codedeploy_takes() {
    refused(
        "deployment = { canary = [\"10\", \"5m\"] }",
        None,
        expect![":1: `10` is no share of the traffic: write whole per cent, `10%`"],
    );
    refused(
        "deployment = { canary = [\"10%\", \"300s\"] }",
        None,
        expect![":1: CodeDeploy counts whole minutes: write `1m` or more"],
    );
    refused(
        "deployment = { cannary = [\"10%\", \"5m\"] }",
        None,
        expect![":1: unknown variant `cannary`: did you mean `canary`?"],
    );
    refused(
        "deployment = \"at-once\"",
        None,
        expect![":1: unknown variant `at-once`, expected one of `canary`, `linear`, `all-at-once`"],
    );
    refused(
        "functions.report.deployment = { linear = [\"10%\"] }",
        None,
        expect![[r#":1: steps have a size and a time: write `["10%", "5m"]`"#]],
    );
}
