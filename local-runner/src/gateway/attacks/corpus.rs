//! How the files of the corpus are read.

use serde_json::Value;

use super::{Header, forge, target};
use crate::gateway::jwt::tests::{access_claims, id_claims, with};

/// An attack.
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    pub(super) columns: Vec<&'a str>,
}

pub(super) fn lines(file: &str) -> impl Iterator<Item = Line<'_>> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut columns = line.trim_end_matches(" |").split(" | ");
        Line { name: columns.next().unwrap_or_default(), columns: columns.collect() }
    })
}

/// What the words that begin with a dollar sign stand for.
pub(super) struct Placeholders(Vec<(String, Vec<u8>)>);

impl Placeholders {
    pub(super) fn new() -> Self {
        let mut words = of_claims("ID", &id_claims());
        words.extend(of_claims("ACCESS", &access_claims()));
        words.extend(of_tokens());
        words.extend(of_oddities());
        words.extend(forge::words().map(|(name, value)| (name.to_owned(), value)));
        words.sort_by_key(|(name, _)| std::cmp::Reverse(name.len())); // `$ID-aud` before `$ID`
        Self(words)
    }

    /// A text with its placeholders filled in.
    pub(super) fn bytes(&self, text: &str) -> Vec<u8> {
        let mut parts = text.split('$');
        let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
        for part in parts {
            let word = self.0.iter().find(|(name, _)| part.starts_with(name));
            let (name, value) = word.unwrap_or_else(|| panic!("nothing is called `${part}`"));
            bytes.extend(value);
            bytes.extend(&part.as_bytes()[name.len()..]);
        }
        bytes
    }

    pub(super) fn text(&self, text: &str) -> String {
        String::from_utf8(self.bytes(text)).unwrap()
    }

    /// Headers of which each is `Name: value`, with `\x00` for a byte and `\t` for a tab.
    pub(super) fn headers(&self, columns: &[&str]) -> Vec<Header> {
        columns
            .iter()
            .map(|header| {
                let (name, value) = header.split_once(':').unwrap();
                let value = unescaped(&self.bytes(value.strip_prefix(' ').unwrap_or(value)));
                (name.to_lowercase(), value)
            })
            .collect()
    }
}

/// All members, and all but one of them.
fn of_claims(word: &str, claims: &Value) -> Vec<(String, Vec<u8>)> {
    let members = |without: Option<&str>| {
        let members = claims.as_object().unwrap().iter().filter(|(name, _)| Some(name.as_str()) != without);
        members
            .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
            .collect::<Vec<_>>()
            .join(",")
            .into_bytes()
    };
    let some = claims.as_object().unwrap().keys().map(|name| (format!("{word}-{name}"), members(Some(name))));
    std::iter::once((word.to_owned(), members(None))).chain(some).collect()
}

fn of_tokens() -> Vec<(String, Vec<u8>)> {
    let token = forge::valid(&id_claims());
    let parts: Vec<_> = token.split('.').collect();
    let scoped = |scope: Value| forge::valid(&with(access_claims(), "scope", scope));
    let mut beside = with(access_claims(), "scp", Value::from(vec!["orders/read"]));
    beside["scope"] = "orders/write".into();
    let mut elsewhere = with(access_claims(), "scopes", "orders/write");
    elsewhere["scope"] = "orders/read".into();
    let words = [
        ("TOKEN", token.clone()),
        ("FIRST-AGAIN", forge::again(&id_claims())),
        ("TOKEN-LAST", token[..token.len() - 1].to_owned()),
        ("H", parts[0].to_owned()),
        ("P", parts[1].to_owned()),
        ("S", parts[2].to_owned()),
        ("STANDARD", forge::in_standard_base64(&id_claims())),
        ("FORGED", forge::token("forger", &forge::header(), id_claims().to_string().as_bytes())),
        ("EXPIRED", forge::valid(&with(id_claims(), "exp", target::NOW))),
        ("WRITER", scoped("orders/write".into())),
        ("ACCESS", scoped("orders/read".into())),
        ("SCOPE-PREFIX", scoped("orders/writ".into())),
        ("SCOPE-LONGER", scoped("orders/write2".into())),
        ("SCOPE-CAPITALS", scoped("ORDERS/WRITE".into())),
        ("SCOPE-STAR", scoped("orders/* *".into())),
        ("SCOPE-COMMA", scoped("orders/read,orders/write".into())),
        ("SCOPE-OBJECT", scoped(serde_json::json!({"orders/write": true}))),
        ("SCOPE-NESTED", scoped(serde_json::json!([["orders/write"]]))),
        ("SCOPE-BESIDE", forge::valid(&beside)),
        ("SCOPE-SCOPES", forge::valid(&elsewhere)),
    ];
    words.into_iter().map(|(name, token)| (name.to_owned(), token.into_bytes())).collect()
}

fn of_oddities() -> Vec<(String, Vec<u8>)> {
    let key = target::api_key();
    let deep = ["[".repeat(200), "]".repeat(200)].concat();
    let words: [(&str, Vec<u8>); 18] = [
        ("NOTHING", Vec::new()),
        ("DOLLAR", b"$".to_vec()),
        ("EMPTY", Vec::new()),
        ("NEWLINE", b"\n".to_vec()),
        ("LATIN1", b"Ren\xe9".to_vec()),
        ("BOM", "\u{feff}".into()),
        ("DEEP", deep.into()),
        ("LONG", vec![b'a'; 5_000]),
        ("NINE-THOUSAND", vec![b'a'; 9_000]),
        ("TWENTY-THOUSAND", vec![b'a'; 20_000]),
        ("TWO-THOUSAND", vec![b'a'; 2_000]),
        ("DOTS", "/..".repeat(3_000).into()),
        ("NOW", target::NOW.to_string().into()),
        ("NOW+1", (target::NOW + 1).to_string().into()),
        ("NOW-1", (target::NOW - 1).to_string().into()),
        ("KEY-CAPITALS", key.to_uppercase().into()),
        ("KEY-LAST", key[..key.len() - 1].into()),
        ("KEY", key.into()),
    ];
    words.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b'\\', [b't', after @ ..]) => {
                bytes.push(b'\t');
                after
            }
            (b'\\', [b'x', high, low, after @ ..]) => {
                let digits = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
                after
            }
            (byte, after) => {
                bytes.push(*byte);
                after
            }
        };
    }
    bytes
}
