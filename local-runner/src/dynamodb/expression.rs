//! How complex an expression is, measured without recursion.

/// The members of requests that are expressions. PartiQL statements are missing: the engine bounds those itself.
pub(super) const KINDS: [&str; 5] =
    ["ConditionExpression", "FilterExpression", "KeyConditionExpression", "ProjectionExpression", "UpdateExpression"];

/// The most operators and functions of an expression, and so the deepest that parentheses with a purpose can nest.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
const MOST_OPERATORS: usize = 300;
/// The longest expression. The engine refuses longer ones in DynamoDB's various words before it reads them.
const MOST_BYTES: usize = 4_096;

/// Refuses what would nest deeper than DynamoDB lets an expression nest.
pub(super) fn check(kind: &str, text: &str) -> Result<(), String> {
    if text.len() > MOST_BYTES {
        return Ok(());
    }
    let Measure { deepest, operators, .. } = measure(kind, text);
    if deepest > MOST_OPERATORS {
        return Err("The expression has redundant parentheses;".into());
    }
    if operators > MOST_OPERATORS {
        let one_too_many = MOST_OPERATORS + 1; // DynamoDB stops counting there
        return Err(format!("The expression contains too many operators; operator count: {one_too_many}"));
    }
    Ok(())
}

#[derive(Default)]
struct Measure {
    depth: usize,
    deepest: usize,
    operators: usize,
    /// `BETWEEN`s whose `AND` has not come yet; it is no operator of its own.
    betweens: usize,
}

fn measure(kind: &str, text: &str) -> Measure {
    // In an update, `=` is how the clause is written.
    let comparisons = if kind == "UpdateExpression" { "+-" } else { "=<>" };
    let mut measure = Measure::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '#' | ':' | '.');
        let length = match first {
            c if is_part(c) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            '<' if rest.starts_with("<>") || rest.starts_with("<=") => 2,
            '>' if rest.starts_with(">=") => 2,
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        measure.take(token, after, comparisons.contains(first));
        rest = after;
    }
    measure
}

impl Measure {
    fn take(&mut self, token: &str, after: &str, is_comparison: bool) {
        let is_word = token.starts_with(|c: char| c.is_ascii_alphabetic());
        match token.to_ascii_uppercase().as_str() {
            "(" => {
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
            }
            ")" => self.depth = self.depth.saturating_sub(1),
            "AND" if self.betweens > 0 => self.betweens -= 1,
            "BETWEEN" => {
                self.betweens += 1;
                self.operators += 1;
            }
            "AND" | "OR" | "NOT" | "IN" => self.operators += 1,
            _ if is_comparison || is_word && after.trim_start().starts_with('(') => self.operators += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operators(kind: &str, text: &str) -> usize {
        measure(kind, text).operators
    }

    #[test]
    fn operators_and_functions_are_counted() {
        for (text, count) in [
            ("a = :a", 1),
            ("a.b[0].c <> :a AND NOT #and >= :b", 4),
            ("a BETWEEN :a AND :b AND c = :c", 3),
            ("attribute_exists(a) OR size (b) > :c", 4),
            ("a IN (:a, :b)", 1),
            ("", 0),
        ] {
            assert_eq!(operators("ConditionExpression", text), count, "{text}");
        }
    }

    #[test]
    fn an_assignment_is_no_operator() {
        assert_eq!(operators("UpdateExpression", "SET a = if_not_exists(a, :zero) + :one, b = :b REMOVE c"), 2);
    }

    #[test]
    fn the_301st_operator_is_refused() {
        let text = |count: usize| vec!["a=:a"; count].join(" OR ");
        assert_eq!(check("FilterExpression", &text(150)), Ok(())); // 150 comparisons, 149 times OR
        let refused = check("FilterExpression", &text(151)).unwrap_err();
        assert_eq!(refused, "The expression contains too many operators; operator count: 301");
    }

    #[test]
    fn what_is_too_long_is_left_to_the_engine() {
        assert_eq!(check("ConditionExpression", &"NOT ".repeat(100_000)), Ok(()));
    }
}
