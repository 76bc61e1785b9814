//! A function's own URL, and who may call it.

use serde_json::{Value, json};
use skyloom_manifest::{Auth, Cors, Function};

use super::{Resources, name, target};

pub(super) fn add(resources: &mut Resources, function: &Function, auth: &Auth, cors: Option<&Cors>) {
    let is_public = *auth == Auth::Public;
    resources.add(
        name::url(&function.name),
        json!({
            "Type": "AWS::Lambda::Url",
            "Properties": {
                "AuthType": if is_public { "NONE" } else { "AWS_IAM" },
                "Cors": cors.map(cross_origin),
                "InvokeMode": if function.streaming { "RESPONSE_STREAM" } else { "BUFFERED" },
                "TargetFunctionArn": target::function_name(function),
            },
        }),
    );
    if is_public {
        resources.add(name::url_permission(&function.name), everybody(function, "lambda:InvokeFunctionUrl"));
        resources.add(name::url_invocation(&function.name), everybody(function, "lambda:InvokeFunction"));
    }
}

/// Both actions are asked for of a URL made since October 2025. Neither lets anybody call the function in another way.
/// <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
fn everybody(function: &Function, action: &str) -> Value {
    let is_through_url = action == "lambda:InvokeFunction";
    json!({
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": action,
            "FunctionName": target::function_name(function),
            "FunctionUrlAuthType": (!is_through_url).then_some("NONE"),
            "InvokedViaFunctionUrl": is_through_url.then_some(true),
            "Principal": "*",
        },
    })
}

/// <https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html>
fn cross_origin(cors: &Cors) -> Value {
    let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    json!({
        "AllowCredentials": cors.credentials.then_some(true),
        "AllowHeaders": some(&cors.headers),
        "AllowMethods": some(&cors.methods),
        "AllowOrigins": cors.origins,
        "ExposeHeaders": some(&cors.expose),
        "MaxAge": cors.max_age,
    })
}
