//! The shop of the documentation, as it would print itself, and a bit more than it has: one of everything.

use skyloom_manifest::Manifest;

use super::Template;
use crate::stage::Stage;

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

/// The same, with capacity in all three regions.
pub(crate) fn shop_with_provisioned_replicas() -> Manifest {
    let mut shop = shop_with_table_options();
    let order = shop.tables[0].options.throughput;
    let shipment = &mut shop.tables[1];
    let skyloom_manifest::Throughput::Provisioned { reads, .. } = order else { unreachable!("the shop's orders are") };
    shipment.options.throughput = skyloom_manifest::Throughput::Provisioned { reads, writes: reads };
    shipment.indexes[0].options.throughput = None;
    shop
}
