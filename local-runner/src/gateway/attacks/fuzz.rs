//! Requests, tokens, and answers of functions that are nearly right.

use std::{sync::LazyLock, time::Duration};

use proptest::prelude::*;
use tokio::runtime::{Builder, Runtime};

use super::{
    ANSWERS, REQUESTS, bearer,
    corpus::{Placeholders, lines},
    forge,
    target::{Kind, NOW, Target},
};
use crate::{
    fuzz::{changed, changed_text, config},
    gateway::{
        encoding,
        jwt::{
            self,
            tests::{access_claims, id_claims, issuer},
        },
    },
};

static WORDS: LazyLock<Placeholders> = LazyLock::new(Placeholders::new);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Http, Kind::Rest])
}

/// The paths of the corpus and those of the guards.
fn paths() -> Vec<String> {
    let attacks =
        lines(REQUESTS).filter_map(|line| WORDS.text(line.columns[1]).split_once(' ').map(|it| it.1.to_owned()));
    attacks
        .filter(|path| path.len() < 200)
        .chain(["/me", "/write", "/partners/7", "/open/x"].map(str::to_owned))
        .collect()
}

fn answers() -> Vec<String> {
    let replies = [
        r#"{"statusCode":200,"headers":{"content-type":"text/plain"},"cookies":["a=b"],"body":"aGVsbG8=","isBase64Encoded":true}"#,
        r#"{"statusCode":200,"multiValueHeaders":{"x-a":["1","2"]},"headers":{"x-b":3},"body":"hello"}"#,
    ];
    replies.map(str::to_owned).into_iter().chain(lines(ANSWERS).map(|line| line.columns[1].to_owned())).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_changed_token_is_refused(token in changed_text(vec![forge::valid(&id_claims()), forge::valid(&access_claims())])) {
        let is_changed = token != forge::valid(&id_claims()) && token != forge::valid(&access_claims());
        let verified = jwt::verify(&issuer(), &token, Duration::from_secs(NOW));
        prop_assert_eq!(verified.is_err(), is_changed);
    }

    #[test]
    fn whatever_the_pool_signs_is_read_or_refused(
        header in changed(vec![String::from_utf8(forge::header()).unwrap()]),
        payload in changed(vec![id_claims().to_string(), access_claims().to_string()]),
    ) {
        let token = forge::token("pool", &header, &payload);
        for scopes in [&[][..], &["orders/read".to_owned()]] {
            let _ = jwt::authorize(&issuer(), scopes, Some(&token), Duration::from_secs(NOW));
        }
    }

    #[test]
    fn no_path_and_no_header_gets_past_a_guard(
        kind in kind(),
        method in prop::sample::select(vec!["GET", "HEAD", "POST", "DELETE", "OPTIONS", "ANY", "get"]),
        path in changed_text(paths()),
        authorization in changed_text(vec!["Bearer a.b.c".into(), "Basic YTpi".into(), "AWS4-HMAC-SHA256 Credential=a/b/c/d/e".into()]),
    ) {
        let target = Target::new(kind);
        let headers = vec![("authorization".to_owned(), authorization.into_bytes())];
        if path.parse::<http::Uri>().is_ok() && http::HeaderValue::from_bytes(&headers[0].1).is_ok() {
            runtime().block_on(target.send(method, &path, &headers));
            prop_assert_eq!(target.entered(), Vec::<String>::new());
        }
    }

    #[test]
    fn an_authorizer_may_answer_anything(kind in kind(), answer in changed_text(answers())) {
        let target = Target::answering(kind, &answer);
        runtime().block_on(target.send("GET", "/partners/7", &bearer("x")));
    }

    #[test]
    fn a_function_may_answer_anything(kind in kind(), answer in changed(answers())) {
        let target = Target::with_functions(kind, answer.into());
        runtime().block_on(target.send("POST", "/open/x", &[]));
        prop_assert_eq!(target.last().0, "open");
    }

    #[test]
    fn a_query_may_be_anything(query in changed_text(vec!["a=b&c=%20d&a=e+f".into(), "%F0%9F%98%80=1&&=".into()])) {
        let _ = (encoding::query_parameters(&query), encoding::decode(&query));
    }
}
