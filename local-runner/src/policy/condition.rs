//! The conditions of a statement, all of which have to hold.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use serde_json::{Map, Value};

use super::{
    PolicyError, keys,
    operator::{Operand, Operator, Test},
    truth::Truth,
};
use crate::access::{Access, Keys};

/// One operator on one key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    quantifier: Quantifier,
    if_exists: bool,
    operator: Operator,
    key: String,
    operands: Vec<Operand>,
}

/// Of how many of a key's values a condition has to hold.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Quantifier {
    /// Of the one that there is.
    One,
    ForAllValues,
    ForAnyValue,
}

/// The conditions of a statement. One that cannot be evaluated is refused.
pub(super) fn read(conditions: &Map<String, Value>, has_variables: bool) -> Result<Vec<Condition>, PolicyError> {
    let mut read = Vec::new();
    for (name, keys) in conditions {
        let keys = keys.as_object().ok_or_else(|| PolicyError::Condition(name.clone()))?;
        for (key, values) in keys {
            read.push(Condition::read(name, key, values, has_variables)?);
        }
    }
    Ok(read)
}

impl Condition {
    fn read(name: &str, key: &str, values: &Value, has_variables: bool) -> Result<Self, PolicyError> {
        let (quantifier, rest) = match name.split_once(':') {
            None => (Quantifier::One, name),
            Some(("ForAllValues", rest)) => (Quantifier::ForAllValues, rest),
            Some(("ForAnyValue", rest)) => (Quantifier::ForAnyValue, rest),
            Some(_) => return Err(PolicyError::Condition(name.to_owned())),
        };
        let (rest, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |rest| (rest, true));
        let operator = Operator::named(rest).ok_or_else(|| PolicyError::Condition(name.to_owned()))?;
        let key = key.to_ascii_lowercase();
        if !keys::is_known(&key) {
            return Err(PolicyError::Condition(key));
        }
        let operands = texts(values).ok_or_else(|| PolicyError::Condition(key.clone()))?;
        let operand = |text: String| operator.operand(&text, has_variables, &key);
        let operands = operands.into_iter().map(operand).collect::<Result<_, _>>()?;
        Ok(Self { quantifier, if_exists, operator, key, operands })
    }

    pub(super) fn holds(&self, access: &Access) -> Truth {
        let values = access.value(&self.key);
        if self.operator.test == Test::Null {
            return self.is_null(values, access);
        }
        match values {
            Keys::None => self.without_value(),
            Keys::Unknown => Truth::Unknown,
            Keys::Of(values) => self.with_values(values, access),
        }
    }

    /// A negated condition on what is not there holds; so does one on all of no values.
    fn without_value(&self) -> Truth {
        let holds = match self.quantifier {
            Quantifier::One => self.operator.is_negated,
            Quantifier::ForAllValues => true,
            Quantifier::ForAnyValue => false,
        };
        (holds || self.if_exists).into()
    }

    fn with_values(&self, values: &[String], access: &Access) -> Truth {
        let mut each = values.iter().map(|value| self.fits(value, access));
        match (self.quantifier, values) {
            (Quantifier::ForAllValues, _) => Truth::all(each),
            (Quantifier::ForAnyValue, _) => Truth::any(each),
            (Quantifier::One, [_]) => each.next().unwrap_or(Truth::Unknown),
            // IAM does not say what such a condition means.
            (Quantifier::One, _) => Truth::Unknown,
        }
    }

    /// Whether a value fits one of the operands, or, of a negated operator, none.
    fn fits(&self, value: &str, access: &Access) -> Truth {
        let fits = Truth::any(self.operands.iter().map(|operand| self.operator.test.holds(value, operand, access)));
        if self.operator.is_negated { fits.not() } else { fits }
    }

    fn is_null(&self, values: &Keys, access: &Access) -> Truth {
        let is_absent = match values {
            Keys::None => "true",
            Keys::Of(_) => "false",
            Keys::Unknown => return Truth::Unknown,
        };
        Truth::any(self.operands.iter().map(|operand| Test::Bool.holds(is_absent, operand, access)))
    }
}

/// IAM takes a list of one without its brackets, and numbers and booleans as what they are.
fn texts(values: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(bool) => Some(bool.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    match values {
        Value::Array(values) => values.iter().map(text).collect(),
        value => Some(vec![text(value)?]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Truth::*, *};
    use crate::access::Context;

    fn holds(condition: Value, context: Context) -> Truth {
        let access = Access { context, ..Access::new("a:B", "*") };
        let conditions = read(condition.as_object().unwrap(), true).unwrap();
        Truth::all(conditions.iter().map(|condition| condition.holds(&access)))
    }

    fn on(key: &str, values: &[&str]) -> Context {
        Context::default().with(key, values.iter().copied())
    }

    #[test]
    fn a_condition_on_what_is_not_there_holds_only_if_it_is_negated_or_may_be_absent() {
        let check = |operator: &str| holds(json!({ operator: { "aws:username": "ann" } }), Context::default());
        assert_eq!((check("StringEquals"), check("StringEqualsIfExists"), check("StringNotEquals")), (No, Yes, Yes));
        assert_eq!((check("ForAllValues:StringEquals"), check("ForAnyValue:StringEquals")), (Yes, No));
        assert_eq!(check("ForAnyValue:StringNotEquals"), No);
        let null = |expected: &str, context| holds(json!({ "Null": { "aws:username": expected } }), context);
        assert_eq!((null("true", Context::default()), null("false", Context::default())), (Yes, No));
        assert_eq!(
            (null("true", on("aws:username", &["ann"])), null("false", on("aws:username", &["ann"]))),
            (No, Yes)
        );
    }

    #[test]
    fn one_of_the_operands_has_to_fit_and_none_of_a_negated_operator() {
        let ann = || on("aws:username", &["ann"]);
        let check = |operator: &str, operands: Value| holds(json!({ operator: { "aws:Username": operands } }), ann());
        assert_eq!(check("StringEquals", json!(["bob", "ann"])), Yes);
        assert_eq!(check("StringNotEquals", json!(["bob", "ann"])), No);
        assert_eq!(check("StringNotEquals", json!(["bob", "eve"])), Yes);
        assert_eq!(check("StringEquals", json!([])), No);
    }

    #[test]
    fn a_set_of_values_is_judged_as_a_whole() {
        let check = |operator: &str, values: &[&str]| {
            holds(json!({ operator: { "dynamodb:Attributes": ["id", "name"] } }), on("dynamodb:Attributes", values))
        };
        assert_eq!(check("ForAllValues:StringEquals", &["id", "name"]), Yes);
        assert_eq!(check("ForAllValues:StringEquals", &["id", "price"]), No);
        assert_eq!(check("ForAnyValue:StringEquals", &["price", "id"]), Yes);
        assert_eq!(check("ForAnyValue:StringEquals", &["price"]), No);
        assert_eq!(check("ForAnyValue:StringNotEquals", &["price", "id"]), Yes);
        assert_eq!(check("ForAllValues:StringNotEquals", &["price", "id"]), No);
        assert_eq!(check("StringEquals", &["id", "name"]), Unknown);
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        let unknown = || Context::default().with_unknown("dynamodb:Attributes");
        for operator in ["ForAllValues:StringEquals", "ForAnyValue:StringNotEquals", "StringEqualsIfExists", "Null"] {
            assert_eq!(holds(json!({ operator: { "dynamodb:Attributes": "true" } }), unknown()), Unknown, "{operator}");
        }
    }

    #[test]
    fn all_conditions_have_to_hold() {
        let both = json!({ "StringEquals": { "aws:username": "ann" }, "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } });
        let from = |ip: &str| on("aws:username", &["ann"]).with("aws:SourceIp", [ip]);
        assert_eq!((holds(both.clone(), from("10.1.2.3")), holds(both, from("11.1.2.3"))), (Yes, No));
    }

    #[test]
    fn what_iam_has_not_is_refused() {
        let refused = |condition: Value| read(condition.as_object().unwrap(), true).is_err();
        assert!(refused(json!({ "StringMatches": { "aws:username": "a" } })));
        assert!(refused(json!({ "ForSomeValues:StringEquals": { "aws:username": "a" } })));
        assert!(refused(json!({ "StringEquals": { "aws:SourceOrgID": "a" } })));
        assert!(refused(json!({ "StringEquals": "a" })));
        assert!(refused(json!({ "StringEquals": { "aws:username": { "a": 1 } } })));
    }
}
