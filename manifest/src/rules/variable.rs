//! What Lambda takes as the name of an environment variable.

/// Variables that Lambda sets itself.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
const RESERVED: [&str; 17] = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// Says why a function cannot have an environment variable of this name.
///
/// # Errors
/// A sentence that names the rule.
pub fn check_variable(name: &str) -> Result<(), String> {
    let is_word = name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_word {
        return Err(format!(
            "`{name}` cannot be an environment variable: Lambda takes two or more letters, digits and `_`, a letter first"
        ));
    }
    if RESERVED.contains(&name) {
        return Err(format!("the environment variable `{name}` is set by Lambda itself: choose another name"));
    }
    if name.starts_with("SKYLOOM_") {
        return Err(format!(
            "`{name}`: environment variables that begin with `SKYLOOM_` are Skyloom's: choose another name"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_variable;

    #[test]
    fn a_variable_is_a_word_that_neither_lambda_nor_skyloom_sets() {
        for good in ["PAYMENT_URL", "a1", "AWS_ENDPOINT_URL"] {
            assert_eq!(check_variable(good), Ok(()));
        }
        for (bad, part) in [
            ("A", "two or more"),
            ("_HANDLER", "a letter first"),
            ("PAYMENT-URL", "letters, digits and `_`"),
            ("", "two or more"),
            ("AWS_REGION", "by Lambda itself"),
            ("SKYLOOM_TABLE_Order", "are Skyloom's"),
        ] {
            assert!(check_variable(bad).unwrap_err().contains(part), "{bad}");
        }
    }
}
