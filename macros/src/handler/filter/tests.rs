use expect_test::{Expect, expect};

use super::*;

fn check(text: &str, expected: Expect) {
    let setting = syn::parse_str(text).unwrap();
    let shown = match read(&setting) {
        Ok(terms) => terms.iter().map(show).collect::<Vec<_>>().join(" and "),
        Err(errors) => errors.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n"),
    };
    expected.assert_eq(&shown);
}

fn show(term: &Term) -> String {
    match term {
        Term::Event(events) => format!("event in {events:?}"),
        Term::Any(of) => {
            let all = |terms: &Vec<Term>| terms.iter().map(show).collect::<Vec<_>>().join(" and ");
            format!("({})", of.iter().map(all).collect::<Vec<_>>().join(" or "))
        }
        Term::Attribute(attribute) => {
            let Attribute { image, field, within, test } = &**attribute;
            let path: Vec<_> = std::iter::once(field).chain(within).map(names::text).collect();
            format!("{image:?}.{} {}", path.join("."), show_test(test))
        }
    }
}

fn show_test(test: &Test) -> String {
    match test {
        Test::Strings(values) => format!("S {values:?}"),
        Test::Numbers(values) => format!("N {values:?}"),
        Test::Bool(value) => format!("BOOL {value}"),
        Test::Prefix(values) => format!("prefix {values:?}"),
        Test::Suffix(values) => format!("suffix {values:?}"),
        Test::EqualsIgnoreCase(values) => format!("ignoring case {values:?}"),
        Test::AnythingBut(test) => format!("but {}", show_test(test)),
        Test::Numeric(bounds) => format!("{bounds:?}"),
        Test::Exists => "exists".into(),
        Test::NotExists => "does not exist".into(),
    }
}

#[test]
fn a_term_is_about_the_event_or_a_field() {
    check(
        r#"filter(new.status = "paid", old.status = ["open", "held"], event = "modify", key.id = "a",)"#,
        expect![[
            r#"New.status S ["paid"] and Old.status S ["open", "held"] and event in ["MODIFY"] and Key.id S ["a"]"#
        ]],
    );
    check(
        "filter(new.total = -5, new.r#type = true, new.open != true)",
        expect![[r#"New.total N ["-5"] and New.type BOOL true and New.open BOOL false"#]],
    );
    check("filter(new.rate = [1.50, 2.0, 10])", expect![[r#"New.rate N ["1.5", "2", "10"]"#]]);
}

#[test]
fn every_operator_of_texts() {
    check(
        r#"filter(old.status != "paid", new.status != ["a", "b"])"#,
        expect![[r#"Old.status but S ["paid"] and New.status but S ["a", "b"]"#]],
    );
    check(
        r#"filter(new.a starts_with "x", new.b ends_with ["y", "z"], new.c equals_ignore_case "q")"#,
        expect![[r#"New.a prefix ["x"] and New.b suffix ["y", "z"] and New.c ignoring case ["q"]"#]],
    );
    check(
        r#"filter(new.a not starts_with "x", new.b not ends_with "y", new.c not equals_ignore_case "q")"#,
        expect![[r#"New.a but prefix ["x"] and New.b but suffix ["y"] and New.c but ignoring case ["q"]"#]],
    );
    check("filter(new.a exists, old.a not exists)", expect!["New.a exists and Old.a does not exist"]);
}

#[test]
fn numbers_have_bounds() {
    check(
        "filter(new.a > 1, new.b >= 1.50, new.c < -2, new.d <= 3)",
        expect![[
            r#"New.a [(Greater, "1")] and New.b [(GreaterOrEqual, "1.5")] and New.c [(Less, "-2")] and New.d [(LessOrEqual, "3")]"#
        ]],
    );
    check(
        "filter(new.a in 10..=100, new.b in 1..5, new.c in ..=9, new.d in 7..)",
        expect![[
            r#"New.a [(GreaterOrEqual, "10"), (LessOrEqual, "100")] and New.b [(GreaterOrEqual, "1"), (Less, "5")] and New.c [(LessOrEqual, "9")] and New.d [(GreaterOrEqual, "7")]"#
        ]],
    );
    check("filter(new.a != 5, new.b != [1, 2])", expect![[r#"New.a but N ["5"] and New.b but N ["1", "2"]"#]]);
}

#[test]
fn a_path_goes_into_structs() {
    check(
        r#"filter(new.address.home.city = "Bern", new.address.home.r#type exists)"#,
        expect![[r#"New.address.home.city S ["Bern"] and New.address.home.type exists"#]],
    );
}

#[test]
fn one_of_several_terms_may_be_enough() {
    check(
        r#"filter(new.status = "paid", any(old.status != "paid", event = "insert", all(new.a = 1, new.b = 2)))"#,
        expect![[
            r#"New.status S ["paid"] and (Old.status but S ["paid"] or event in ["INSERT"] or New.a N ["1"] and New.b N ["2"])"#
        ]],
    );
}

#[test]
fn a_wrong_term_says_what_to_write() {
    check(
        "filter",
        expect![[
            r#"`filter` has its terms in parentheses: write `filter(new.status = "paid")`, with `new.field`, `old.field`, `key.field` or `event` at the beginning of a term"#
        ]],
    );
    check(
        "filter()",
        expect![[
            r#"this filter has no term: write `filter(new.status = "paid")`, with `new.field`, `old.field`, `key.field` or `event` at the beginning of a term"#
        ]],
    );
    check(
        "filter(status = 1)",
        expect![[
            r#"this is no subject of a filter: write `filter(new.status = "paid")`, with `new.field`, `old.field`, `key.field` or `event` at the beginning of a term"#
        ]],
    );
    check(
        "filter(new.status)",
        expect![
            "a term says what has to be: write `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `starts_with`, `ends_with`, `equals_ignore_case`, `exists` or, before one of the last four, `not` after it"
        ],
    );
    check(
        "filter(new.status == 1)",
        expect![
            "this is no operator of a filter: there are `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `starts_with`, `ends_with`, `equals_ignore_case`, `exists` or, before one of the last four, `not`"
        ],
    );
    check(
        "filter(new.status like \"a\")",
        expect![
            "this is no operator of a filter: there are `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `starts_with`, `ends_with`, `equals_ignore_case`, `exists` or, before one of the last four, `not`"
        ],
    );
    check(
        "filter(new.status not = \"a\")",
        expect![
            "this is no operator of a filter: there are `=`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `starts_with`, `ends_with`, `equals_ignore_case`, `exists` or, before one of the last four, `not`"
        ],
    );
    check("filter(new.status starts_with)", expect![[r#"a text follows: write `starts_with "text"`"#]]);
    check("filter(new.status starts_with \"\")", expect!["every text does: leave this term out, or write `exists`"]);
    check("filter(new.status starts_with 5)", expect!["a list has values of one type: this is no string"]);
    check("filter(new.total > \"a\")", expect!["only numbers are compared so: write `> 100`"]);
    check("filter(new.total in ..)", expect!["a range has an end: write `in 10..=100`"]);
    check(
        "filter(new.a in 9..1, new.b in 1..1)",
        expect![[r#"
            this range is empty: write the lesser number first
            this range is empty: write the lesser number first"#]],
    );
    check("filter(event = \"inserted\")", expect!["`inserted` is no event of a stream: did you mean `insert`?"]);
    check(
        "filter(event != \"insert\")",
        expect![[r#"an event is one of a few: write `event = ["insert", "modify"]`"#]],
    );
    check("filter(event = [\"insert\", \"insert\"])", expect!["this event is in the list twice"]);
    check("filter(new.a = [\"x\", 1])", expect!["a list has values of one type: this is no string"]);
    check(
        "filter(new.a = 1e3)",
        expect!["a stream's records have numbers in plain decimal: write it without exponent"],
    );
    check(
        "filter(new.a = [])",
        expect!["a filter compares with a string, a number, `true` or `false`, or with a list of strings or numbers"],
    );
    check("filter(new.a = 'c')", expect!["a filter compares with strings, numbers, `true` or `false`"]);
    check(
        "filter(new.a = 1, new.a = 2)",
        expect![[
            r#"this filter has a term for it already: write the values as a list, `["a", "b"]`, or as a range, `in 1..=9`"#
        ]],
    );
    check("filter(any(new.a = 1))", expect!["`any` has two terms at least, of which one has to hold"]);
    check(
        "filter(any(new.a = 1, any(new.b = 1, new.c = 1)))",
        expect!["an `any` holds no other: write its terms side by side"],
    );
    check("filter(or(new.a = 1, new.b = 1))", expect!["terms are grouped by `any(…)`, and by `all(…)` in it"]);
    check(
        "filter(any(new.a = 1, new.b = 1), any(new.a = 1, new.b = 1))",
        expect!["a filter takes one `any`: write several `filter`s, or lists of values"],
    );
}
