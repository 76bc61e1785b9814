//! What answers in place of a function, and what does not answer.

use std::time::Duration;

use http::{Request, StatusCode};
use serde_json::json;
use skyloom_manifest::{Auth, HttpMethod, SourceLocation};

use super::*;

const TIMEOUT: Duration = Duration::from_secs(30);

fn services(forward: Forward) -> Services {
    Services { forward, send_message: Arc::new(|_, _| false), put_item: Arc::new(|_, _| Response::new(Bytes::new())) }
}

fn integration(target: Target) -> Direct {
    let source = SourceLocation { file: "src/lib.rs".into(), line: 1 };
    let integration = Integration {
        name: "Docs".into(),
        description: None,
        source,
        api: "Web".into(),
        method: HttpMethod::Any,
        path: "/docs/{page+}".into(),
        auth: Auth::Public,
        target,
    };
    Direct { integration, table: None }
}

async fn answer(kind: Kind, target: Target, forward: Forward) -> Result<Response<Bytes>, Failure> {
    let request = Request::get("/docs/a").body(Bytes::from("{}")).unwrap();
    let event = json!({"routeKey": "ANY /docs/{page+}", "headers": {}});
    let admitted = Admitted {
        kind,
        method: request.method(),
        uri: request.uri(),
        headers: request.headers(),
        body: request.body(),
        parameters: &[("page".into(), "a".into())],
        event: &event,
        new_id: "1".into(),
    };
    integration(target).answer(&admitted, &services(forward), TIMEOUT).await
}

fn docs() -> Target {
    Target::Http { url: "https://example.org/{page}".into() }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_too_slow_is_not_waited_for() {
    let never: Forward = Arc::new(|_| Box::pin(std::future::pending()));
    assert_eq!(answer(Kind::Http, docs(), never).await.unwrap_err(), Failure::TimedOut);
}

#[tokio::test]
async fn a_server_that_is_not_there_or_says_too_much_is_a_failure() {
    for (error, failure) in
        [(ForwardError::Unreachable, Failure::Unreachable), (ForwardError::TooLarge, Failure::Internal)]
    {
        let forward: Forward = Arc::new(move |_| Box::pin(async move { Err(error) }));
        assert_eq!(answer(Kind::Rest, docs(), forward).await.unwrap_err(), failure);
    }
    let long: Forward =
        Arc::new(|_| Box::pin(async { Ok(Response::new(Bytes::from(vec![b'a'; 10 * 1024 * 1024 + 1]))) }));
    assert_eq!(answer(Kind::Rest, docs(), long).await.unwrap_err(), Failure::Internal);
}

#[tokio::test]
async fn a_role_that_may_not_send_sends_nothing() {
    let nowhere: Forward = Arc::new(|_| Box::pin(async { Err(ForwardError::Unreachable) }));
    let queue = || Target::Queue { queue: skyloom_manifest::Destination::Queue { name: "Jobs".into() } };
    let of_rest = answer(Kind::Rest, queue(), nowhere.clone()).await.unwrap();
    assert_eq!(of_rest.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer(Kind::Http, queue(), nowhere).await.unwrap_err(), Failure::Internal);
}
