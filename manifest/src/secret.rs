use serde::{Deserialize, Serialize};

use crate::SourceLocation;

/// A secret of AWS Secrets Manager: one `#[derive(Secret)]`. Its value is in no manifest, template or environment variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Secret {
    /// The struct's name, unique in the application.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub source: SourceLocation,
    /// Who makes it.
    pub origin: SecretOrigin,
}

/// Who makes a secret and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum SecretOrigin {
    /// Somebody else: it is there already.
    Existing {
        /// Its name, `payments/stripe`, or its ARN.
        id: String,
    },
    /// The stack makes it, without a value, which somebody puts into it.
    Empty,
    /// The stack makes it, with a random text.
    Generated {
        /// Characters.
        length: u32,
        /// Whether punctuation is among them, beside letters and digits.
        #[serde(default)]
        punctuation: bool,
    },
}

impl Secret {
    /// The ARN of a secret that is there already, in which CloudFormation's `${AWS::Region}` and the like are filled in; nothing
    /// for one that the stack makes. Secrets Manager ends each ARN in six characters that a name does not tell.
    ///
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html>
    pub fn existing_arn(&self) -> Option<String> {
        let SecretOrigin::Existing { id } = &self.origin else { return None };
        if id.starts_with("arn:") {
            return Some(id.clone());
        }
        Some(format!("arn:${{AWS::Partition}}:secretsmanager:${{AWS::Region}}:${{AWS::AccountId}}:secret:{id}-??????"))
    }
}
