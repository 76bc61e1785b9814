//! What a client, a test or a script needs to know of the deployed application.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use skyloom_manifest::{Api, Manifest, SecretOrigin, Trigger};

use super::{api, destination, domain, intrinsic, name, oauth, rest, target, websocket};
use crate::stage::Stage;

pub(super) fn outputs(manifest: &Manifest, stage: &Stage) -> BTreeMap<String, Value> {
    let mut outputs = BTreeMap::new();
    let mut add = |id: String, value: Value| outputs.insert(id, json!({"Value": value}));
    for api in api::with_routes(manifest) {
        add(name::api_output(api, "Url"), intrinsic::substitute(api_url(api, stage)));
        for (id, value) in domain::outputs(api, stage).into_iter().chain(rest::outputs(manifest, api)) {
            add(id, value);
        }
    }
    for api in websocket::with_routes(manifest) {
        add(name::api_output(api, "Url"), websocket::url(api, stage));
        for (id, value) in domain::outputs(api, stage) {
            add(id, value);
        }
    }
    for function in &manifest.functions {
        let id = name::function(&function.name);
        add(format!("{id}Name"), intrinsic::reference(&id));
        if matches!(function.trigger, Trigger::Url { .. }) {
            let url = name::url(&function.name);
            add(format!("{url}Address"), intrinsic::attribute(&url, "FunctionUrl"));
        }
        if function.options.has_alias() {
            add(format!("{id}Alias"), target::arn(function)); // by which to call it
        }
    }
    for table in &manifest.tables {
        let id = name::table(&table.name);
        add(format!("{id}Name"), intrinsic::reference(&id));
    }
    for function in &manifest.functions {
        // What `Ref` gives: a queue's URL, a topic's ARN, a bucket's name. Several functions may share one.
        for id in function.destinations().filter_map(destination::id) {
            add(id.clone(), intrinsic::reference(&id));
        }
    }
    for pool in &manifest.user_pools {
        for id in [name::user_pool(&pool.name), name::user_pool_client(&pool.name)] {
            add(format!("{id}Id"), intrinsic::reference(&id));
        }
        for (id, value) in oauth::outputs(pool) {
            add(id, value);
        }
    }
    for pool in &manifest.identity_pools {
        let id = name::identity_pool(&pool.name);
        add(format!("{id}Id"), intrinsic::reference(&id));
    }
    for secret in &manifest.secrets {
        if !matches!(secret.origin, SecretOrigin::Existing { .. }) {
            let id = name::secret(&secret.name);
            add(format!("{id}Arn"), intrinsic::reference(&id));
        }
    }
    outputs
}

/// The stage is a part of a REST API's URL; an HTTP API's is `$default`, which is none.
fn api_url(api: &Api, stage: &Stage) -> String {
    let path = api.rest().map(|_| format!("/{}", rest::stage_name(stage))).unwrap_or_default();
    format!("https://${{{}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}{path}", name::api(api))
}
