mod function_options;
mod identity_pools;
mod integrations;
mod pool_triggers;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::Manifest;

/// A valid application of three functions.
fn shop() -> Value {
    let function = |name: &str, line: u32, trigger: Value| {
        let source = json!({"file": "src/lib.rs", "line": line});
        json!({"name": name, "source": source, "trigger": trigger, "memory": 256, "timeout": 10, "permissions": []})
    };
    let auth = json!({"user-pool": {"pool": "Shopper", "groups": ["staff"]}});
    json!({
        "version": 1,
        "application": "shop",
        "apis": [{"name": "Api", "default": true, "kind": "http"}],
        "functions": [
            function("list", 1, json!({"http": {"api": "Api", "method": "GET", "path": "/orders/{id}", "auth": auth}})),
            function("report", 2, json!({"schedule": {"expression": "rate(1 hour)"}})),
            function("ship", 3, json!({"stream": {
                "table": "Order", "batch-size": 100, "batch-window": 0, "starting-position": "trim-horizon",
                "bisect": false, "parallelization": 1, "filters": [],
            }})),
        ],
        "tables": [{
            "name": "Order",
            "source": {"file": "src/lib.rs", "line": 4},
            "partition-key": {"attribute": "id", "type": "S"},
            "indexes": [],
            "stream": "new-and-old-images",
        }],
        "user-pools": [{
            "name": "Shopper", "source": {"file": "src/lib.rs", "line": 5}, "sign-in": "email", "self-sign-up": true,
            "groups": ["staff"],
        }],
    })
}

/// What is wrong with the shop after these places of its JSON were given other values.
fn check(changes: &[(&str, Value)], expected: Expect) {
    let mut shop = shop();
    for (place, value) in changes {
        let (parent, name) = place.rsplit_once('/').unwrap();
        match shop.pointer_mut(parent).unwrap() {
            Value::Array(list) if name == "-" => list.push(value.clone()),
            parent => parent[name] = value.clone(),
        }
    }
    let manifest: Manifest = serde_json::from_value(shop).unwrap();
    let problems: Vec<_> = manifest.validate().iter().map(ToString::to_string).collect();
    expected.assert_eq(&problems.join("\n"));
}

#[test]
fn an_application_that_breaks_no_rule_has_no_problem() {
    check(&[], expect![[""]]);
}

#[test]
fn an_application_without_a_handler_is_told_how_they_are_linked() {
    check(
        &[("/functions", json!([]))],
        expect![
            "the application has no handler: annotate one with `#[handler]`, and name its library in `skyloom::main!`"
        ],
    );
}

#[test]
fn another_format_is_the_only_problem() {
    check(
        &[("/version", json!(2)), ("/functions", json!([]))],
        expect![
            "the manifest has format 2, but this version of Skyloom reads 1: use the same version of `skyloom` and `skyloom-xtask`"
        ],
    );
}

#[test]
fn a_name_is_given_once() {
    check(
        &[("/functions/-", shop()["functions"][1].clone())],
        expect!["src/lib.rs:2: `report`: there is another handler of this name at src/lib.rs:2: rename one of them"],
    );
}

#[test]
fn two_routes_are_alike_whatever_their_parameters_are_called() {
    let mut other = shop()["functions"][0].clone();
    other["name"] = "read".into();
    other["trigger"]["http"]["path"] = "/orders/{order}".into();
    check(
        &[("/functions/-", other)],
        expect!["src/lib.rs:1: `read`: `GET /orders/{order}` is already the route of `list` at src/lib.rs:1"],
    );
}

#[test]
fn a_route_names_a_pool_and_groups_that_are_there() {
    let auth = "/functions/0/trigger/http/auth";
    check(
        &[(auth, json!({"user-pool": {"pool": "Nobody"}}))],
        expect!["src/lib.rs:1: `list`: its `auth` is the user pool `Nobody`, which the application does not have"],
    );
    check(
        &[(auth, json!({"user-pool": {"pool": "Shopper", "groups": ["stuff"]}}))],
        expect!["src/lib.rs:1: `list`: the user pool `Shopper` has no group `stuff`; did you mean `staff`?"],
    );
    check(
        &[(auth, json!({"authorizer": {"function": "report"}}))],
        expect!["src/lib.rs:1: `list`: its `auth` is the authorizer `report`, which the application does not have"],
    );
}

#[test]
fn a_stream_is_that_of_a_table_that_has_one() {
    check(
        &[("/functions/2/trigger/stream/table", json!("Basket"))],
        expect!["src/lib.rs:3: `ship`: it reads the stream of `Basket`, which the application does not have"],
    );
    check(
        &[("/tables/0/stream", Value::Null)],
        expect![[
            r#"src/lib.rs:3: `ship`: the table `Order` has no stream: write `#[table(stream = "new-and-old-images")]` at src/lib.rs:4"#
        ]],
    );
}

#[test]
fn numbers_are_within_awss_limits_and_each_is_reported() {
    check(
        &[
            ("/functions/0/timeout", json!(31)),
            ("/functions/1/memory", json!(64)),
            ("/functions/2/concurrency", json!(0)),
            ("/functions/2/trigger/stream/batch-size", json!(10_001)),
            ("/functions/2/trigger/stream/retries", json!(10_001)),
        ],
        expect![[r#"
            src/lib.rs:1: `list`: `timeout` is 31 s, but has to be from 1 to 30 s
            src/lib.rs:2: `report`: `memory` is 64 MB, but has to be from 128 to 10240 MB
            src/lib.rs:3: `ship`: `concurrency` is 0, but has to be from 1 to 1000000
            src/lib.rs:3: `ship`: `batch_size` is 10001, but has to be from 1 to 10000
            src/lib.rs:3: `ship`: `retries` is 10001, but has to be from 0 to 10000"#]],
    );
}

#[test]
fn a_schedule_is_one_that_the_scheduler_reads() {
    check(
        &[("/functions/1/trigger/schedule/expression", json!("rate(0 hours)"))],
        expect![
            "src/lib.rs:2: `report`: `0` is no positive whole number: write for example `rate(1 hour)` or `rate(5 minutes)`"
        ],
    );
}

#[test]
fn a_permission_names_what_the_application_has() {
    let on = |resource: Value| json!({"resource": resource, "actions": ["dynamodb:Query"]});
    check(
        &[
            ("/functions/0/permissions/-", on(json!({"table": {"table": "Basket"}}))),
            ("/functions/0/permissions/-", on(json!({"index": {"table": "Order", "index": "ByStatus"}}))),
            ("/functions/0/permissions/-", on(json!({"arn": {"arn": "*"}}))),
        ],
        expect![[r#"
            src/lib.rs:1: `list`: it uses the table `Basket`, which the application does not have
            src/lib.rs:1: `list`: it uses the index `ByStatus` of `Order`, which the application does not have
            src/lib.rs:1: `list`: `*` is no ARN: a permission names its resource, `arn:…`"#]],
    );
}

#[test]
fn a_tables_options_are_what_aws_takes() {
    check(
        &[
            (
                "/tables/0/options",
                json!({
                    "throughput": {"provisioned": {"reads": {"fixed": 0}, "writes": {"scaled": {"min": 5, "max": 1, "target": 95}}}},
                    "point-in-time-recovery": {"days": 36},
                    "encryption": {"key": "shop"},
                    "tags": {"aws:team": "shop"},
                    "kinesis": {"stream": "changes"},
                }),
            ),
            (
                "/tables/0/indexes/-",
                json!({
                    "name": "ByShopper", "partition-key": {"attribute": "shopper", "type": "S"}, "projection": "all",
                    "options": {"throughput": {"on-demand": {"max-reads": 0}}},
                }),
            ),
        ],
        expect![[r#"
            src/lib.rs:4: `Order`: `reads` of the table is 0, but has to be from 1 to 4294967295
            src/lib.rs:4: `Order`: `writes` of the table is 1, but has to be from 5 to 4294967295
            src/lib.rs:4: `Order`: `target` of the table is 95, but has to be from 20 to 90
            src/lib.rs:4: `Order`: `recovery_days` is 36, but has to be from 1 to 35
            src/lib.rs:4: `Order`: `shop` is no encryption: there are `aws-owned`, `aws-managed`, and the ARN of a KMS key, `arn:aws:kms:eu-west-1:123456789012:key/…`
            src/lib.rs:4: `Order`: `changes` is no Kinesis data stream: write its ARN, `arn:aws:kinesis:eu-west-1:123456789012:stream/changes`
            src/lib.rs:4: `Order`: the tag `aws:team`: keys of tags that begin with `aws:` are AWS's own: choose another one
            src/lib.rs:4: `Order`: `max_reads` of the index `ByShopper` is 0, but has to be from 1 to 4294967295
            src/lib.rs:4: `Order`: the index `ByShopper` is paid for in another way than its table: make both on demand or provisioned"#]],
    );
}

#[test]
fn a_destination_is_one_resource_of_one_kind() {
    let on_failure = "/functions/2/trigger/stream/on-failure";
    check(
        &[(on_failure, json!({"queue": {"name": "dead_letters"}}))],
        expect![
            "src/lib.rs:3: `ship`: `dead_letters` is no name of a destination: write up to 64 letters and digits that begin with a capital, `DeadLetters`"
        ],
    );
    check(
        &[(on_failure, json!({"arn": {"arn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}))],
        expect![
            "src/lib.rs:3: `ship`: a destination is an SQS queue, an SNS topic or an S3 bucket, and `lambda` is none of them"
        ],
    );
}

#[test]
fn a_table_with_replicas_is_as_global_tables_are() {
    check(
        &[
            ("/tables/0/stream", json!("keys-only")),
            (
                "/tables/0/options",
                json!({
                    "throughput": {"provisioned": {"reads": {"fixed": 5}, "writes": {"fixed": 5}}},
                    "encryption": {"key": "arn:aws:kms:eu-west-1:123456789012:key/1234"},
                    "replicas": ["eu-west-1", "eu-west-1", "Frankfurt"],
                }),
            ),
        ],
        expect![[r#"
            src/lib.rs:4: `Order`: the replica in `eu-west-1` is there twice: remove one of them
            src/lib.rs:4: `Order`: `Frankfurt` is no region: write one like `eu-west-1`
            src/lib.rs:4: `Order`: a table with replicas has `stream = "new-and-old-images"`: they are kept equal through it
            src/lib.rs:4: `Order`: the write capacity of a table with replicas is scaled: give `writes` a range, `writes = 5..=500`
            src/lib.rs:4: `Order`: `arn:aws:kms:eu-west-1:123456789012:key/1234` is a key of one region: with replicas name a multi-Region key, `key/mrk-…`, or an alias"#]],
    );
}

#[test]
fn a_window_is_of_one_lane() {
    check(
        &[
            ("/functions/2/trigger/stream/tumbling-window", json!(901)),
            ("/functions/2/trigger/stream/parallelization", json!(2)),
        ],
        expect![[r#"
            src/lib.rs:3: `ship`: the state of a tumbling window is that of one shard: leave its `parallelization` out
            src/lib.rs:3: `ship`: `tumbling_window` is 901 s, but has to be from 1 to 900 s"#]],
    );
}

#[test]
fn a_filter_is_short_and_about_what_the_stream_has() {
    let test = json!({"string": {"equals": ["x".repeat(5_000)]}});
    let term = json!({"attribute": {"image": "old", "attribute": "status", "test": test}});
    check(
        &[
            ("/functions/2/trigger/stream/filters", json!([{"terms": [term]}])),
            ("/tables/0/stream", json!("new-image")),
        ],
        expect![[r#"
            src/lib.rs:3: `ship`: a filter of it is about `old`, but the stream of `Order` at src/lib.rs:4 has no old images
            src/lib.rs:3: `ship`: a filter of it has 5047 characters, but Lambda takes 4096: test some of it in the handler"#]],
    );
}

#[test]
fn entities_of_a_table_have_keys_of_their_own() {
    let entity = |name: &str, partition: &str, sort: &str| json!({"name": name, "source": {"file": "src/shop.rs", "line": 7}, "partition": partition, "sort": sort});
    let customer = entity("Customer", "CUSTOMER#{id}", "PROFILE");
    let order = |name: &str, id: &str| entity(name, "CUSTOMER#{customer}", &format!("ORDER#{{{id}}}"));
    check(&[("/tables/0/entities", json!([customer, order("Order", "id")]))], expect![[""]]);
    check(
        &[("/tables/0/entities", json!([entity("Order", "ORDER#{id}", "A"), entity("Order", "ORDER#{id}", "B")]))],
        expect![[
            r#"src/lib.rs:4: `Order`: the items of two of its entities, the one at src/shop.rs:7 and the one at src/shop.rs:7, both say that they are a `Order`: give one of them a name of its own, `#[entity(…, name = "…")]`"#
        ]],
    );
    check(
        &[("/tables/0/entities", json!([customer, order("Order", "id"), order("Quote", "number")]))],
        expect![[
            r#"src/lib.rs:4: `Order`: its entities `Order` and `Quote` have keys that are made in the same way, so that one would be stored in place of the other: give `Quote` at src/shop.rs:7 a text of its own, `sort = "QUOTE#…"`"#
        ]],
    );
}

#[test]
fn the_key_of_an_index_is_of_one_to_four_attributes_each_once() {
    let key = |names: &[&str]| -> Value { names.iter().map(|name| json!({"attribute": name, "type": "S"})).collect() };
    let index = |name: &str, partition: Value, sort: Value, local: bool| json!({"name": name, "partition-key": partition, "sort-key": sort, "projection": "all", "local": local});
    check(
        &[(
            "/tables/0/indexes",
            json!([
                index("ByAll", key(&["a", "b", "c", "d"]), key(&["e", "f", "g", "h"]), false),
                index("ByFive", key(&["a", "b", "c", "d", "e"]), json!([]), false),
                index("ByTwice", key(&["a", "b"]), key(&["b"]), false),
                index("Local", key(&["id"]), key(&["a", "b"]), true),
                index("Other", key(&["a"]), key(&["b"]), true),
                index("Typed", json!({"attribute": "h", "type": "N"}), json!(null), false),
            ]),
        )],
        expect![[r#"
            src/lib.rs:4: `Order`: its attribute `h` is S in one key and N in another: give it one type
            src/lib.rs:4: `Order`: the partition key of the index `ByFive` has 5 attributes, but a global index takes 1 to 4
            src/lib.rs:4: `Order`: the sort key of the index `ByFive` has 0 attributes, but a global index takes 1 to 4
            src/lib.rs:4: `Order`: the key of the index `ByTwice` has the attribute `b` twice: remove one of them
            src/lib.rs:4: `Order`: the sort key of the index `Local` has 2 attributes, but a local index takes 1
            src/lib.rs:4: `Order`: the index `Other` is local, and so has the table's partition key, `id`"#]],
    );
}

#[test]
fn projections_name_what_is_no_key_and_not_too_much_of_it() {
    let names = |range: std::ops::Range<u32>| range.map(|it| format!("a{it}")).collect::<Vec<_>>();
    let index = |name: &str, include: Vec<String>| {
        json!({
            "name": name,
            "partition-key": {"attribute": "status", "type": "S"},
            "projection": {"include": include},
        })
    };
    let many: Vec<Value> = (0..5).map(|at| index(&format!("By{at}00"), names(0..20))).collect();
    check(&[("/tables/0/indexes", json!(many))], expect![[""]]);
    let one_more = [&many[..], &[index("One", names(0..1))]].concat();
    check(
        &[("/tables/0/indexes", json!(one_more))],
        expect![
            "src/lib.rs:4: `Order`: it has 101 attributes that the projections of its indexes name, all together, but a table takes 100"
        ],
    );
    let wrong = [
        index("Long", names(0..21)),
        index("None", vec![]),
        index("Keys", vec!["id".into(), "status".into(), "total".into(), "total".into()]),
    ];
    check(
        &[("/tables/0/indexes", json!(wrong))],
        expect![[r#"
        src/lib.rs:4: `Order`: the projection of the index `Long` names 21 attributes, but has to name 1 to 20
        src/lib.rs:4: `Order`: the projection of the index `None` names 0 attributes, but has to name 1 to 20
        src/lib.rs:4: `Order`: the projection of the index `Keys` names `id`, which is in it as a key already: remove it there
        src/lib.rs:4: `Order`: the projection of the index `Keys` names `status`, which is in it as a key already: remove it there
        src/lib.rs:4: `Order`: the projection of the index `Keys` names `total` twice: remove one of them"#]],
    );
}

#[test]
fn an_item_has_the_attributes_that_are_said_of_it_and_not_those_of_its_table() {
    let attributes = json!({"id": "S", "total": "N", "tags": "SS", "extra": "any"});
    let fine = json!({"attributes": attributes, "optional": ["tags"], "aliases": {"sum": "total"}, "open": true});
    check(&[("/tables/0/item", fine)], expect![[""]]);
    let wrong =
        json!({"attributes": {"total": "N"}, "optional": ["note"], "aliases": {"sum": "amount", "total": "total"}});
    check(
        &[("/tables/0/item", wrong)],
        expect![[r#"
        src/lib.rs:4: `Order`: its items have no attribute `note`, which is said to be optional or to have another name
        src/lib.rs:4: `Order`: its items have no attribute `amount`, which is said to be optional or to have another name
        src/lib.rs:4: `Order`: its items have an attribute `total`, so that another one cannot be read under this name too"#]],
    );
    let item = json!({"attributes": {"entity": "S", "id": "S", "total": "N"}});
    let entity = json!({"name": "Order", "partition": "ORDER#{order}", "item": item});
    check(
        &[("/tables/0/discriminator", json!("entity")), ("/tables/0/entities", json!([entity]))],
        expect![[r#"
        src/lib.rs:4: `Order`: the items of `Order` have an attribute `id`, which the table stores for itself: give the field another name, `#[serde(rename = "…")]`
        src/lib.rs:4: `Order`: the items of `Order` have an attribute `entity`, which the table stores for itself: give the field another name, `#[serde(rename = "…")]`"#]],
    );
}

/// The shop with a REST API beside, which has these routes.
fn with_rest(routes: &[(&str, &str, Value)]) -> Vec<(&'static str, Value)> {
    let mut changes = vec![("/apis/-", json!({"name": "Admin", "kind": {"rest": {"endpoint": "regional"}}}))];
    for (number, (method, path, auth)) in routes.iter().enumerate() {
        let mut function = shop()["functions"][0].clone();
        function["name"] = format!("rest{number}").into();
        function["trigger"]["http"] = json!({"api": "Admin", "method": method, "path": path, "auth": auth});
        changes.push(("/functions/-", function));
    }
    changes
}

#[test]
fn apis_have_routes_of_their_own() {
    check(&with_rest(&[("GET", "/orders/{id}", json!("public")), ("GET", "/keys", json!("api-key"))]), expect![[""]]);
    check(
        &[("/functions/0/trigger/http/api", json!("Ap"))],
        expect!["src/lib.rs:1: `list`: it is a route of `Ap`, which is no API of the application: did you mean `Api`?"],
    );
}

#[test]
fn one_of_several_apis_is_the_default() {
    let other = |default: bool| json!({"name": "Other", "default": default, "kind": "http"});
    check(&[("/apis/-", other(true))], expect!["`Other`: `Api` is the default API already: remove `default`"]);
    check(
        &[("/apis/0/default", json!(false)), ("/apis/-", other(false))],
        expect![
            "`Api`: the application has several APIs: write `default` into `#[api(…)]` of the one that routes without `api = …` belong to, as in `#[api(http, default)]`"
        ],
    );
}

#[test]
fn a_rest_api_refuses_what_only_an_http_api_takes() {
    check(
        &with_rest(&[("ANY", "$default", json!("public")), ("GET", "/a~b", json!("public"))]),
        expect![[r#"
            src/lib.rs:1: `rest0`: `$default` is a route of HTTP APIs, and this is a REST API: write `ANY "/{rest+}"`, and `ANY "/"` for the root
            src/lib.rs:1: `rest1`: the path has '~', which a REST API does not take: it takes letters, digits, `.`, `_`, `-` and `:`"#]],
    );
    let mut slow = with_rest(&[("GET", "/a", json!("public"))]);
    slow.push(("/functions/3/timeout", json!(30)));
    check(&slow, expect!["src/lib.rs:1: `rest0`: `timeout` is 30 s, but has to be from 1 to 29 s"]);
    check(
        &[("/functions/0/trigger/http/auth", json!("api-key"))],
        expect![
            "src/lib.rs:1: `list`: `auth = ApiKey` is of REST APIs, and `Api` is an HTTP API: write `#[api(rest)]`, or another `auth`"
        ],
    );
}

#[test]
fn a_rest_api_has_one_parameter_at_a_place() {
    let public = || json!("public");
    check(
        &with_rest(&[
            ("GET", "/orders/{id}", public()),
            ("GET", "/orders/{order}/lines", public()),
            ("GET", "/orders/{rest+}", public()),
        ]),
        expect![[r#"
            src/lib.rs:1: `rest1`: a REST API has one parameter at a place of its paths, and `rest0` has `{id}` there, in `/orders/{id}`: write that in place of `{order}`
            src/lib.rs:1: `rest2`: a REST API has one parameter at a place of its paths, and `rest0` has `{id}` there, in `/orders/{id}`: write that in place of `{rest+}`"#]],
    );
}

#[test]
fn a_rest_api_has_300_resources() {
    let paths: Vec<_> = (0..150).map(|number| format!("/a{number}/b")).collect();
    let routes: Vec<_> = paths.iter().map(|path| ("GET", path.as_str(), json!("public"))).collect();
    check(
        &with_rest(&routes),
        expect![
            "`Admin`: it has 301 resources (each part of a path is one), but a REST API takes 300: give some to another API"
        ],
    );
}

#[test]
fn what_a_rest_api_says_is_within_limits() {
    let api = json!({"name": "Admin", "kind": {"rest": {
        "endpoint": "edge", "binary-media-types": ["png"], "minimum-compression": 20_000_000,
        "usage-plan": {"throttle": {"rate": 0, "burst": 1}, "quota": {"limit": 0, "period": "day"}},
    }}});
    check(
        &[("/apis/-", api)],
        expect![[r#"
            `Admin`: `png` is no media type: write `image/png`, `image/*` or `*/*`
            `Admin`: `minimum_compression` is 20000000 bytes, but has to be from 0 to 10485760 bytes
            `Admin`: `rate` is 0 requests, but has to be from 1 to 1000000 requests
            `Admin`: `quota` is 0 requests, but has to be from 1 to 2147483647 requests
            `Admin`: its `usage_plan` is for those who have a key, and no route asks for one: write `auth = ApiKey` on those that shall, or remove the plan"#]],
    );
}

#[test]
fn a_reply_is_kept_for_whom_it_is() {
    let admin = json!({"name": "Admin", "kind": {"rest": {"endpoint": "regional", "cache-size": "0.5"}}});
    let cached = |method: &str, auth: Value, cache: Value| {
        let trigger =
            json!({"http": {"api": "Admin", "method": method, "path": "/a", "auth": auth, "guards": {"cache": cache}}});
        [("/apis/-", admin.clone()), ("/functions/0/trigger", trigger)]
    };
    let pool = json!({"user-pool": {"pool": "Shopper"}});
    check(&cached("GET", json!("public"), json!({"ttl": 60})), expect![[""]]);
    check(&cached("GET", pool.clone(), json!({"ttl": 60, "headers": ["Authorization"]})), expect![[""]]);
    check(&cached("GET", pool.clone(), json!({"ttl": 60, "shared": true})), expect![[""]]);
    check(
        &cached("GET", pool, json!({"ttl": 60, "headers": ["accept"]})),
        expect![[
            r#"src/lib.rs:1: `list`: its replies are kept for everyone whom the route lets in: tell them apart by who asks, as with `cache_key(header = "authorization")`, or say that they are the same for all, `cache_shared`"#
        ]],
    );
    check(
        &cached("POST", json!("api-key"), json!({"ttl": 0, "headers": ["authorization"]})),
        expect![[r#"
        src/lib.rs:1: `list`: `cache` is 0 s, but has to be from 1 to 3600 s
        src/lib.rs:1: `list`: `cache` is for GET, and this is POST: a reply that is kept does not reach the function
        src/lib.rs:1: `list`: its replies are kept for everyone whom the route lets in: tell them apart by who asks, as with `cache_key(header = "authorization")`, or say that they are the same for all, `cache_shared`"#]],
    );
}

#[test]
fn a_rest_api_limits_no_any_and_keeps_no_reply_that_is_sent_as_it_comes() {
    let admin = json!({"name": "Admin", "kind": {"rest": {"endpoint": "regional", "cache-size": "0.5"}}});
    let trigger = |api: &str, method: &str, guards: Value| json!({"http": {"api": api, "method": method, "path": "/a", "auth": "public", "guards": guards}});
    let (limit, kept) = (json!({"throttle": {"rate": 1, "burst": 1}}), json!({"cache": {"ttl": 60}}));
    let of_admin = |trigger: Value| [("/apis/-", admin.clone()), ("/functions/0/trigger", trigger)];
    let admin_keeps_nothing = json!({"name": "Admin", "kind": {"rest": {"endpoint": "regional"}}});
    let limited = |method: &str| {
        [("/apis/-", admin_keeps_nothing.clone()), ("/functions/0/trigger", trigger("Admin", method, limit.clone()))]
    };
    check(&limited("GET"), expect![[""]]);
    check(
        &limited("ANY"),
        expect![
            "src/lib.rs:1: `list`: a REST API has no limit for `ANY`: write a handler for each method, or `throttle` into `#[api(…)]`"
        ],
    );
    check(&[("/functions/0/trigger", trigger("Api", "ANY", limit))], expect![[""]]);
    let streamed =
        [of_admin(trigger("Admin", "GET", kept)).to_vec(), vec![("/functions/0/streaming", json!(true))]].concat();
    check(
        &streamed,
        expect![
            "src/lib.rs:1: `list`: API Gateway keeps no reply that is sent as it comes: leave `cache` out, or return no `Streamed`"
        ],
    );
}

#[test]
fn an_authorizer_is_asked_by_what_its_apis_have() {
    let authorizer = |options: Value| {
        json!({"name": "partner", "source": {"file": "src/lib.rs", "line": 8}, "memory": 256, "timeout": 5, "permissions": [],
            "trigger": {"authorizer": {"principal": "Partner", "cache": 300, "options": options}}})
    };
    let asking = |api: &str| json!({"http": {"api": api, "method": "GET", "path": "/a", "auth": {"authorizer": {"function": "partner"}}}});
    let admin = json!({"name": "Admin", "kind": {"rest": {"endpoint": "regional"}}});
    let changes = |api: &str, options: Value| {
        [("/apis/-", admin.clone()), ("/functions/0/trigger", asking(api)), ("/functions/-", authorizer(options))]
    };
    check(&changes("Admin", json!({"identity": [{"context": "resourcePath"}, {"header": "x-token"}]})), expect![[""]]);
    check(
        &changes("Admin", json!({"identity": [{"context": "routeKey"}]})),
        expect![
            "src/lib.rs:1: `list`: its authorizer `partner` is asked by something that `Admin` does not have: `routeKey` is of HTTP APIs: a REST API has `resourcePath` and `httpMethod`"
        ],
    );
    check(
        &changes("Api", json!({"validation": "^Bearer .+$"})),
        expect![
            "src/lib.rs:1: `list`: its authorizer `partner` has a `validation`, which is of REST APIs, and `Api` is an HTTP API: leave it out, or write `#[api(rest)]`"
        ],
    );
    let machine = json!({"token-header": "X-Machine", "payload": "1.0"});
    check(&changes("Api", machine), expect![[""]]);
    check(
        &changes("Admin", json!({"token-header": "X Machine", "identity": [{"header": "x"}], "payload": "1.0"})),
        expect![[r#"
        src/lib.rs:1: `list`: its authorizer `partner` has a `payload`, which is of HTTP APIs, and `Admin` is a REST API, which asks in a form of its own: leave it out
        src/lib.rs:8: `partner`: `X Machine` is no name of a header: write letters, digits and `-`
        src/lib.rs:8: `partner`: its token comes in the header `X Machine`, by which it is not asked: add that to its `identity`, or leave `token_header` out"#]],
    );
    check(
        &changes("Api", json!({"identity": [], "validation": "Bearer ("})),
        expect![[r#"
        src/lib.rs:1: `list`: its authorizer `partner` has a `validation`, which is of REST APIs, and `Api` is an HTTP API: leave it out, or write `#[api(rest)]`
        src/lib.rs:8: `partner`: `Bearer (` is no regular expression: found open group without closing ')'
        src/lib.rs:8: `partner`: `validation` is of bearer tokens: leave it out, or `identity`
        src/lib.rs:8: `partner`: its answers are reused, and nothing says for whom: write `identity(header = "…")`, or leave `cache` out"#]],
    );
}

#[test]
fn a_gateway_response_is_one_that_api_gateway_takes() {
    let api = json!({"name": "Admin", "kind": {"rest": {"endpoint": "regional", "cache-size": "1", "gateway-responses": [
        {"response": "unauthorized", "status": 99, "headers": {"a": "it's"}, "body": "$context.requestid"},
        {"response": "unauthorized", "content-type": "json"},
    ]}}, "throttle": {"rate": 0, "burst": 1}});
    check(
        &[("/apis/-", api)],
        expect![[r#"
        `Admin`: `rate` is 0 requests, but has to be from 1 to 1000000 requests
        `Admin`: `1` is no size of a cache: there are `0.5`, `1.6`, `6.1`, `13.5`, `28.4`, `58.2`, `118`, `237`
        `Admin`: its `cache_size` is paid for by the hour, and no route keeps its replies: write `cache = "60s"` on those that shall, or remove the size
        `Admin`: `status` is 99, but has to be from 200 to 599
        `Admin`: the header `a` cannot have '\'' in its value here: ASCII, without `'`
        `Admin`: `$context.requestid` is nothing that a gateway response knows: did you mean `$context.requestId`?
        `Admin`: it has two gateway responses `UNAUTHORIZED`: make them one
        `Admin`: `json` is no media type: write `image/png`, `image/*` or `*/*`"#]],
    );
}

fn hook(name: &str) -> Value {
    let source = json!({"file": "src/lib.rs", "line": 9});
    json!({"name": name, "source": source, "trigger": "hook", "memory": 256, "timeout": 60, "permissions": []})
}

#[test]
fn a_deployment_names_hooks_that_are_there() {
    let canary = json!({"canary": {"percentage": 10, "interval": 5}});
    let deployment = |before: &str| json!({"deployment": {"shift": canary, "before": before, "after": "smoke_test"}});
    let smoke_test = ("/functions/-", hook("smoke_test"));
    check(&[smoke_test.clone(), ("/functions/0/options", deployment("smoke_test"))], expect![[""]]);
    check(
        &[smoke_test.clone(), ("/functions/0/options", deployment("smoke_tset"))],
        expect![
            "src/lib.rs:1: `list`: its `before` names the hook `smoke_tset`, which the application does not have; did you mean `smoke_test`?"
        ],
    );
    check(
        &[smoke_test.clone(), ("/functions/0/options", deployment("report"))],
        expect![
            "src/lib.rs:1: `list`: its `before` names `report`, which is no hook: annotate that with `#[handler(hook)]`, or name another"
        ],
    );
    check(
        &[smoke_test],
        expect![[
            "src/lib.rs:9: `smoke_test`: no handler names this hook: write `deployment = canary(\"10%\", \"5m\", before = smoke_test)` at one"
        ]],
    );
}

#[test]
fn steps_of_a_deployment_are_what_codedeploy_takes() {
    let shift = |shift: Value| json!({"deployment": {"shift": shift}});
    check(&[("/functions/0/options", shift(json!("all-at-once")))], expect![[""]]);
    check(
        &[
            ("/functions/0/options", shift(json!({"canary": {"percentage": 0, "interval": 5}}))),
            ("/functions/1/options", shift(json!({"canary": {"percentage": 10, "interval": 2881}}))),
            ("/functions/2/options", shift(json!({"linear": {"percentage": 1, "interval": 60}}))),
        ],
        expect![[r#"
            src/lib.rs:1: `list`: a step of its `deployment` is 0%, but has to be from 1 to 99%
            src/lib.rs:2: `report`: the interval of its `deployment` is 2881 min, but has to be from 1 to 2880 min
            src/lib.rs:3: `ship`: the time of its 100 steps is 5940 min, but has to be from 1 to 2880 min"#]],
    );
}

#[test]
fn what_is_kept_warm_may_run_and_is_no_hook() {
    let provisioned = |count: u32| json!({"provisioned-concurrency": count});
    check(
        &[
            ("/functions/0/options", provisioned(6)),
            ("/functions/0/concurrency", json!(5)),
            ("/functions/1/options", provisioned(0)),
        ],
        expect![[r#"
            src/lib.rs:1: `list`: `provisioned_concurrency` is 6, but its `concurrency` lets only 5 run at once: raise that
            src/lib.rs:2: `report`: `provisioned_concurrency` is 0, but has to be from 1 to 1000000"#]],
    );
    let mut smoke_test = hook("smoke_test");
    smoke_test["options"] = provisioned(1);
    let deployment = json!({"deployment": {"shift": "all-at-once", "before": "smoke_test"}});
    check(
        &[("/functions/-", smoke_test), ("/functions/0/options", deployment)],
        expect![
            "src/lib.rs:9: `smoke_test`: it is a hook, which CodeDeploy calls as it is: leave its `deployment` and `provisioned_concurrency` out"
        ],
    );
}

#[test]
fn a_secret_has_a_name_that_secrets_manager_takes_and_is_read_only_where_it_is() {
    let secret = |name: &str, origin: Value| json!({"name": name, "source": {"file": "src/lib.rs", "line": 6}, "origin": origin});
    let permission = |secret: &str| json!([{"resource": {"secret": {"secret": secret}}, "actions": ["secretsmanager:GetSecretValue"]}]);
    let secrets = json!([
        secret("Stripe", json!({"existing": {"id": "payments/stripe"}})),
        secret("Key", json!({"generated": {"length": 32}}))
    ]);
    check(&[("/secrets", secrets), ("/functions/0/permissions", permission("Stripe"))], expect![[""]]);
    let secrets = json!([
        secret("Stripe", json!({"existing": {"id": "payments stripe"}})),
        secret("Stripe", json!("empty")),
        secret("Key", json!({"generated": {"length": 0}})),
    ]);
    check(
        &[("/secrets", secrets), ("/functions/0/permissions", permission("Strip"))],
        expect![[r#"
            src/lib.rs:6: `Stripe`: there is another secret of this name at src/lib.rs:6: rename one of them
            src/lib.rs:1: `list`: it reads the secret `Strip`, which the application does not have
            src/lib.rs:6: `Stripe`: `payments stripe` is no name of a secret: it has 1 to 512 letters, digits and `/_+=.@-`, such as `payments/stripe`
            src/lib.rs:6: `Key`: `length` is 0, but has to be from 1 to 4096"#]],
    );
}
