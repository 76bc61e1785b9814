//! Secrets that the stack has made empty: somebody has to fill them, and is told how.

use serde_json::Value;
use skyloom_manifest::{Manifest, SecretOrigin};

use crate::template;

/// A line for each secret that is new in the stack and has no value, with what puts one into it.
pub(super) fn to_fill(manifest: &Manifest, old: Option<&Value>, outputs: &[(String, String)]) -> Vec<String> {
    let empty = manifest.secrets.iter().filter(|secret| secret.origin == SecretOrigin::Empty);
    let ids = empty.map(|secret| (&secret.name, template::secret_id(&secret.name)));
    let new = ids.filter(|(_, id)| old.is_none_or(|old| old["Resources"].get(id).is_none()));
    new.filter_map(|(name, id)| {
        let arn = outputs.iter().find(|(output, _)| *output == format!("{id}Arn")).map(|(_, arn)| arn)?;
        Some(format!(
            "the secret `{name}` is new and empty: `aws secretsmanager put-secret-value --secret-id {arn} --secret-string file://value.txt` fills it"
        ))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::template::fixture;

    #[test]
    fn a_new_secret_without_a_value_is_told_of_once() {
        let outputs = [("StripeKeySecretArn".to_owned(), "arn:aws:secretsmanager:eu-west-1:1:secret:a-b".to_owned())];
        let manifest = fixture::shop();
        expect!["the secret `StripeKey` is new and empty: `aws secretsmanager put-secret-value --secret-id arn:aws:secretsmanager:eu-west-1:1:secret:a-b --secret-string file://value.txt` fills it"].assert_eq(&to_fill(&manifest, None, &outputs).join("\n"));
        let old = json!({"Resources": {"StripeKeySecret": {}}});
        assert_eq!(to_fill(&manifest, Some(&old), &outputs), [""; 0]);
    }
}
