use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};
use skyloom_manifest::{Function, Manifest, Resource, Secret, Trigger};

use super::credentials::{Credentials, role_id};
use crate::{
    access::{self, Access, STREAM_READING},
    codedeploy,
    policy::{Policies, Policy, PolicyError, Verdict, Who},
    random::Random,
    site::Site,
};

/// The execution role of a function, assumed by its environments.
#[derive(Debug)]
pub(crate) struct Role {
    pub(super) account: String,
    pub(super) id: String,
    pub(super) name: String,
    /// Lambda names the session after the function.
    pub(super) session: String,
    pub(super) credentials: Credentials,
    policy: Policy,
    /// The actions that the policy grants.
    granted: BTreeSet<String>,
    usage: Mutex<Usage>,
}

/// What became of the policy of a role since it was made.
#[derive(Debug, Default)]
struct Usage {
    /// The actions that were allowed, and what they were on.
    used: BTreeSet<(String, String)>,
    /// The actions that were taken away.
    revoked: BTreeSet<String>,
}

impl Role {
    /// The physical name of the function, which the role has too.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What the policy, as far as it was not taken away, the boundary and the policy of what is called say to a call by `who`, a session
    /// of the role.
    pub(super) fn judge(
        &self,
        access: &Access,
        (boundary, resource): (Option<&Policy>, Option<&Policy>),
        who: &Who,
    ) -> Verdict {
        let mut usage = self.usage();
        let identity = std::slice::from_ref(&self.policy);
        let identity = if usage.revoked.contains(&access.action) { &[] } else { identity };
        let verdict = Policies { identity, boundary, session: None, resource }.judge(access, who);
        if verdict == Verdict::Allowed {
            usage.used.insert((access.action.clone(), access.resource.clone()));
        }
        verdict
    }

    pub(super) fn revoke(&self, action: &str) {
        self.usage().revoked.insert(action.to_owned());
    }

    pub(super) fn granted(&self) -> &BTreeSet<String> {
        &self.granted
    }

    pub(super) fn used(&self) -> BTreeSet<(String, String)> {
        self.usage().used.clone()
    }

    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn of(
        manifest: &Manifest,
        function: &Function,
        site: &Site,
        random: &Random,
    ) -> Result<Self, PolicyError> {
        let name = site.physical_name(&function.name);
        let statements = statements(manifest, function, site);
        let actions = statements.iter().filter_map(|statement| statement["Action"].as_array()).flatten();
        let document = json!({ "Version": "2012-10-17", "Statement": &statements });
        Ok(Self {
            account: site.account.clone(),
            id: role_id(random),
            session: name.clone(),
            name,
            credentials: Credentials::new(random),
            policy: Policy::parse(&document.to_string())?,
            granted: actions.filter_map(Value::as_str).map(str::to_owned).collect(),
            usage: Mutex::default(),
        })
    }
}

/// What the template grants: the function's permissions, what Lambda needs for its stream and its destinations, what it
/// does as a hook, and nothing else.
fn statements(manifest: &Manifest, function: &Function, site: &Site) -> Vec<Value> {
    let allow =
        |actions: &[String], resource: String| json!({ "Effect": "Allow", "Action": actions, "Resource": resource });
    let granted = function.permissions.iter().map(|permission| {
        let mut statement = allow(&permission.actions, arn(&permission.resource, manifest, site));
        if let Some(condition) = permission.condition() {
            statement["Condition"] = condition;
        }
        statement
    });
    let mut statements: Vec<_> = granted.collect();
    if let Trigger::Stream(stream) = &function.trigger {
        let streams = format!("{}/stream/*", site.table_arn(&stream.table));
        statements.push(allow(&STREAM_READING.map(str::to_owned), streams));
    }
    for checked in manifest.checked_by(&function.name) {
        statements.push(allow(&["lambda:InvokeFunction".into()], format!("{}:*", site.function_arn(&checked.name))));
        let group = codedeploy::group_arn(site, &checked.name);
        statements.push(allow(&["codedeploy:PutLifecycleEventHookExecutionStatus".into()], group));
    }
    let deliveries = function.destinations().flat_map(|destination| access::of_delivery(destination, site));
    statements.extend(deliveries.map(|access| allow(&[access.action], access.resource)));
    statements
}

/// What a permission is on.
pub(crate) fn arn(resource: &Resource, manifest: &Manifest, site: &Site) -> String {
    match resource {
        Resource::Table { table } => site.table_arn(table),
        Resource::Index { table, index } => format!("{}/index/{index}", site.table_arn(table)),
        Resource::Secret { secret } => {
            let existing = manifest.secret(secret).and_then(Secret::existing_arn);
            let made = || site.arn("secretsmanager", &format!("secret:{}-??????", site.physical_name(secret)));
            existing.map_or_else(made, |arn| site.filled_in(&arn))
        }
        Resource::Connections { api, method } => {
            // An API that is not there has no connections; `validate` has said so.
            manifest.api(api).map_or_else(String::new, |api| site.connection_arn(api, *method, "*"))
        }
        Resource::Arn { arn } => site.filled_in(arn),
    }
}
