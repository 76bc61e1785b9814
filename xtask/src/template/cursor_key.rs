//! The secret with which functions encrypt and authenticate the cursors that they give out.

use serde_json::{Value, json};
use skyloom_manifest::{Function, Manifest};

use super::{Resources, intrinsic, name};

/// Adds the secret, if a function makes cursors. It outlives the stack, as the tables do: with another key, the cursors that
/// callers hold would not be good any more.
pub(super) fn add(resources: &mut Resources, manifest: &Manifest) {
    if manifest.functions.iter().any(Function::makes_cursors) {
        resources.add(name::CURSOR_KEY.into(), secret());
    }
}

fn secret() -> Value {
    json!({
        "Type": "AWS::SecretsManager::Secret",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Description": "Encrypts the cursors of pages",
            "GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": true},
        },
    })
}

/// The secret's value. CloudFormation fills it in when it configures the function, so that neither the template has it nor
/// the function needs a permission or a call.
pub(super) fn reference() -> Value {
    intrinsic::substitute(format!("{{{{resolve:secretsmanager:${{{}}}}}}}", name::CURSOR_KEY))
}

#[cfg(test)]
mod tests {
    use super::{super::fixture, *};

    fn has_secret(manifest: &Manifest) -> bool {
        let template = fixture::template(manifest);
        template.resources().any(|(id, _)| id == name::CURSOR_KEY)
    }

    #[test]
    fn only_an_application_that_makes_cursors_has_a_key() {
        let mut manifest = fixture::shop();
        assert!(has_secret(&manifest));
        for function in &mut manifest.functions {
            function
                .permissions
                .retain(|it| !it.actions.iter().any(|it| it.ends_with(":Query") || it.ends_with(":Scan")));
        }
        assert!(!has_secret(&manifest));
    }

    #[test]
    fn a_reference_names_the_secret_and_nothing_of_its_value() {
        assert_eq!(reference(), json!({"Fn::Sub": "{{resolve:secretsmanager:${CursorKey}}}"}));
    }
}
