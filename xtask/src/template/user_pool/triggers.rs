//! The functions that a pool asks.
//!
//! The pool names them, and each lets the pool call it. A function that is asked knows nothing of the pool, so that the two do not need
//! each other in a circle: in its event is the pool's id.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use skyloom_manifest::{Function, Manifest, PoolEventVersion, PoolTrigger, UserPool};

use crate::template::{intrinsic, name, target};

/// `LambdaConfig` of the pool, if it asks anybody.
pub(super) fn lambda_config(manifest: &Manifest, pool: &UserPool) -> Option<Value> {
    let entry = |(function, on, version): (&Function, PoolTrigger, PoolEventVersion)| match version {
        PoolEventVersion::V1 => (on.lambda_config(), target::arn(function)),
        PoolEventVersion::V2 => {
            ("PreTokenGenerationConfig", json!({"LambdaArn": target::arn(function), "LambdaVersion": "V2_0"}))
        }
    };
    let all: BTreeMap<_, _> = manifest.asked_by(&pool.name).map(entry).collect();
    (!all.is_empty()).then(|| json!(all))
}

/// That the pool may call the function.
pub(in crate::template) fn permission(function: &Function, pool: &str) -> Value {
    json!({
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": target::function_name(function),
            "Principal": "cognito-idp.amazonaws.com",
            "SourceAccount": intrinsic::reference("AWS::AccountId"),
            "SourceArn": intrinsic::attribute(&name::user_pool(pool), "Arn"),
        },
    })
}
