//! What a client, a test or a script needs to know of the deployed application.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use skyloom_manifest::Manifest;

use super::{api, destination, domain, intrinsic, name};
use crate::stage::Stage;

pub(super) fn outputs(manifest: &Manifest, stage: &Stage) -> BTreeMap<String, Value> {
    let mut outputs = BTreeMap::new();
    let mut add = |id: String, value: Value| outputs.insert(id, json!({"Value": value}));
    if api::exists(manifest) {
        add("ApiUrl".into(), intrinsic::substitute(api_url()));
        for (id, value) in domain::outputs(stage) {
            add(id.into(), value);
        }
    }
    for function in &manifest.functions {
        let id = name::function(&function.name);
        add(format!("{id}Name"), intrinsic::reference(&id));
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
    }
    outputs
}

fn api_url() -> String {
    format!("https://${{{}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}", name::HTTP_API)
}
