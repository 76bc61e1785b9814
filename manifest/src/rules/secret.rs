//! Names of secrets.

use std::ops::RangeInclusive;

/// Characters of a text that Secrets Manager makes.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>
pub const SECRET_LENGTH: RangeInclusive<u64> = 1..=4_096;

/// Says what is wrong with the name, or the ARN, of a secret that is there, or nothing.
///
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_secret_id(id: &str) -> Result<(), String> {
    if id.starts_with("arn:") {
        return check_arn(id);
    }
    let of_a_name = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    if (1..=512).contains(&id.len()) && id.chars().all(of_a_name) {
        return Ok(());
    }
    Err(format!(
        "`{id}` is no name of a secret: it has 1 to 512 letters, digits and `/_+=.@-`, such as `payments/stripe`"
    ))
}

/// The last six characters of a secret's ARN are random, and a policy has to name them.
fn check_arn(arn: &str) -> Result<(), String> {
    let name = arn.split_once(":secretsmanager:").and_then(|(_, rest)| rest.split_once(":secret:"));
    let is_whole = |(_, name): (&str, &str)| {
        let end = name.rsplit_once('-').map(|(_, end)| end);
        end.is_some_and(|end| end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    };
    if name.is_some_and(is_whole) {
        return Ok(());
    }
    Err(format!(
        "`{arn}` is no whole ARN of a secret: write one like `arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/stripe-a1B2c3`, with its last six characters"
    ))
}

#[cfg(test)]
mod tests {
    use super::check_secret_id;

    #[test]
    fn a_secret_is_named_by_its_name_or_its_whole_arn() {
        let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:payments/stripe";
        assert_eq!(check_secret_id("payments/stripe_2+=.@"), Ok(()));
        assert_eq!(check_secret_id(&format!("{arn}-a1B2c3")), Ok(()));
        for bad in ["", "a b", "caf\u{e9}", &"a".repeat(513)] {
            assert!(check_secret_id(bad).unwrap_err().contains("is no name of a secret"), "{bad}");
        }
        for bad in [arn, "arn:aws:ssm:eu-west-1:111122223333:parameter/a-a1B2c3"] {
            assert!(check_secret_id(bad).unwrap_err().contains("is no whole ARN"), "{bad}");
        }
    }
}
