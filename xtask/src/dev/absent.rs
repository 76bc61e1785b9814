//! What the application declares and only AWS has.

use skyloom_manifest::{
    Encryption, Function, FunctionOptions, IndexOptions, Manifest, PointInTimeRecovery, Table, TableClass,
    TableOptions, Throughput,
};

/// A line for each table and function of which something is not emulated, so that nobody waits for it.
pub(super) fn lines(manifest: &Manifest) -> Vec<String> {
    let of_table = |table: &Table| {
        let absent = absent(table);
        (!absent.is_empty()).then(|| format!("`{}`: {}", table.name, absent.join(", ")))
    };
    manifest.tables.iter().filter_map(of_table).chain(manifest.functions.iter().filter_map(of_function)).collect()
}

/// A function runs on this machine, with its disk and its network.
fn of_function(function: &Function) -> Option<String> {
    let FunctionOptions {
        ephemeral_storage,
        log_level: _,
        log_retention,
        environment: _,
        tags,
        tracing,
        layers,
        vpc,
        event_invoke: _,
    } = &function.options;
    let options = [
        ("ephemeral_storage", ephemeral_storage.is_some()),
        ("log_retention", log_retention.is_some()),
        ("tags", !tags.is_empty()),
        ("tracing", *tracing == Some(true)),
        ("layers", !layers.is_empty()),
        ("vpc", *vpc),
    ];
    let absent: Vec<_> = options.into_iter().filter(|(_, is_declared)| *is_declared).map(|(name, _)| name).collect();
    (!absent.is_empty()).then(|| format!("`{}`: {}", function.name, absent.join(", ")))
}

/// The options by the names that the user gave them. A default that is as well not emulated, recovery, is not one.
fn absent(table: &Table) -> Vec<&'static str> {
    let TableOptions {
        throughput,
        point_in_time_recovery,
        encryption,
        deletion_protection,
        class,
        tags,
        kinesis,
        replicas,
        contributor_insights,
    } = &table.options;
    let on_indexes = |has: fn(&IndexOptions) -> bool| table.indexes.iter().any(|it| has(&it.options));
    let is_limited = |throughput: &Throughput| *throughput != Throughput::ON_DEMAND;
    let options = [
        ("declared throughput", is_limited(throughput) || on_indexes(|it| it.throughput.is_some())),
        ("recovery_days", matches!(point_in_time_recovery, PointInTimeRecovery::Days(_))),
        ("encryption", *encryption != Encryption::default()),
        ("deletion_protection", *deletion_protection),
        ("class", *class != TableClass::default()),
        ("tags", !tags.is_empty()),
        ("kinesis", kinesis.is_some()),
        ("replicas", !replicas.is_empty()),
        ("contributor_insights", contributor_insights.is_some() || on_indexes(|it| it.contributor_insights.is_some())),
    ];
    options.into_iter().filter(|(_, is_declared)| *is_declared).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::template::fixture;

    #[test]
    fn what_only_aws_has_is_named() {
        expect![[r#"
            `Order`: declared throughput, recovery_days, encryption, deletion_protection, class, tags, kinesis, contributor_insights
            `Shipment`: declared throughput, recovery_days, encryption, deletion_protection, class, tags, kinesis, replicas, contributor_insights"#]].assert_eq(&lines(&fixture::shop_with_table_options()).join("\n"));
        expect![[r#"`report`: ephemeral_storage, log_retention, tags, tracing, layers, vpc"#]]
            .assert_eq(&lines(&fixture::shop_with_options()).join("\n"));
        assert_eq!(lines(&fixture::shop()), [""; 0]);
    }
}
