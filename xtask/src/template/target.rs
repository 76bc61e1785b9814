//! How whoever invokes a function names it: by its alias, if it has one, so that it gets the version that the alias stands for;
//! otherwise by itself. Whatever calls, or lets call, asks here.

use serde_json::{Value, json};
use skyloom_manifest::Function;

use super::{intrinsic, name};

/// The name of the alias, which has callers get the version that is in force.
pub(super) const ALIAS: &str = "live";

/// The ARN, as a property.
pub(super) fn arn(function: &Function) -> Value {
    let id = name::function(&function.name);
    if function.options.has_alias() { intrinsic::reference(&alias(&id)) } else { intrinsic::attribute(&id, "Arn") }
}

/// The ARN, between two texts that `Fn::Sub` fills in. SAM would take its own `${Function.Alias}` there as well, but tools that look at
/// the template before SAM does take that for an attribute that functions do not have.
pub(super) fn arn_within(before: &str, function: &Function, after: &str) -> Value {
    if function.options.has_alias() {
        json!({"Fn::Sub": [format!("{before}${{Function}}{after}"), {"Function": arn(function)}]})
    } else {
        intrinsic::substitute(format!("{before}${{{}.Arn}}{after}", name::function(&function.name)))
    }
}

/// What a property called `FunctionName` takes, for which the shortest is the function's own name.
pub(super) fn function_name(function: &Function) -> Value {
    let id = name::function(&function.name);
    intrinsic::reference(&if function.options.has_alias() { alias(&id) } else { id })
}

/// SAM's name for the alias that it makes of a function, whose `Ref` is the ARN.
fn alias(id: &str) -> String {
    format!("{id}.Alias")
}
