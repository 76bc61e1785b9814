//! The shop of the documentation, as it would print itself, and a bit more than it has: one of everything.

use skyloom_manifest::{Manifest, Secret, SecretOrigin};

use super::Template;
use crate::stage::{Package, Stage};

/// The template of an application without stages.
pub(crate) fn template(manifest: &Manifest) -> Template {
    Template::of(manifest, &Stage::default()).unwrap()
}

/// The template of the shop at a stage that says all that a stage can, with an override.
pub(crate) fn shop_at_a_stage() -> Template {
    let directory = tempfile::tempdir().unwrap();
    let template = at_a_stage(directory.path(), include_str!("stage.toml"), &shop());
    std::fs::write(directory.path().join(super::overrides::FILE), include_str!("stage.overrides.yaml")).unwrap();
    template.overridden(directory.path()).unwrap()
}

/// The template of the shop whose code is in a container image.
pub(crate) fn shop_in_an_image() -> Template {
    let mut stage = Stage::default();
    stage.settings.package = Some(Package::Image);
    Template::of(&shop(), &stage).unwrap()
}

/// The template of an application at the stage `prod` of that `skyloom.toml`.
fn at_a_stage(directory: &std::path::Path, settings: &str, manifest: &Manifest) -> Template {
    std::fs::write(directory.join(crate::stage::FILE), settings).unwrap();
    let stage = Stage::read(directory, Some("prod")).unwrap();
    Template::of(&stage.apply(manifest).unwrap(), &stage).unwrap()
}

/// The template of the shop whose functions say all that a function can, at a stage that says the rest.
pub(crate) fn shop_with_function_options() -> Template {
    let directory = tempfile::tempdir().unwrap();
    at_a_stage(directory.path(), include_str!("function_options.toml"), &shop_with_options())
}

/// The shop, of which two functions say all that a function can.
pub(crate) fn shop_with_options() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let options: serde_json::Value = serde_json::from_str(include_str!("function_options.json")).unwrap();
    for function in shop["functions"].as_array_mut().unwrap() {
        let name = function["name"].as_str().unwrap();
        if let Some(options) = options.get(name) {
            function["options"] = options.clone();
        }
    }
    serde_json::from_value(shop).unwrap()
}

pub(crate) fn shop() -> Manifest {
    serde_json::from_str(include_str!("shop.json")).unwrap()
}

/// The shop, whose pool has a domain and all that can be there.
pub(crate) fn shop_with_sign_in_page() -> Manifest {
    let mut shop = shop();
    let oauth = serde_json::from_str(include_str!("sign_in_page.json")).unwrap();
    let pool = shop.user_pools.iter_mut().find(|pool| pool.name == "Shopper").unwrap();
    pool.oauth = oauth;
    let origin = SecretOrigin::Existing { id: "shop/partner".into() };
    let secret = Secret { name: "PartnerSecret".into(), description: None, source: pool.source.clone(), origin };
    shop.secrets.push(secret);
    shop.sort();
    shop
}

/// The template of the same at the stage `prod`, which names its own callbacks.
pub(crate) fn sign_in_page_at_a_stage() -> Template {
    let directory = tempfile::tempdir().unwrap();
    let settings =
        "[stages.prod.user-pools.Shopper.clients.Shopper]\ncallbacks = [\"https://shop.example.com/signed-in\"]\n";
    at_a_stage(directory.path(), settings, &shop_with_sign_in_page())
}

/// The shop, with a REST API of each endpoint type beside its own API; the regional one has all that a REST API can have.
pub(crate) fn shop_with_rest_apis() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let cors = serde_json::json!({
        "origins": ["https://shop.example.com", "https://partners.example.com"], "methods": ["*"],
        "headers": ["authorization", "content-type"], "expose": ["location"], "credentials": true, "max-age": 600,
    });
    let regional = serde_json::json!({
        "endpoint": "regional", "binary-media-types": ["image/*"], "minimum-compression": 1024, "validate": true,
        "usage-plan": {"throttle": {"rate": 10, "burst": 20}, "quota": {"limit": 10000, "period": "month"}},
    });
    let item = serde_json::json!({"type": "object", "required": ["item"], "properties": {"item": {"type": "string"}}});
    let apis = [
        serde_json::json!({"name": "Internal", "kind": {"rest": {"endpoint": "private"}}}),
        serde_json::json!({"name": "Partners", "kind": {"rest": regional}, "cors": cors, "schemas": {"New_Item": item}}),
        serde_json::json!({"name": "Site", "kind": {"rest": {"endpoint": "edge"}}}),
    ];
    shop["apis"].as_array_mut().unwrap().extend(apis);
    let pool = serde_json::json!({"user-pool": {"pool": "Shopper", "scopes": ["aws.cognito.signin.user.admin"]}});
    let body = serde_json::json!({
        "content-type": "application/json", "required": true, "schema": {"$ref": "#/components/schemas/New_Item"},
    });
    let page = serde_json::json!({"place": "query", "name": "page", "required": true, "schema": {"type": "integer"}});
    for (name, api, method, path, auth, body) in [
        ("internal_job", "Internal", "POST", "/jobs", "iam".into(), None),
        ("partner_add", "Partners", "POST", "/items", "api-key".into(), Some(&body)),
        ("partner_file", "Partners", "ANY", "/files/{path+}", "public".into(), None),
        (
            "partner_item",
            "Partners",
            "GET",
            "/items/{id}",
            serde_json::json!({"authorizer": {"function": "partner"}}),
            None,
        ),
        ("partner_list", "Partners", "GET", "/items", pool, None),
        ("site_index", "Site", "GET", "/", "public".into(), None),
    ] {
        let parameters = if name == "partner_list" { vec![page.clone()] } else { Vec::new() };
        let mut operation = serde_json::json!({"parameters": parameters, "replies": []});
        body.into_iter().for_each(|body| operation["body"] = body.clone());
        shop["functions"].as_array_mut().unwrap().push(serde_json::json!({
            "name": name,
            "source": {"file": "src/rest.rs", "line": 1},
            "trigger": {"http": {"api": api, "method": method, "path": path, "auth": auth}},
            "memory": 256, "timeout": 29, "permissions": [], "operation": operation,
        }));
    }
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    shop
}

/// A stage that says all that a stage can of REST APIs.
pub(crate) fn stage_with_rest_apis() -> Stage {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(crate::stage::FILE), include_str!("rest_apis.toml")).unwrap();
    Stage::read(directory.path(), Some("prod")).unwrap()
}

/// The template of both.
pub(crate) fn rest_apis_at_a_stage() -> Template {
    let stage = stage_with_rest_apis();
    Template::of(&stage.apply(&shop_with_rest_apis()).unwrap(), &stage).unwrap()
}

/// The shop, whose tables say all that a table can: one is of one region, the other is in three.
pub(crate) fn shop_with_table_options() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let scaled = |min: u32, max: u32| serde_json::json!({"scaled": {"min": min, "max": max, "target": 70}});
    let options = |throughput: serde_json::Value, encryption: serde_json::Value| {
        serde_json::json!({
            "throughput": throughput,
            "point-in-time-recovery": {"days": 7},
            "encryption": encryption,
            "deletion-protection": true,
            "class": "infrequent-access",
            "tags": {"cost-center": "7", "team": "shop"},
            "kinesis": {
                "stream": "arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/changes",
                "precision": "microsecond",
            },
            "contributor-insights": "throttled-keys",
        })
    };
    let provisioned = serde_json::json!({"provisioned": {"reads": scaled(5, 500), "writes": {"fixed": 5}}});
    let own = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/shop";
    shop["tables"][0]["options"] = options(provisioned, serde_json::json!({"key": own}));
    shop["tables"][0]["indexes"][0]["options"] = serde_json::json!({
        "throughput": {"provisioned": {"reads": scaled(1, 9), "writes": scaled(1, 9)}},
        "contributor-insights": "accessed-and-throttled-keys",
    });
    let on_demand = serde_json::json!({"on-demand": {"max-reads": 1000, "max-writes": 500}});
    let shipment = &mut shop["tables"][1];
    shipment["options"] = options(
        on_demand,
        serde_json::json!({"key": "arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"}),
    );
    shipment["options"]["replicas"] = serde_json::json!(["eu-west-1", "us-east-2"]);
    shipment["stream"] = "new-and-old-images".into();
    shipment["indexes"] = serde_json::json!([{
        "name": "ByCarrier",
        "partition-key": {"attribute": "carrier", "type": "S"},
        "projection": "all",
        "options": {"throughput": {"on-demand": {"max-reads": 10, "max-writes": 5}}, "contributor-insights": "throttled-keys"},
    }]);
    serde_json::from_value(shop).unwrap()
}

/// The shop, whose functions are brought in step by step, checked by hooks and kept warm.
pub(crate) fn shop_with_deployments() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let deployment = |shift: serde_json::Value| serde_json::json!({"shift": shift, "before": "smoke_test"});
    let canary = |percentage: u32| serde_json::json!({"canary": {"percentage": percentage, "interval": 5}});
    let mut checked_twice = deployment(canary(25));
    checked_twice["after"] = "smoke_test".into();
    let options = [
        ("place_order", serde_json::json!({"deployment": deployment(canary(10)), "provisioned-concurrency": 5})),
        ("report", serde_json::json!({"deployment": {"shift": "all-at-once", "after": "look_back"}})),
        ("ship", serde_json::json!({"deployment": {"shift": {"linear": {"percentage": 10, "interval": 1}}}})),
        ("partner", serde_json::json!({"deployment": checked_twice})),
    ];
    let functions = shop["functions"].as_array_mut().unwrap();
    for (name, options) in options {
        functions.iter_mut().find(|it| it["name"] == name).unwrap()["options"] = options;
    }
    for (line, name) in [(1, "look_back"), (2, "smoke_test")] {
        functions.push(serde_json::json!({
            "name": name,
            "source": {"file": "shop/src/hooks.rs", "line": line},
            "trigger": "hook",
            "memory": 256,
            "timeout": 60,
            "permissions": [],
        }));
    }
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    shop
}

/// The same as with table options, with capacity in all three regions.
pub(crate) fn shop_with_provisioned_replicas() -> Manifest {
    let mut shop = shop_with_table_options();
    let order = shop.tables[0].options.throughput;
    let shipment = &mut shop.tables[1];
    let skyloom_manifest::Throughput::Provisioned { reads, .. } = order else { unreachable!("the shop's orders are") };
    shipment.options.throughput = skyloom_manifest::Throughput::Provisioned { reads, writes: reads };
    shipment.indexes[0].options.throughput = None;
    shop
}

/// An application of that many routes, with a table for each twenty, whose streams have functions too.
pub(crate) fn of_routes(routes: usize) -> Manifest {
    let mut manifest = shop();
    let named = |name: &str| manifest.functions.iter().find(|it| it.name == name).cloned().unwrap();
    let (get, ship, order) = (named("get_order"), named("ship"), manifest.table("Order").unwrap().clone());
    let tables = routes.div_ceil(20);
    for number in 1..tables {
        manifest.tables.push(skyloom_manifest::Table { name: format!("Order{number}"), ..order.clone() });
    }
    let in_table = |mut function: skyloom_manifest::Function, number: usize| {
        let text = serde_json::to_string(&function).unwrap();
        if !number.is_multiple_of(tables) {
            let table = format!("\"Order{}\"", number % tables);
            function = serde_json::from_str(&text.replace("\"Order\"", &table)).unwrap();
        }
        function
    };
    for number in 0..routes {
        let mut function = in_table(get.clone(), number);
        function.name = format!("get_order{number}_of_many");
        if let skyloom_manifest::Trigger::Http { path, .. } = &mut function.trigger {
            *path = format!("/orders{number}/{{id}}");
        }
        manifest.functions.push(function);
    }
    for number in 1..tables {
        let function = in_table(ship.clone(), number);
        manifest.functions.push(skyloom_manifest::Function { name: format!("ship{number}_of_many"), ..function });
    }
    manifest.sort();
    manifest
}
