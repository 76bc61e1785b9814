//! Roles with exactly the permissions that are needed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use skyloom_manifest::{Function, Manifest, Permission, Resource, Trigger};

use super::{destination, intrinsic, name, rollout, secret, vpc, websocket};
use crate::stage::Stage;

const X_RAY: &str = "AWS X-Ray has no resources that a policy could name for these actions, so that theirs is `*`";

/// The role of a function: its own log group, the stream that it reads, whom Lambda tells of its work, what its arguments need, the
/// functions that it checks as a hook, and what tracing and a VPC take.
///
/// SAM's managed policies are not used: they allow logs and streams of the whole account.
pub(super) fn function_role(manifest: &Manifest, function: &Function, is_traced: bool, stage: &Stage) -> Value {
    let mut statements = vec![allow(
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        intrinsic::attribute(&name::log_group(&function.name), "Arn"),
    )];
    if let Trigger::Stream(stream) = &function.trigger {
        statements.push(allow(
            &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
            intrinsic::attribute(&name::table(&stream.table), "StreamArn"),
        ));
    }
    for statement in function.destinations().flat_map(|it| destination::statements(manifest, it)) {
        if !statements.contains(&statement) {
            statements.push(statement);
        }
    }
    statements.extend(function.permissions.iter().map(|it| granted(manifest, it, stage)));
    statements.extend(rollout::statements(manifest, function));
    let mut reasons = BTreeMap::new();
    if is_traced {
        statements.push(allow(&["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*".into()));
        reasons.insert("xray:*", X_RAY);
    }
    if let Some(vpc) = vpc::of(function, stage) {
        statements.extend(vpc::statements(vpc));
        reasons.insert("ec2:Describe*", vpc::REASON);
    }
    let mut role = role(assumed_by("lambda.amazonaws.com"), statements);
    if !reasons.is_empty() {
        role["Metadata"] = json!({ "Skyloom": reasons });
    }
    role
}

/// A statement for a permission.
pub(super) fn granted(manifest: &Manifest, permission: &Permission, stage: &Stage) -> Value {
    let mut statement = allow(&permission.actions, resource(manifest, permission, stage));
    if let Some(condition) = permission.condition() {
        statement["Condition"] = condition;
    }
    statement
}

/// A role that may do what the statements allow.
pub(super) fn role(assumed_by: Value, statements: Vec<Value>) -> Value {
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": document(vec![assumed_by]),
            "Policies": [{"PolicyName": "needs", "PolicyDocument": document(statements)}],
        },
    })
}

/// Who may use a role.
pub(super) fn assumed_by(service: &str) -> Value {
    json!({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
}

/// As [`assumed_by`], but only on behalf of this account, so that nobody else's resource can borrow the role.
pub(super) fn assumed_by_own(service: &str) -> Value {
    let mut statement = assumed_by(service);
    statement["Condition"] = json!({"StringEquals": {"aws:SourceAccount": intrinsic::reference("AWS::AccountId")}});
    statement
}

/// A statement that allows actions on one resource.
pub(super) fn allow(actions: &[impl AsRef<str>], resource: Value) -> Value {
    let actions: Vec<&str> = actions.iter().map(AsRef::as_ref).collect();
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

pub(super) fn document(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn resource(manifest: &Manifest, permission: &Permission, stage: &Stage) -> Value {
    match &permission.resource {
        Resource::Table { table } => intrinsic::attribute(&name::table(table), "Arn"),
        Resource::Index { table, index } => {
            intrinsic::substitute(format!("${{{}.Arn}}/index/{index}", name::table(table)))
        }
        Resource::Secret { secret } => secret::arn(manifest, secret),
        Resource::Connections { api, method } => {
            manifest.api(api).map_or(Value::Null, |api| websocket::connections_arn(api, stage, *method))
        }
        Resource::Arn { arn } => intrinsic::substitute(arn),
    }
}
