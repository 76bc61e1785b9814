//! A filter in the language of event source mappings.

use serde_json::{Map, Value, json};

use super::filter::{FilterKind, Image, StreamFilter, Term, Test};

impl StreamFilter {
    /// The filter in EventBridge's pattern language, as an event source mapping takes it.
    ///
    /// Numeric ranges become the existence of a number: a stream's record has its numbers as strings, which Lambda
    /// does not compare as numbers.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html>
    pub fn pattern(&self) -> Value {
        let mut pattern = Map::new();
        self.terms.iter().for_each(|term| add(&mut pattern, term));
        pattern.into()
    }
}

fn add(pattern: &mut Map<String, Value>, term: &Term) {
    match term {
        Term::Event { names } => _ = pattern.insert("eventName".into(), names.clone().into()),
        Term::Any { of } => {
            let alternatives: Vec<_> = of.iter().map(StreamFilter::pattern).collect();
            pattern.insert("$or".into(), alternatives.into());
        }
        Term::Attribute { image, attribute, within, test } => {
            // Value's index operator makes the objects on the way.
            let mut place = &mut pattern.entry("dynamodb").or_insert_with(|| json!({}))[member(*image)][attribute];
            for name in within {
                place = &mut place["M"][name];
            }
            place[letter(test.kind())] = tests(test);
        }
    }
}

/// The member of a record's `dynamodb` that has the attribute.
pub(super) fn member(image: Image) -> &'static str {
    match image {
        Image::New => "NewImage",
        Image::Old => "OldImage",
        Image::Key => "Keys",
    }
}

/// DynamoDB's name of the type.
pub(super) fn letter(kind: FilterKind) -> &'static str {
    match kind {
        FilterKind::String => "S",
        FilterKind::Number => "N",
        FilterKind::Bool => "BOOL",
        FilterKind::Binary => "B",
    }
}

/// What a value may match, one of these.
fn tests(test: &Test) -> Value {
    let each = |operator: &str, operands: &[String]| -> Value {
        operands.iter().map(|operand| json!({ operator: operand })).collect()
    };
    match test {
        Test::String { equals } | Test::Number { equals } => equals.clone().into(),
        Test::Bool { equals } => json!([equals]),
        Test::Prefix { of } => each("prefix", of),
        Test::Suffix { of } => each("suffix", of),
        Test::EqualsIgnoreCase { to } => each("equals-ignore-case", to),
        Test::AnythingBut { test } => json!([{ "anything-but": operands(test) }]),
        Test::Numeric { .. } | Test::Exists { .. } => json!([{ "exists": true }]),
        Test::NotExists { .. } => json!([{ "exists": false }]),
    }
}

/// What follows `anything-but`.
fn operands(test: &Test) -> Value {
    match test {
        Test::Prefix { of } => json!({ "prefix": of }),
        Test::Suffix { of } => json!({ "suffix": of }),
        Test::EqualsIgnoreCase { to } => json!({ "equals-ignore-case": to }),
        plain => tests(plain),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::{Bound, Comparison};

    fn attribute(image: Image, attribute: &str, test: Test) -> Term {
        Term::Attribute { image, attribute: attribute.into(), within: vec![], test }
    }

    fn check(terms: Vec<Term>, expected: Expect) {
        expected.assert_eq(&StreamFilter { terms }.pattern().to_string());
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn terms_of_one_filter_are_one_object() {
        check(
            vec![
                Term::Event { names: strings(&["MODIFY"]) },
                attribute(Image::New, "status", Test::String { equals: strings(&["paid"]) }),
                attribute(Image::Old, "open", Test::Bool { equals: true }),
                attribute(Image::Key, "id", Test::Prefix { of: strings(&["A#", "B#"]) }),
            ],
            expect![[
                r#"{"dynamodb":{"Keys":{"id":{"S":[{"prefix":"A#"},{"prefix":"B#"}]}},"NewImage":{"status":{"S":["paid"]}},"OldImage":{"open":{"BOOL":[true]}}},"eventName":["MODIFY"]}"#
            ]],
        );
    }

    #[test]
    fn a_nested_attribute_is_within_maps() {
        let test = Test::Suffix { of: strings(&["burg"]) };
        let within = strings(&["home", "city"]);
        check(
            vec![Term::Attribute { image: Image::New, attribute: "address".into(), within, test }],
            expect![[
                r#"{"dynamodb":{"NewImage":{"address":{"M":{"home":{"M":{"city":{"S":[{"suffix":"burg"}]}}}}}}}}"#
            ]],
        );
    }

    #[test]
    fn anything_but_takes_the_list_and_the_prefixes() {
        let but = |test| Test::AnythingBut { test: Box::new(test) };
        check(
            vec![
                attribute(Image::New, "a", but(Test::Number { equals: strings(&["1", "2"]) })),
                attribute(Image::New, "b", but(Test::Prefix { of: strings(&["x"]) })),
                attribute(Image::New, "c", but(Test::EqualsIgnoreCase { to: strings(&["y"]) })),
            ],
            expect![[
                r#"{"dynamodb":{"NewImage":{"a":{"N":[{"anything-but":["1","2"]}]},"b":{"S":[{"anything-but":{"prefix":["x"]}}]},"c":{"S":[{"anything-but":{"equals-ignore-case":["y"]}}]}}}}"#
            ]],
        );
    }

    #[test]
    fn a_range_lets_every_number_through_to_the_function() {
        let bounds = vec![Bound { is: Comparison::Greater, than: "100".into() }];
        check(
            vec![attribute(Image::New, "total", Test::Numeric { bounds })],
            expect![[r#"{"dynamodb":{"NewImage":{"total":{"N":[{"exists":true}]}}}}"#]],
        );
    }

    #[test]
    fn alternatives_are_an_or() {
        let not_there = attribute(Image::Old, "status", Test::NotExists { kind: FilterKind::String });
        let inserted = Term::Event { names: strings(&["INSERT"]) };
        check(
            vec![Term::Any {
                of: vec![StreamFilter { terms: vec![not_there] }, StreamFilter { terms: vec![inserted] }],
            }],
            expect![[
                r#"{"$or":[{"dynamodb":{"OldImage":{"status":{"S":[{"exists":false}]}}}},{"eventName":["INSERT"]}]}"#
            ]],
        );
    }
}
