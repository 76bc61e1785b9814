//! The application's secrets. No value of one is in the template, nor where the template puts it: a function is told the ARN.

use serde_json::{Value, json};
use skyloom_manifest::{Manifest, Secret, SecretOrigin};

use super::{Resources, function, intrinsic, name};

/// Adds a secret, if the stack makes it. It outlives the stack: nobody else may have its value.
pub(super) fn add(resources: &mut Resources, secret: &Secret) {
    let generated = match secret.origin {
        SecretOrigin::Existing { .. } => return,
        SecretOrigin::Empty => None,
        SecretOrigin::Generated { length, punctuation } => {
            Some(json!({"PasswordLength": length, "ExcludePunctuation": !punctuation}))
        }
    };
    resources.add(
        name::secret(&secret.name),
        json!({
            "Type": "AWS::SecretsManager::Secret",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "Description": secret.description.as_deref().map(function::summary),
                "GenerateSecretString": generated,
            },
        }),
    );
}

/// What a policy names: the secret alone.
pub(super) fn arn(manifest: &Manifest, secret: &str) -> Value {
    let existing = manifest.secret(secret).and_then(Secret::existing_arn);
    existing.map_or_else(|| intrinsic::reference(&name::secret(secret)), intrinsic::substitute)
}

/// What the function asks for: the ARN of a secret of the stack, which its `Ref` is, or what the code says.
pub(super) fn id(manifest: &Manifest, secret: &str) -> Value {
    match manifest.secret(secret).map(|it| &it.origin) {
        Some(SecretOrigin::Existing { id }) => intrinsic::substitute(id),
        _ => intrinsic::reference(&name::secret(secret)),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::fixture, *};

    #[test]
    fn a_secret_that_is_there_already_is_read_under_its_name_and_made_by_nobody() {
        let mut manifest = fixture::shop();
        for (id, arn) in [
            (
                "payments/stripe",
                "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:payments/stripe-??????",
            ),
            (
                "arn:aws:secretsmanager:${AWS::Region}:111122223333:secret:key-a1B2c3",
                "arn:aws:secretsmanager:${AWS::Region}:111122223333:secret:key-a1B2c3",
            ),
        ] {
            manifest.secrets[0].origin = SecretOrigin::Existing { id: id.into() };
            let name = manifest.secrets[0].name.clone();
            assert_eq!(self::arn(&manifest, &name), json!({"Fn::Sub": arn}));
            assert_eq!(self::id(&manifest, &name), intrinsic::substitute(id));
            assert!(fixture::template(&manifest).resources().all(|(id, _)| *id != name::secret(&name)));
        }
    }
}
