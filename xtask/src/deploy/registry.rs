//! A container registry's HTTP API, as far as it takes to bring an image there.
//!
//! <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push>. What sends and retries is what the AWS SDKs are made of.

use std::{fmt, io};

use anyhow::{Context, Result, anyhow, ensure};
use aws_smithy_runtime::client::{
    orchestrator::operation::Operation,
    retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        behavior_version::BehaviorVersion,
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
    },
};
use aws_smithy_types::{body::SdkBody, retry::RetryConfig};
use http::{Method, Uri, header};

use super::{
    failure,
    image::{Blob, Layout},
};

/// A repository of a registry, and the right to write to it.
#[derive(Debug)]
pub(super) struct Registry {
    repository: String,
    /// Its host and port, to which a place that it names has to belong.
    authority: String,
    http: Operation<Request, Response, io::Error>,
}

impl Registry {
    /// The repository at the endpoint, `https://HOST`; the token is `USER:PASSWORD` in base64.
    pub(super) fn new(endpoint: &str, token: &str, repository: &str) -> Result<Self> {
        Self::with_retries(endpoint, token, repository, &RetryConfig::standard())
    }

    fn with_retries(endpoint: &str, token: &str, repository: &str, retries: &RetryConfig) -> Result<Self> {
        let uri: Uri = endpoint.parse().with_context(|| format!("{endpoint} is no address of a registry"))?;
        let authority = uri.authority().with_context(|| format!("{endpoint} has no host"))?.to_string();
        let authorization = format!("Basic {token}");
        let http = Operation::builder()
            .service_name("registry")
            .operation_name("push")
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(endpoint)
            .no_auth()
            .standard_retry(retries)
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(TransientErrorClassifier::<io::Error>::new())
            .serializer(move |request: Request| request.into_http(&authorization))
            .deserializer(response)
            .build();
        Ok(Self { repository: repository.to_owned(), authority, http })
    }

    /// Brings an image there, unless it is there already: its parts first, and then the manifest that names them. Says whether
    /// it was brought.
    pub(super) async fn push(&self, image: &Layout) -> Result<bool> {
        if self.has("manifests", &image.manifest.digest).await? {
            return Ok(false);
        }
        for part in &image.parts {
            if !self.has("blobs", &part.digest).await? {
                self.upload(image.read(part)?).await?;
            }
        }
        self.tag(&image.manifest).await?;
        Ok(true)
    }

    async fn has(&self, kind: &str, digest: &str) -> Result<bool> {
        let request = Request::new(Method::HEAD, self.path(&format!("{kind}/{digest}")));
        match self.send(request).await? {
            Response { status: 200, .. } => Ok(true),
            Response { status: 404, .. } => Ok(false),
            other => Err(other.unexpected(&format!("looked for {digest}"))),
        }
    }

    /// An upload is begun, gets its bytes, and is ended with the digest, each at the place that the answer before has named.
    async fn upload(&self, blob: Blob) -> Result<()> {
        let what = format!("uploaded {}", blob.digest);
        let begun = self.send(Request::new(Method::POST, self.path("blobs/uploads/"))).await?;
        let place = self.place(&begun, &what)?;
        let bytes = Request::new(Method::PATCH, place).body("application/octet-stream", blob.bytes);
        let sent = self.send(bytes).await?;
        let place = self.place(&sent, &what)?;
        let separator = if place.contains('?') { '&' } else { '?' };
        let end = Request::new(Method::PUT, format!("{place}{separator}digest={}", blob.digest));
        match self.send(end).await? {
            Response { status: 201, .. } => Ok(()),
            other => Err(other.unexpected(&what)),
        }
    }

    /// Where an upload goes on: a path, or an address of this registry.
    fn place(&self, response: &Response, what: &str) -> Result<String> {
        if response.status != 202 {
            return Err(response.unexpected(what));
        }
        let place = response.location.as_deref().context("the registry does not say where an upload goes on")?;
        let uri: Uri = place.parse().with_context(|| format!("{place} is no place of an upload"))?;
        let elsewhere = uri.authority().is_some_and(|authority| *authority != *self.authority);
        ensure!(!elsewhere, "the registry sends an upload to another host, {place}, which has no right to its token");
        Ok(uri.path_and_query().context("an upload has no path")?.to_string())
    }

    /// The tag is the digest itself, so that it never has to move.
    async fn tag(&self, manifest: &Blob) -> Result<()> {
        let tag = manifest.digest.replace(':', "-");
        let request = Request::new(Method::PUT, self.path(&format!("manifests/{tag}")));
        match self.send(request.body(&manifest.media_type, manifest.bytes.clone())).await? {
            Response { status: 201, .. } => Ok(()),
            other => Err(other.unexpected(&format!("named {tag}"))),
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/v2/{}/{rest}", self.repository)
    }

    async fn send(&self, request: Request) -> Result<Response> {
        let what = format!("{request:?}");
        let answer = self.http.invoke(request).await;
        answer
            .map_err(|error| anyhow!("the registry {} gave no answer to {what}: {:#}", self.authority, anyhow!(error)))
    }
}

/// A request to the registry; what it is retried with is the same.
struct Request {
    method: Method,
    path: String,
    media_type: Option<String>,
    body: Vec<u8>,
}

impl Request {
    fn new(method: Method, path: String) -> Self {
        Self { method, path, media_type: None, body: Vec::new() }
    }

    fn body(self, media_type: &str, body: Vec<u8>) -> Self {
        Self { media_type: Some(media_type.to_owned()), body, ..self }
    }

    fn into_http(self, authorization: &str) -> Result<HttpRequest, BoxError> {
        let mut request = http::Request::builder()
            .method(self.method)
            .uri(self.path)
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/vnd.oci.image.manifest.v1+json, */*")
            .header(header::CONTENT_LENGTH, self.body.len());
        if let Some(media_type) = self.media_type {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        Ok(HttpRequest::try_from(request.body(SdkBody::from(self.body))?)?)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[derive(Debug)]
struct Response {
    status: u16,
    location: Option<String>,
    body: String,
}

impl Response {
    fn unexpected(&self, what: &str) -> anyhow::Error {
        failure::denied(&self.body).map_or_else(
            || anyhow!("the registry answered {} when this {what}: {}", self.status, self.body.trim()),
            |denied| anyhow!(denied),
        )
    }
}

/// Only what is worth a retry is an error here; what else an answer means, who has asked knows.
fn response(response: &HttpResponse) -> Result<Response, OrchestratorError<io::Error>> {
    let status = response.status().as_u16();
    if status >= 500 {
        return Err(OrchestratorError::operation(io::Error::other(format!("status {status}"))));
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Response {
        status,
        location: response.headers().get("location").map(str::to_owned),
        body: response.body().bytes().map(text).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;
