//! The ports: one for each API and each function with a URL of its own, and one for AWS's APIs.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use ::http::{Request, Response};
use bytes::Bytes;
use skyloom_manifest::{Manifest, bridge::BoxFuture};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use super::{
    BindError, ServerError, Shared,
    http::{self, Answer},
    tls::Tls,
    websocket,
};
use crate::gateway::{BODY_LIMIT, Entrance};

/// DynamoDB takes 16 MB at most, and nothing else takes more.
const AWS_BODY_LIMIT: usize = 17 * 1024 * 1024;

/// Where each API is, by its name.
pub(super) type Addresses = Vec<(String, SocketAddr)>;
/// The ports of APIs that are not served yet, by name.
pub(super) type Listeners = Vec<(String, TcpListener)>;

/// Takes a port for each API that has none yet, from this one on, or any. An API that is gone keeps its own, and answers 404.
pub(super) async fn bind_gateways(
    manifest: &Manifest,
    mut taken: Addresses,
    first: u16,
) -> Result<(Addresses, Listeners), ServerError> {
    let (mut port, mut listeners) = (first, Vec::new());
    for entrance in Entrance::all(manifest) {
        let name = entrance.name().to_owned();
        if taken.iter().any(|(taken, _)| *taken == name) {
            continue;
        }
        let listener = bind(port, "--port").await?;
        taken.push((name.clone(), address(&listener)?));
        listeners.push((name, listener));
        port = if port == 0 { 0 } else { port.saturating_add(1) };
    }
    Ok((taken, listeners))
}

pub(super) fn serve(
    listeners: Listeners,
    shared: &Arc<Shared>,
    stop: &watch::Sender<bool>,
    tls: Option<&Tls>,
) -> Vec<JoinHandle<()>> {
    let serve = |(api, listener)| {
        let port = GatewayPort { api, shared: Arc::clone(shared), stop: stop.subscribe() };
        let tls = tls.map(|tls| tls.acceptor.clone());
        tokio::spawn(http::serve(listener, Arc::new(port), stop.subscribe(), tls))
    };
    listeners.into_iter().map(serve).collect()
}

pub(super) async fn bind(port: u16, option: &'static str) -> Result<TcpListener, BindError> {
    http::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), option).await
}

pub(super) fn address(listener: &TcpListener) -> Result<SocketAddr, ServerError> {
    listener.local_addr().map_err(|error| ServerError::Application(format!("a port was taken and lost: {error}")))
}

/// An API at its port.
struct GatewayPort {
    api: String,
    shared: Arc<Shared>,
    /// Changes when the server stops, which ends the connections of a WebSocket API.
    stop: watch::Receiver<bool>,
}

impl Answer for GatewayPort {
    const BODY_LIMIT: usize = BODY_LIMIT;

    fn answer(self: Arc<Self>, request: Request<Bytes>, from: IpAddr) -> BoxFuture<'static, Response<Bytes>> {
        let runner = self.shared.current();
        Box::pin(async move {
            if runner.manifest().api(&self.api).is_none_or(|api| api.websocket().is_none()) {
                return runner.gateway(&self.api, request, from).await;
            }
            let port = websocket::Port { api: &self.api, shared: &self.shared, stop: &self.stop };
            port.answer(request, from).await
        })
    }

    fn body_too_large(&self) -> Response<Bytes> {
        self.shared.current().refuse_body(&self.api)
    }
}

pub(super) struct AwsPort(pub(super) Arc<Shared>);

impl Answer for AwsPort {
    const BODY_LIMIT: usize = AWS_BODY_LIMIT;

    fn answer(self: Arc<Self>, request: Request<Bytes>, _: IpAddr) -> BoxFuture<'static, Response<Bytes>> {
        let runner = self.0.current();
        Box::pin(async move {
            let response = runner.aws().answer(request).await;
            self.0.wake.notify_one(); // an item, a user or an event may be new
            response
        })
    }

    fn body_too_large(&self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from_static(b"{\"message\":\"Request size is too large.\"}"));
        *response.status_mut() = ::http::StatusCode::PAYLOAD_TOO_LARGE;
        response
    }
}
