//! What the application declares and only AWS has.

use skyloom_manifest::{
    Api, Encryption, Endpoint, Function, FunctionOptions, GatewayResponse, IndexOptions, Manifest, PointInTimeRecovery,
    ResponseType, Table, TableClass, TableOptions, Throughput,
};

/// A line for each table, API and function of which something is not emulated, so that nobody waits for it.
pub(super) fn lines(manifest: &Manifest) -> Vec<String> {
    let of_table = |table: &Table| {
        let absent = absent(table);
        (!absent.is_empty()).then(|| format!("`{}`: {}", table.name, absent.join(", ")))
    };
    let apis = manifest.apis.iter().filter_map(of_api);
    let functions = manifest.functions.iter().filter_map(of_function);
    manifest.tables.iter().filter_map(of_table).chain(apis).chain(functions).collect()
}

/// What a REST API here does not do.
fn of_api(api: &Api) -> Option<String> {
    let rest = api.rest()?;
    let options = [
        ("endpoint = \"edge\": no headers of CloudFront", rest.endpoint == Endpoint::Edge),
        ("endpoint = \"private\": everyone reaches it", rest.endpoint == Endpoint::Private),
    ];
    let absent = options.into_iter().filter(|(_, is_declared)| *is_declared).map(|(name, _)| name);
    let absent: Vec<_> = absent.chain(rest.gateway_responses.iter().filter_map(never_given)).collect();
    (!absent.is_empty()).then(|| format!("`{}`: {}", api.name, absent.join(", ")))
}

/// A refusal for which there is no occasion here.
fn never_given(response: &GatewayResponse) -> Option<&'static str> {
    match response.response {
        ResponseType::AuthorizerFailure => {
            Some("gateway_response(authorizer_failure): an authorizer that fails is authorizer_configuration_error")
        }
        ResponseType::WafFiltered => Some("gateway_response(waf_filtered): there is no firewall"),
        _ => None,
    }
}

/// A function runs on this machine, with its disk and its network; callers have a new version at once, and the first of them waits for
/// its start.
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
        deployment,
        provisioned_concurrency,
        http: _,
    } = &function.options;
    let options = [
        ("ephemeral_storage", ephemeral_storage.is_some()),
        ("log_retention", log_retention.is_some()),
        ("tags", !tags.is_empty()),
        ("tracing", *tracing == Some(true)),
        ("layers", !layers.is_empty()),
        ("vpc", *vpc),
        ("deployment", deployment.is_some()),
        ("provisioned_concurrency", provisioned_concurrency.is_some()),
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
    use skyloom_manifest::{ApiKind, RestApi, UsagePlan};

    use super::*;
    use crate::template::fixture;

    #[test]
    fn what_only_aws_has_is_named() {
        expect![[r#"
            `Order`: declared throughput, recovery_days, encryption, deletion_protection, class, tags, kinesis, contributor_insights
            `Shipment`: declared throughput, recovery_days, encryption, deletion_protection, class, tags, kinesis, replicas, contributor_insights"#]].assert_eq(&lines(&fixture::shop_with_table_options()).join("\n"));
        expect![[r#"
            `partner`: deployment
            `place_order`: deployment, provisioned_concurrency
            `report`: deployment
            `ship`: deployment"#]]
        .assert_eq(&lines(&fixture::shop_with_deployments()).join("\n"));
        expect![[r#"`report`: ephemeral_storage, log_retention, tags, tracing, layers, vpc"#]]
            .assert_eq(&lines(&fixture::shop_with_options()).join("\n"));
        assert_eq!(lines(&fixture::shop()), [""; 0]);
    }

    #[test]
    fn what_a_rest_api_here_does_not_do_is_named() {
        let rest = RestApi {
            endpoint: Endpoint::Edge,
            minimum_compression: Some(0),
            validate: true,
            usage_plan: Some(UsagePlan::default()),
            cache_size: Some("0.5".into()),
            ..RestApi::default()
        };
        let api = Api { name: "Partners".into(), kind: ApiKind::Rest(rest), ..Api::undeclared() };
        expect![[r#"`Partners`: endpoint = "edge": no headers of CloudFront"#]].assert_eq(&of_api(&api).unwrap());
        let never = |response| GatewayResponse {
            response,
            status: None,
            headers: std::collections::BTreeMap::new(),
            body: None,
            content_type: None,
        };
        let responses =
            [ResponseType::WafFiltered, ResponseType::ExpiredToken, ResponseType::AuthorizerFailure].map(never);
        let rest = RestApi { gateway_responses: responses.into(), ..RestApi::default() };
        let api = Api { name: "Partners".into(), kind: ApiKind::Rest(rest), ..Api::undeclared() };
        expect!["`Partners`: gateway_response(waf_filtered): there is no firewall, gateway_response(authorizer_failure): an authorizer that fails is authorizer_configuration_error"].assert_eq(&of_api(&api).unwrap());
        assert_eq!(of_api(&Api::undeclared()), None);
        let plain = Api { kind: ApiKind::Rest(RestApi::default()), ..Api::undeclared() };
        assert_eq!(of_api(&plain), None);
    }
}
