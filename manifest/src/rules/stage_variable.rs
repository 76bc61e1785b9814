/// Says what is wrong with a variable of an API's stage, or nothing.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_stage_variable(name: &str, value: &str) -> Result<(), String> {
    let is_name = !name.is_empty() && name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_value = value.len() <= 512 && value.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/?#&=,".contains(c));
    match (is_name, is_value) {
        (false, _) => Err(format!("`{name}` cannot be a stage variable: it has up to 64 letters, digits and `_`")),
        (_, false) => Err(format!(
            "the stage variable `{name}` cannot be `{value}`: it has up to 512 letters, digits and `-._~:/?#&=,`"
        )),
        (true, true) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_variable_is_a_word_and_a_short_text() {
        assert_eq!(check_stage_variable("color_1", "https://a.example/?b=c"), Ok(()));
        for (name, value) in [("", "a"), ("a-b", "a"), ("a", "b c"), ("a", "\"")] {
            assert!(check_stage_variable(name, value).is_err(), "{name}={value}");
        }
    }
}
