use std::fmt;

use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::HttpError,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use skyloom_manifest::bridge::{NoAnswer, Transport};

/// Carries the SDK's signed requests to what is in this process in place of AWS.
#[derive(Clone)]
pub(crate) struct InProcess {
    transport: Transport,
}

impl InProcess {
    pub(crate) fn new(transport: Transport) -> Self {
        Self { transport }
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let transport = self.transport.clone();
        HttpConnectorFuture::new(async move {
            let request = plain_request(request).map_err(refused)?;
            let response = transport(request).await;
            if response.extensions().get::<NoAnswer>().is_some() {
                return Err(ConnectorError::io("the connection was closed before the answer came".into()));
            }
            sdk_response(response).map_err(refused)
        })
    }
}

fn plain_request(request: HttpRequest) -> Result<http::Request<Bytes>, HttpError> {
    let request = request.try_into_http1x()?;
    // The bodies of all requests that a function makes are in memory.
    Ok(request.map(|body| Bytes::copy_from_slice(body.bytes().unwrap_or_default())))
}

fn sdk_response(response: http::Response<Bytes>) -> Result<HttpResponse, HttpError> {
    HttpResponse::try_from(response.map(|body| SdkBody::from(body.to_vec())))
}

fn refused(error: HttpError) -> ConnectorError {
    ConnectorError::user(Box::new(error))
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").finish_non_exhaustive()
    }
}
