//! Other servers, as services reach them.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

use crate::cognito::Fetch;

/// What another provider may take for an answer, as at Cognito.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST: usize = 1024 * 1024;

/// A client for HTTP and HTTPS that trusts what the machine trusts. It follows no redirects.
pub(super) fn fetch() -> Fetch {
    let connector = hyper_rustls::HttpsConnectorBuilder::new().with_native_roots();
    let client = connector.map(|connector| {
        let connector = connector.https_or_http().enable_http1().build();
        Client::builder(TokioExecutor::new()).build::<_, Full<Bytes>>(connector)
    });
    let client = client.map_err(|error| format!("the machine's certificates cannot be read: {error}"));
    Arc::new(move |request| {
        let client = client.clone();
        Box::pin(async move {
            let client = client?;
            let answered = async {
                let response = client.request(request.map(Full::new)).await.map_err(|error| causes(&error))?;
                let (parts, body) = response.into_parts();
                let body = Limited::new(body, LONGEST).collect().await.map_err(|error| error.to_string())?;
                Ok(Response::from_parts(parts, body.to_bytes()))
            };
            tokio::time::timeout(PATIENCE, answered).await.unwrap_or_else(|_| Err("no answer within 5 s".into()))
        })
    })
}

/// An error with what is behind it: `hyper`'s own says only that it could not connect.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[tokio::test]
    async fn a_server_that_is_not_there_is_said_to_be() {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let request = Request::get(format!("http://{free}/")).body(Bytes::new()).unwrap();
        let error = fetch()(request).await.unwrap_err();
        assert!(error.contains("onnect"), "{error}");
    }
}
