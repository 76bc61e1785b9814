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

/// The shop, whose shoppers have credentials of an identity pool.
pub(crate) fn shop_with_identity_pool() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    shop["identity-pools"] = serde_json::from_str(include_str!("identity_pool.json")).unwrap();
    let desk = serde_json::json!({"name": "Desk", "kind": {"rest": {"endpoint": "regional", "cache-size": "0.5"}}});
    shop["apis"].as_array_mut().unwrap().push(desk);
    let guards = serde_json::json!({"cache": {"ttl": 60, "shared": true}});
    shop["functions"].as_array_mut().unwrap().push(serde_json::json!({
        "name": "prices",
        "source": {"file": "src/rest.rs", "line": 1},
        "trigger": {"http": {"api": "Desk", "method": "GET", "path": "/prices", "auth": "iam", "guards": guards}},
        "memory": 256, "timeout": 29, "permissions": [], "operation": {"parameters": [], "replies": []},
    }));
    for function in shop["functions"].as_array_mut().unwrap() {
        if function["name"] == "place_order" {
            function["trigger"]["http"]["auth"] = "iam".into();
        }
    }
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    shop
}

/// The shop, whose users say all that a pool can of how they sign in.
pub(crate) fn shop_with_pool_options() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let role = "arn:aws:iam::111122223333:role/staff";
    for pool in shop["user-pools"].as_array_mut().unwrap() {
        pool["groups"] = serde_json::json!(["drivers", "staff"]);
        pool["group-options"] = serde_json::json!([{"group": "staff", "precedence": 1, "role": role}]);
        pool["mfa"] = serde_json::json!({
            "required": true, "methods": ["totp", "sms", "email"], "email-identity": "shop.example.com",
        });
        pool["devices"] =
            serde_json::json!({"only-remembered-on-user-prompt": true, "challenge-required-on-new-device": true});
        pool["password"] = serde_json::json!({"min-length": 12, "symbols": false, "temporary-days": 3});
        pool["required-attributes"] = serde_json::json!(["birthdate", "updated_at"]);
        pool["custom-attributes"] = serde_json::json!([
            {"name": "legal", "type": "boolean"},
            {"name": "plan", "type": "string", "max": 20},
            {"name": "size", "type": "number", "min": -5, "max": 60, "writable": true},
            {"name": "tenant", "type": "string", "immutable": true},
            {"name": "until", "type": "date-time"},
            {"name": "visits", "type": "number"},
        ]);
        pool["client"] = serde_json::json!({
            "secret": true, "flows": ["user-srp", "custom"], "access-token": 900, "rotation": 30,
        });
    }
    serde_json::from_value(shop).unwrap()
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
        "cache-size": "0.5",
        "gateway-responses": [
            {"response": "default-5xx", "headers": {"x-shop": "partners"}},
            {"response": "throttled", "status": 503, "headers": {"retry-after": "1"},
                "body": "{\"title\":$context.error.messageString,\"id\":\"$context.requestId\"}",
                "content-type": "application/problem+json"},
        ],
    });
    let addresses = serde_json::json!({"allow-ips": ["203.0.113.0/24"], "deny-ips": ["203.0.113.7"]});
    let item = serde_json::json!({"type": "object", "required": ["item"], "properties": {"item": {"type": "string"}}});
    let apis = [
        serde_json::json!({"name": "Feed", "kind": "http", "throttle": {"rate": 100, "burst": 50}}),
        serde_json::json!({"name": "Internal", "kind": {"rest": {"endpoint": "private"}}}),
        serde_json::json!({"name": "Partners", "kind": {"rest": regional}, "cors": cors, "schemas": {"New_Item": item}}),
        serde_json::json!({
            "name": "Site", "kind": {"rest": {"endpoint": "edge", "policy": addresses}}, "throttle": {"rate": 100, "burst": 50},
        }),
    ];
    shop["apis"].as_array_mut().unwrap().extend(apis);
    let pool = serde_json::json!({"user-pool": {"pool": "Shopper", "scopes": ["aws.cognito.signin.user.admin"]}});
    let body = serde_json::json!({
        "content-type": "application/json", "required": true, "schema": {"$ref": "#/components/schemas/New_Item"},
    });
    let page = serde_json::json!({"place": "query", "name": "page", "required": true, "schema": {"type": "integer"}});
    for (name, api, method, path, auth, body) in [
        ("internal_job", "Internal", "POST", "/jobs", "iam".into(), None),
        ("internal_status", "Internal", "GET", "/status/{part}", "public".into(), None),
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
        ("site_of_tenant", "Site", "GET", "/tenant", serde_json::json!({"authorizer": {"function": "tenant"}}), None),
        ("feed_of_tenant", "Feed", "GET", "/tenant", serde_json::json!({"authorizer": {"function": "tenant"}}), None),
        (
            "site_of_machine",
            "Site",
            "GET",
            "/machine",
            serde_json::json!({"authorizer": {"function": "machine"}}),
            None,
        ),
        ("feed_of_reader", "Feed", "GET", "/reader", serde_json::json!({"authorizer": {"function": "reader"}}), None),
    ] {
        let parameters = if name == "partner_list" { vec![page.clone()] } else { Vec::new() };
        let mut operation = serde_json::json!({"parameters": parameters, "replies": []});
        body.into_iter().for_each(|body| operation["body"] = body.clone());
        shop["functions"].as_array_mut().unwrap().push(serde_json::json!({
            "name": name,
            "source": {"file": "src/rest.rs", "line": 1},
            "trigger": {"http": {"api": api, "method": method, "path": path, "auth": auth, "guards": guards(name)}},
            "memory": 256, "timeout": 29, "permissions": [], "operation": operation,
        }));
    }
    let by_request = serde_json::json!({
        "identity": [{"header": "x-token"}, {"query": "tenant"}, {"context": "httpMethod"}], "policy": true,
    });
    let by_token = serde_json::json!({"token-header": "X-Machine", "validation": "^[0-9]+$"});
    let in_format_1 = serde_json::json!({"token-header": "X-Reader", "payload": "1.0"});
    for (name, principal, options) in
        [("tenant", "Tenant", by_request), ("machine", "Machine", by_token), ("reader", "Reader", in_format_1)]
    {
        shop["functions"].as_array_mut().unwrap().push(serde_json::json!({
            "name": name,
            "source": {"file": "src/rest.rs", "line": 2},
            "trigger": {"authorizer": {"principal": principal, "cache": 60, "options": options}},
            "memory": 256, "timeout": 5, "permissions": [],
        }));
    }
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    shop
}

/// The shop, with functions that have a URL of their own, and replies that are sent as they come.
pub(crate) fn shop_with_urls() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let cors = serde_json::json!({
        "origins": ["https://shop.example.com"], "methods": ["GET", "POST"], "headers": ["content-type"],
        "expose": ["etag"], "credentials": true, "max-age": 600,
    });
    shop["apis"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({"name": "Site", "kind": {"rest": {"endpoint": "regional"}}}));
    for (name, trigger, streaming) in [
        ("export", serde_json::json!({"url": {"auth": "public", "cors": cors}}), true),
        ("sync", serde_json::json!({"url": {"auth": "iam"}}), false),
        (
            "words",
            serde_json::json!({"http": {"api": "Site", "method": "GET", "path": "/words", "auth": "public"}}),
            true,
        ),
    ] {
        shop["functions"].as_array_mut().unwrap().push(serde_json::json!({
            "name": name, "source": {"file": "src/urls.rs", "line": 1}, "trigger": trigger, "memory": 256, "timeout": 300,
            "streaming": streaming, "permissions": [],
        }));
    }
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    shop
}

/// The shop, with WebSocket APIs beside its own API.
pub(crate) fn shop_with_websocket_apis() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    for name in ["Feed", "Chat"] {
        let kind = serde_json::json!({"websocket": {"route-selection": "$request.body.action"}});
        shop["apis"].as_array_mut().unwrap().push(serde_json::json!({"name": name, "kind": kind}));
    }
    let feed = shop["apis"].as_array_mut().unwrap().iter_mut().find(|api| api["name"] == "Feed").unwrap();
    feed["throttle"] = serde_json::json!({"rate": 100, "burst": 50});
    feed["variables"] = serde_json::json!({"lane": "slow", "colour": "blue"});
    let connections = |api: &str, method: &str| serde_json::json!({"resource": {"connections": {"api": api, "method": method}}, "actions": ["execute-api:ManageConnections"]});
    let sends = serde_json::json!([connections("Chat", "POST"), connections("Chat", "DELETE")]);
    let partner = serde_json::json!({"authorizer": {"function": "partner"}});
    for (name, trigger, permissions) in [
        (
            "chat_connect",
            serde_json::json!({"api": "Chat", "route": "$connect", "auth": partner}),
            serde_json::json!([]),
        ),
        ("chat_disconnect", serde_json::json!({"api": "Chat", "route": "$disconnect"}), serde_json::json!([])),
        (
            "chat_send",
            serde_json::json!({"api": "Chat", "route": "sendMessage", "throttle": {"rate": 5, "burst": 10}}),
            sends,
        ),
        ("chat_who", serde_json::json!({"api": "Chat", "route": "$default", "replies": true}), serde_json::json!([])),
        ("feed_connect", serde_json::json!({"api": "Feed", "route": "$connect", "auth": "iam"}), serde_json::json!([])),
    ] {
        shop["functions"].as_array_mut().unwrap().push(serde_json::json!({
            "name": name,
            "source": {"file": "src/chat.rs", "line": 1},
            "trigger": {"websocket": trigger},
            "memory": 256, "timeout": 29, "permissions": permissions,
        }));
    }
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    assert_eq!(shop.validate(), []);
    shop
}

/// The template of that, at a stage that says all that a stage can of such an API.
pub(crate) fn websocket_apis_at_a_stage() -> Template {
    let directory = tempfile::tempdir().unwrap();
    at_a_stage(directory.path(), include_str!("websocket_apis.toml"), &shop_with_websocket_apis())
}

/// The same, with routes of each kind that have no function.
pub(crate) fn shop_with_integrations() -> Manifest {
    let mut shop = serde_json::to_value(shop_with_rest_apis()).unwrap();
    let shipment = &mut shop["tables"][1];
    assert_eq!(shipment["name"], "Shipment");
    shipment["item"] = serde_json::json!({
        "attributes": {"order": "S", "carrier": "S", "parcels": "N", "insured": "BOOL", "sender": "S", "note": "S"},
        "optional": ["note", "insured"],
    });
    shop["apis"][0]["variables"] = serde_json::json!({"color": "blue"});
    let pool = serde_json::json!({"user-pool": {"pool": "Shopper", "scopes": ["aws.cognito.signin.user.admin"]}});
    let authorizer = serde_json::json!({"authorizer": {"function": "partner"}});
    let queue = serde_json::json!({"queue": {"queue": {"queue": {"name": "Jobs"}}}});
    let known = "arn:aws:sqs:eu-west-1:111122223333:jobs";
    let http = serde_json::json!({"http": {"url": "https://docs.example.com/v1/{page}"}});
    let answer = serde_json::json!({"answer": {
        "status": 203, "headers": {"cache-control": "no-store", "content-type": "text/html"}, "body": "<p>It's up</p>",
    }});
    let put = serde_json::json!({"put": {"table": "Shipment", "set": {
        "order": "${request.path.order}-${context.requestId}", "sender": "$context.authorizer.claims.cognito:username",
    }}});
    let integrations = [
        ("Docs", "Api", "GET", "/docs/{page+}", "public".into(), http.clone()),
        ("NewJob", "Api", "POST", "/jobs", pool.clone(), queue.clone()),
        (
            "OldJob",
            "Api",
            "POST",
            "/jobs/old",
            "iam".into(),
            serde_json::json!({"queue": {"queue": {"arn": {"arn": known}}}}),
        ),
        ("PartnerDocs", "Partners", "ANY", "/docs/{page+}", "api-key".into(), http),
        ("Health", "Partners", "GET", "/health", "public".into(), answer),
        ("PartnerJob", "Partners", "POST", "/jobs", authorizer, queue),
        ("NewShipment", "Partners", "POST", "/orders/{order}/shipments", pool, put),
    ];
    let source = serde_json::json!({"file": "shop/src/routes.rs", "line": 1});
    let integrations = integrations.map(|(name, api, method, path, auth, target)| {
        serde_json::json!({
            "name": name, "description": "What answers without a handler.", "source": source,
            "api": api, "method": method, "path": path, "auth": auth, "target": target,
        })
    });
    shop["integrations"] = serde_json::json!(integrations);
    let mapped = shop["functions"].as_array_mut().unwrap().iter_mut().find(|it| it["name"] == "get_order").unwrap();
    mapped["options"]["http"] = serde_json::json!({"payload": "1.0", "parameters": {
        "request": {"append:header.x-color": "$stageVariables.color", "remove:querystring.debug": ""},
        "response": {"404": {"overwrite:statuscode": "403", "append:header.x-request": "$context.requestId"}},
    }});
    let mut shop: Manifest = serde_json::from_value(shop).unwrap();
    shop.sort();
    assert_eq!(shop.validate(), []);
    shop
}

/// What some of its routes let through.
fn guards(route: &str) -> serde_json::Value {
    match route {
        "partner_add" | "feed_of_tenant" => serde_json::json!({"throttle": {"rate": 5, "burst": 10}}),
        "partner_item" => serde_json::json!({
            "throttle": {"rate": 50, "burst": 100},
            "cache": {"ttl": 60, "query": ["lines"], "headers": ["authorization"]},
        }),
        _ => serde_json::json!({}),
    }
}

/// A stage that says all that a stage can of REST APIs.
pub(crate) fn stage_with_rest_apis() -> Stage {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(crate::stage::FILE), include_str!("rest_apis.toml")).unwrap();
    Stage::read(directory.path(), Some("prod")).unwrap()
}

/// The template of the routes without a function at the same stage.
pub(crate) fn integrations_at_a_stage() -> Template {
    let stage = stage_with_rest_apis();
    Template::of(&stage.apply(&shop_with_integrations()).unwrap(), &stage).unwrap()
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

/// The shop, whose users' pool asks on every occasion; one function has an alias.
pub(crate) fn shop_with_pool_triggers() -> Manifest {
    let mut shop = serde_json::to_value(shop()).unwrap();
    let occasions = [
        "create-auth-challenge",
        "custom-message",
        "define-auth-challenge",
        "migrate-user",
        "post-authentication",
        "post-confirmation",
        "pre-authentication",
        "pre-sign-up",
        "pre-token-generation",
        "verify-auth-challenge-response",
    ];
    let flows = serde_json::json!(["user-password", "user-srp", "admin-user-password", "custom"]);
    let pools = shop["user-pools"].as_array_mut().unwrap();
    pools.iter_mut().find(|it| it["name"] == "Shopper").unwrap()["client"] = serde_json::json!({"flows": flows});
    for on in occasions {
        let mut trigger = serde_json::json!({"pool": "Shopper", "on": on});
        if on == "pre-token-generation" {
            trigger["version"] = "V2_0".into();
        }
        let mut function = serde_json::json!({
            "name": on.replace('-', "_"), "source": {"file": "shop/src/users.rs", "line": 1},
            "trigger": {"user-pool": trigger}, "memory": 256, "timeout": 5, "permissions": [],
        });
        if on == "pre-sign-up" {
            function["options"] = serde_json::json!({"provisioned-concurrency": 1});
        }
        shop["functions"].as_array_mut().unwrap().push(function);
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
