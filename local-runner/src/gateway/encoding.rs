use std::{borrow::Cow, collections::BTreeMap};

use percent_encoding::percent_decode_str;

/// A percent-decoded text, or nothing where an escape is broken or the bytes are no UTF-8.
pub(super) fn decode(text: &str) -> Option<Cow<'_, str>> {
    escapes_are_whole(text).then(|| percent_decode_str(text).decode_utf8().ok()).flatten()
}

/// Whether two digits follow each `%`.
pub(super) fn escapes_are_whole(text: &str) -> bool {
    text.split('%').skip(1).all(|after| {
        let digits = after.as_bytes();
        digits.len() >= 2 && digits[..2].iter().all(u8::is_ascii_hexdigit)
    })
}

/// `queryStringParameters`: names and values decoded, the values of a repeated name joined with commas. What cannot be
/// decoded is left out, as API Gateway does; it is still in `rawQueryString`.
pub(super) fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in query_pairs(query) {
        parameters
            .entry(name)
            .and_modify(|joined| {
                joined.push(',');
                joined.push_str(&value);
            })
            .or_insert(value);
    }
    parameters
}

/// The parameters of a query one by one, decoded; what cannot be decoded is left out.
pub(super) fn query_pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.split('&').filter(|pair| !pair.is_empty()).filter_map(pair)
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let form = |part: &str| decode(&part.replace('+', " ")).map(Cow::into_owned);
    Some((form(name)?, form(value)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> = expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        assert_eq!(query_parameters(query).into_iter().collect::<Vec<(String, String)>>(), expected, "{query}");
    }

    #[test]
    fn values_of_a_repeated_name_are_joined_with_commas() {
        check("tag=important&tag=urgent&status=pending", &[("status", "pending"), ("tag", "important,urgent")]);
    }

    #[test]
    fn names_and_values_are_decoded() {
        check("q=Hello%20World&tag=C%23", &[("q", "Hello World"), ("tag", "C#")]);
        check("a+b=c+d&e=%2B", &[("a b", "c d"), ("e", "+")]);
        check("%E2%98%95=%F0%9F%98%8A", &[("\u{2615}", "\u{1f60a}")]);
        check("a=b=c", &[("a", "b=c")]);
    }

    #[test]
    fn a_missing_value_is_empty() {
        check("a&b=&&=c", &[("", "c"), ("a", ""), ("b", "")]);
        check("", &[]);
    }

    #[test]
    fn what_cannot_be_decoded_is_left_out() {
        check("a=%ZZ&b=%F&c=%FF&d=1", &[("d", "1")]);
    }
}
