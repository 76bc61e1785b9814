use std::sync::Arc;

use skyloom_manifest::{Function, PayloadFormat};

use super::integration::{Direct, Mapping, Services};
use crate::invoke::{Invoke, InvokeStream};

/// What is behind a route.
#[derive(Clone, Debug)]
pub(super) enum Backend {
    Function(Arc<FunctionBackend>),
    /// Something that is no function.
    Direct(Arc<Direct>),
}

/// A function, and how an HTTP API talks to it.
#[derive(Debug)]
pub(super) struct FunctionBackend {
    pub(super) name: String,
    pub(super) payload: PayloadFormat,
    pub(super) mapping: Mapping,
}

impl Backend {
    /// The function's name, or that of what is none.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Function(function) => &function.name,
            Self::Direct(direct) => &direct.integration().name,
        }
    }

    pub(super) fn of(function: &Function) -> Self {
        let http = &function.options.http;
        Self::Function(Arc::new(FunctionBackend {
            name: function.name.clone(),
            payload: http.payload.unwrap_or_default(),
            mapping: Mapping::new(&http.parameters),
        }))
    }
}

/// What an API calls.
#[derive(Clone)]
pub(crate) struct Backends {
    pub(super) invoke: Invoke,
    pub(super) invoke_stream: InvokeStream,
    pub(super) services: Services,
}

impl Backends {
    pub(crate) fn new(invoke: Invoke, invoke_stream: InvokeStream, services: Services) -> Self {
        Self { invoke, invoke_stream, services }
    }
}

/// In tests of APIs all of whose routes have functions.
#[cfg(test)]
impl From<Invoke> for Backends {
    fn from(invoke: Invoke) -> Self {
        let services = Services {
            forward: Arc::new(|request| panic!("nobody is at {}", request.uri())),
            send_message: Arc::new(|integration, _| panic!("`{}` has no queue", integration.name)),
            put_item: Arc::new(|integration, _| panic!("`{}` has no table", integration.name)),
        };
        let whole = Arc::clone(&invoke);
        Self { invoke, invoke_stream: Arc::new(move |name, event, _| whole(name, event)), services }
    }
}
