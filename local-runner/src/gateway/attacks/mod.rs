//! A corpus of attacks on the guards of APIs: each is a line of a text file with a name, sent to an HTTP API and to a REST API.
//!
//! An attack succeeds if a function behind a guard runs, or is told what the caller made up. That each guard lets in whom it should is
//! tested beside, so that nothing is refused by accident.

mod corpus;
mod forge;
mod fuzz;
mod target;

use http::StatusCode;
use serde_json::Value;

use self::{
    corpus::{Line, Placeholders, lines},
    target::{Kind, Target},
};

const TOKENS: &str = include_str!("tokens.txt");
const CREDENTIALS: &str = include_str!("credentials.txt");
const REQUESTS: &str = include_str!("requests.txt");
const ANSWERS: &str = include_str!("answers.txt");
const SPOOFS: &str = include_str!("spoofs.txt");

/// A header of a request.
type Header = (String, Vec<u8>);

fn bearer(token: &str) -> Vec<Header> {
    vec![("authorization".into(), format!("Bearer {token}").into_bytes())]
}

#[test]
fn the_corpus_has_hundreds_of_attacks_each_with_a_name_of_its_own() {
    for file in [TOKENS, CREDENTIALS, REQUESTS, ANSWERS, SPOOFS] {
        let mut names: Vec<_> = lines(file).map(|line| line.name).collect();
        names.sort_unstable();
        assert_eq!(names.windows(2).find(|pair| pair[0] == pair[1]), None);
    }
    let count = [TOKENS, CREDENTIALS, REQUESTS, ANSWERS, SPOOFS].map(|file| lines(file).count());
    assert!(count.iter().sum::<usize>() > 400, "{count:?}");
}

#[tokio::test(start_paused = true)]
async fn each_guard_lets_in_whom_it_should() {
    let words = Placeholders::new();
    for kind in [Kind::Http, Kind::Rest] {
        let target = Target::new(kind);
        for (path, credential) in [
            ("/me", "$TOKEN"),
            ("/me", "$FIRST-AGAIN"), // made as the attacks are
            ("/write", "$WRITER"),
            ("/partners/7", "good"),
        ] {
            let response = target.send("GET", path, &bearer(&words.text(credential))).await;
            assert_eq!(response.status(), 200, "{kind:?} {path} {credential}");
        }
        let response = target.send("DELETE", "/open/x", &bearer(&words.text("$TOKEN"))).await;
        assert_eq!(response.status(), 200, "{kind:?}");
        assert_eq!(target.entered(), ["me", "me", "write", "partner", "drop"]);
        target.send("POST", "/open/x", &[]).await;
        assert_eq!((target.last().0.as_str(), target.entered().len()), ("open", 5));
    }
    let target = Target::new(Kind::Rest);
    target.send("GET", "/keyed", &[("x-api-key".into(), words.bytes("$KEY"))]).await;
    assert_eq!(target.entered(), ["keyed"]);
}

#[tokio::test(start_paused = true)]
async fn no_token_of_the_corpus_is_let_in() {
    let words = Placeholders::new();
    for kind in [Kind::Http, Kind::Rest] {
        let target = Target::new(kind);
        for Line { name, columns } in lines(TOKENS) {
            let [signer, header, payload] = columns[..] else { panic!("`{name}` has a column too many or too few") };
            let token = forge::token(signer, &words.bytes(header), &words.bytes(payload));
            for path in ["/me", "/write"] {
                let response = target.send("GET", path, &bearer(&token)).await;
                refused(kind, name, path, response.status(), &target);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_credential_of_the_corpus_is_let_in() {
    let words = Placeholders::new();
    for kind in [Kind::Http, Kind::Rest] {
        let target = Target::new(kind);
        for Line { name, columns } in lines(CREDENTIALS) {
            for path in ["/me", "/write", "/signed", "/keyed"] {
                let response = target.send("GET", path, &words.headers(&columns)).await;
                refused(kind, name, path, response.status(), &target);
            }
        }
    }
}

fn refused(kind: Kind, name: &str, path: &str, status: StatusCode, target: &Target) {
    assert!(status.is_client_error(), "{kind:?} {path} answers {status} to `{name}`");
    assert_eq!(target.entered(), [""; 0], "{kind:?} {path} lets in `{name}`");
}

#[tokio::test(start_paused = true)]
async fn no_request_of_the_corpus_is_let_in() {
    let words = Placeholders::new();
    for Line { name, columns } in lines(REQUESTS) {
        let [kinds, request, headers @ ..] = &columns[..] else { panic!("`{name}` has no request") };
        let (method, path) = request.split_once(' ').unwrap();
        for kind in Kind::named(kinds) {
            let target = Target::new(kind);
            target.send(method, &words.text(path), &words.headers(headers)).await;
            assert_eq!(target.entered(), [""; 0], "{kind:?} lets in `{name}`");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_of_an_authorizer_but_a_clear_one_lets_in() {
    for Line { name, columns } in lines(ANSWERS) {
        let [kind, answer] = columns[..] else { panic!("`{name}` has a column too many or too few") };
        for kind in Kind::named(kind) {
            let target = Target::answering(kind, answer);
            let status = target.send("GET", "/partners/7", &bearer("x")).await.status();
            assert!(!status.is_success(), "{kind:?} answers {status} to `{name}`");
            assert_eq!(
                (target.last().0.as_str(), target.entered()),
                ("gate", Vec::<String>::new()),
                "{kind:?} lets in `{name}`"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_caller_says_of_itself_is_not_believed() {
    let words = Placeholders::new();
    for kind in [Kind::Http, Kind::Rest] {
        let target = Target::new(kind);
        let mut headers = bearer(&words.text("$TOKEN"));
        target.send("GET", "/me", &headers).await;
        let expected = told(&target);
        for Line { name, columns } in lines(SPOOFS) {
            headers.truncate(1);
            headers.extend(words.headers(&columns[1..]));
            assert_eq!(target.send("GET", "/me", &headers).await.status(), 200, "{kind:?} `{name}`");
            assert_eq!(told(&target), expected, "{kind:?} `{name}`");
        }
    }
}

/// What a function is told of the caller, the request and the API, and what it is called.
fn told(target: &Target) -> (String, Vec<Value>) {
    let (name, mut event) = target.last();
    let mut context = event["requestContext"].take();
    for other in ["requestId", "extendedRequestId"] {
        context[other].take(); // each request has its own
    }
    let headers = &event["headers"];
    let added = ["x-forwarded-proto", "X-Forwarded-Proto", "x-forwarded-port", "X-Forwarded-Port"];
    let mut told = vec![context, event["body"].clone(), event["httpMethod"].clone(), event["path"].clone()];
    told.extend(added.map(|name| headers[name].clone()));
    (name, told)
}
