//! What comes in from outside: requests to APIs, and connections.

use std::net::IpAddr;

use bytes::Bytes;

use super::Runner;
use crate::{
    event_log::Event,
    fault::cause,
    gateway::{
        self, Served, Socket, WebSocketApi,
        websocket::{Closing, Ended, Incoming},
    },
    iam::{self, Credentials},
};

impl Runner {
    /// Answers a request to an API.
    pub(crate) async fn gateway(
        &self,
        api: &str,
        request: http::Request<Bytes>,
        from: IpAddr,
    ) -> http::Response<Bytes> {
        if let Some(socket) = self.sockets.get(api) {
            return socket.refuse_request();
        }
        let Some(gateway) = self.gateways.get(api) else { return gateway::no_api() };
        if !self.faults.log.is_kept() {
            return gateway.handle(request, from).await;
        }
        let line = format!("{} {}", request.method(), request.uri());
        self.faults.log.add(|| Event::Request(line.clone()));
        let response = cause(&*line, gateway.handle(request, from)).await;
        self.faults.log.add(|| Event::Reply { request: line, status: response.status().as_u16() });
        response
    }

    /// Answers a request whose body is longer than the API takes.
    pub(crate) fn refuse_body(&self, api: &str) -> http::Response<Bytes> {
        if let Some(socket) = self.sockets.get(api) {
            return socket.refuse_request(); // as any request that begins no connection
        }
        self.gateways.get(api).map_or_else(gateway::no_api, Served::refuse_body)
    }

    /// The key that a REST API takes.
    pub(crate) fn api_key(&self, api: &str) -> Option<&str> {
        self.gateways.get(api).and_then(Served::api_key)
    }

    /// Signs a request to an API as of now.
    pub(crate) fn sign(&self, api: &str, request: &mut http::Request<Bytes>, credentials: &Credentials) {
        let gateway = self.gateways.get(api).map(Served::domain_name);
        let domain_name = gateway.or_else(|| self.sockets.get(api).map(WebSocketApi::domain_name));
        if let Some(host) = domain_name.and_then(|name| name.parse().ok()) {
            request.headers_mut().entry(http::header::HOST).or_insert(host);
        }
        let now = jiff::Timestamp::try_from(self.now()).unwrap_or_default();
        let moment = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let (method, uri, body) = (request.method().clone(), request.uri().clone(), request.body().clone());
        let service = self.gateways.get(api).map_or(iam::SERVICE, Served::service);
        let signed = (&*moment, &*self.account.site.region, service);
        iam::sign((method.as_str(), &uri, &body), request.headers_mut(), credentials, signed);
    }

    /// Lets a client connect to a WebSocket API, or answers as the API would.
    pub(crate) async fn connect(
        &self,
        api: &str,
        request: &http::Request<Bytes>,
        from: IpAddr,
    ) -> Result<Socket, http::Response<Bytes>> {
        let Some(socket) = self.sockets.get(api) else { return Err(gateway::no_api()) };
        let line = format!("connect to {api}");
        self.faults.log.add(|| Event::Request(line.clone()));
        let result = cause(&*line, socket.connect(request, from)).await;
        let status = result.as_ref().map_or_else(|refused| refused.status().as_u16(), |_| 101);
        self.faults.log.add(|| Event::Reply { request: line, status });
        result
    }

    /// Takes what a client of a WebSocket API sent, and returns when it is handled.
    pub(crate) async fn receive(&self, api: &str, connection: &str, incoming: Incoming) {
        if let Some(socket) = self.sockets.get(api) {
            cause(format!("a message to {api}"), socket.receive(connection, incoming)).await;
            self.end_connections().await;
        }
    }

    /// A client of a WebSocket API has closed its connection, or is gone.
    pub(crate) async fn hung_up(&self, connection: &str, how: impl Into<Closing>) {
        if let Some(ended) = self.account.connections.hung_up(connection, how) {
            self.tell_ended(&ended).await;
        }
    }

    /// Ends connections whose time is over, and tells the functions of all that were closed from here.
    pub(super) async fn end_connections(&self) {
        let ended = self.account.connections.take_ended(self.clock.now());
        futures_util::future::join_all(ended.iter().map(|ended| self.tell_ended(ended))).await;
    }

    async fn tell_ended(&self, ended: &Ended) {
        if let Some(socket) = self.sockets.get(&ended.api) {
            cause(format!("the end of a connection to {}", ended.api), socket.ended(ended)).await;
        }
    }
}
