//! What API Gateway calls in place of functions, joined: other servers, queues and tables, each with the role of its route.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use serde_json::{Value, json};
use skyloom_manifest::{Integration, Manifest, Permission, Target};

use crate::{
    access::{self, Access},
    account::Account,
    gateway::{Forward, Services},
    iam,
    outbox::Outbox,
    policy::{Decision, Policy, PolicyError},
    site::Site,
};

/// What the roles of routes may do, by the routes' names.
type Policies = Arc<BTreeMap<String, Policy>>;

pub(crate) fn services(
    manifest: &Manifest,
    account: &Arc<Account>,
    outbox: &Outbox,
    forward: Forward,
) -> Result<Services, PolicyError> {
    let policies = manifest.integrations.iter().map(|it| Ok((it.name.clone(), policy(it, manifest, &account.site)?)));
    let policies: Policies = Arc::new(policies.collect::<Result<_, PolicyError>>()?);
    let (of_queues, site, outbox) = (Arc::clone(&policies), account.site.clone(), outbox.clone());
    let send_message = move |integration: &Integration, text: String| {
        let Some(queue) = integration.queue() else { return false };
        let is_allowed = access::of_delivery(queue, &site).iter().all(|it| allows(&of_queues, integration, it));
        if is_allowed {
            outbox.send(queue, None, serde_json::from_str(&text).unwrap_or(Value::String(text)));
        }
        is_allowed
    };
    let account = Arc::clone(account);
    let put_item = move |integration: &Integration, mut input: serde_json::Map<String, Value>| {
        let Target::Put { table, .. } = &integration.target else { return denied() };
        if !allows(&policies, integration, &Access::new("dynamodb:PutItem", account.site.table_arn(table))) {
            return denied();
        }
        input.insert("TableName".into(), account.site.physical_name(table).into());
        account.dynamodb.handle("DynamoDB_20120810.PutItem", Value::Object(input).to_string().as_bytes())
    };
    Ok(Services { forward, send_message: Arc::new(send_message), put_item: Arc::new(put_item) })
}

fn allows(policies: &Policies, integration: &Integration, access: &Access) -> bool {
    policies.get(&integration.name).is_some_and(|policy| policy.decide(access) == Decision::Allowed)
}

fn denied() -> http::Response<Bytes> {
    let body = json!({"__type": "com.amazon.coral.service#AccessDeniedException"}).to_string();
    let mut response = http::Response::new(Bytes::from(body));
    *response.status_mut() = http::StatusCode::BAD_REQUEST;
    response
}

/// The policy of the role that the template gives the route.
fn policy(integration: &Integration, manifest: &Manifest, site: &Site) -> Result<Policy, PolicyError> {
    let allow = |action: &str, resource: String| json!({"Effect": "Allow", "Action": action, "Resource": resource});
    let of_permission = |Permission { resource, actions, .. }: Permission| {
        let arn = iam::arn(&resource, manifest, site);
        actions.into_iter().map(move |action| (action, arn.clone())).collect::<Vec<_>>()
    };
    let granted = integration.permissions().into_iter().flat_map(of_permission);
    let queues = integration.queue().into_iter().flat_map(|queue| access::of_delivery(queue, site));
    let all = granted.chain(queues.map(|access| (access.action, access.resource)));
    let statements: Vec<_> = all.map(|(action, resource)| allow(&action, resource)).collect();
    Policy::parse(&json!({"Version": "2012-10-17", "Statement": statements}).to_string())
}
