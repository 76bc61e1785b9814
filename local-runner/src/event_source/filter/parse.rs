//! Reads patterns. What EventBridge refuses is refused.

use serde_json::{Map, Value};

use super::{
    Case,
    Comparison::{self, Greater, GreaterOrEqual, Less, LessOrEqual},
    Filter, Node, Test, TextTest,
};

pub(super) fn members(members: &Map<String, Value>) -> Result<Node, String> {
    let (mut all, mut one_of) = (Vec::new(), Vec::new());
    for (name, value) in members {
        match value {
            Value::Array(tests) if tests.is_empty() => return Err(format!("the list of `{name}` is empty")),
            Value::Array(patterns) if name == "$or" => {
                let alternatives = patterns.iter().map(|it| Filter::parse(it).map(|filter| filter.0));
                one_of.push(alternatives.collect::<Result<_, _>>()?);
            }
            Value::Array(tests) => {
                all.push((name.clone(), Node::Leaf(tests.iter().map(test).collect::<Result<_, _>>()?)));
            }
            Value::Object(inner) => all.push((name.clone(), self::members(inner)?)),
            other => return Err(format!("`{name}` has to be a list of values, not `{other}`")),
        }
    }
    Ok(Node::Members { all, one_of })
}

fn test(test: &Value) -> Result<Test, String> {
    let Value::Object(members) = test else {
        return if test.is_array() {
            Err(format!("`{test}` is a list in a list"))
        } else {
            Ok(Test::Equals(test.clone()))
        };
    };
    let mut members = members.iter();
    let (Some((name, operand)), None) = (members.next(), members.next()) else {
        return Err(format!("`{test}` has to have one operator"));
    };
    operator(name, operand).ok_or_else(|| format!("`{test}` is no operator that is known"))
}

fn operator(name: &str, operand: &Value) -> Option<Test> {
    match name {
        "exists" => operand.as_bool().map(Test::Exists),
        "numeric" => numeric(operand.as_array()?).map(Test::Numeric),
        "anything-but" => anything_but(operand).map(Test::Not),
        _ => text(name, operand).map(Test::Text),
    }
}

fn text(name: &str, operand: &Value) -> Option<TextTest> {
    let ignored = operand.get("equals-ignore-case").and_then(Value::as_str);
    let (text, case) = match ignored {
        Some(text) => (text.to_owned(), Case::Ignored),
        None => (operand.as_str()?.to_owned(), Case::Kept),
    };
    match name {
        "prefix" => Some(TextTest::Prefix(text, case)),
        "suffix" => Some(TextTest::Suffix(text, case)),
        "equals-ignore-case" if case == Case::Kept => Some(TextTest::EqualsIgnoringCase(text)),
        "wildcard" if case == Case::Kept && !text.contains("**") => Some(TextTest::Wildcard(text)),
        _ => None,
    }
}

/// `"a"`, `["a", "b"]`, `{"prefix": "a"}` or `{"prefix": ["a", "b"]}`.
fn anything_but(operand: &Value) -> Option<Vec<Test>> {
    let listed = |value: &Value| match value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    };
    match operand {
        Value::Object(members) if members.len() == 1 => {
            let (name, operands) = members.iter().next()?;
            listed(operands).iter().map(|operand| text_that_is_not(name, operand)).collect()
        }
        Value::Object(_) => None,
        values => {
            let plain = |value: Value| (value.is_string() || value.is_number()).then_some(Test::Equals(value));
            listed(values).into_iter().map(plain).collect()
        }
    }
}

/// Every text begins and ends with the empty one, and case is not ignored in a beginning or an end here.
fn text_that_is_not(name: &str, operand: &Value) -> Option<Test> {
    let is_end = name == "prefix" || name == "suffix";
    if is_end && operand.as_str().is_none_or(str::is_empty) {
        return None;
    }
    text(name, operand).map(Test::Text)
}

/// `["=", 5]`, `["<", 5]` or `[">", 0, "<=", 5]`.
fn numeric(parts: &[Value]) -> Option<Vec<(Comparison, f64)>> {
    let (pairs, rest) = parts.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let bound = |[operator, number]: &[Value; 2]| Some((comparison(operator.as_str()?)?, number.as_f64()?));
    let bounds: Vec<_> = pairs.iter().map(bound).collect::<Option<_>>()?;
    match bounds[..] {
        [_] => Some(bounds),
        [(Greater | GreaterOrEqual, lower), (Less | LessOrEqual, upper)] if lower < upper => Some(bounds),
        _ => None,
    }
}

fn comparison(operator: &str) -> Option<Comparison> {
    Some(match operator {
        "=" => Comparison::Equal,
        "<" => Comparison::Less,
        "<=" => Comparison::LessOrEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterOrEqual,
        _ => return None,
    })
}
