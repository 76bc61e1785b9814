use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// A secret holds something else than its type says.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not hold what its type says: {0}")]
pub struct Unreadable(String);

/// Reads a JSON object. serde's messages quote what they do not like, so they are not passed on.
///
/// # Errors
/// Where it is not as the type says.
pub fn of_json<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let inner = error.inner();
        let missing = inner.to_string();
        Unreadable(match inner.classify() {
            Category::Data if missing.starts_with("missing field `") => {
                missing.split(" at line ").next().unwrap_or_default().to_owned()
            }
            Category::Data => format!("`{}` is of another type", error.path()),
            Category::Syntax | Category::Eof | Category::Io => "it is no JSON".to_owned(),
        })
    })
}

/// The `Debug` of a secret's value.
///
/// # Errors
/// Those of the formatter.
pub fn redacted(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}(redacted)")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is only read")]
    struct Database {
        user: String,
        login: Login,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is only read")]
    struct Login {
        pin: u16,
    }

    #[test]
    fn an_error_says_where_and_nothing_of_what_is_there() {
        let check = |text: &str, expected: Expect| {
            let error = of_json::<Database>(text).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
            expected.assert_eq(&error);
        };
        check(r#"{"login": {"pin": 1}}"#, expect!["does not hold what its type says: missing field `user`"]);
        check(
            r#"{"user": "ann", "login": {"pin": "hunter2"}}"#,
            expect!["does not hold what its type says: `login.pin` is of another type"],
        );
        check("hunter2", expect!["does not hold what its type says: it is no JSON"]);
        check(r#"{"user": "hunter2""#, expect!["does not hold what its type says: it is no JSON"]);
        check(r#""hunter2""#, expect!["does not hold what its type says: `.` is of another type"]);
    }
}
