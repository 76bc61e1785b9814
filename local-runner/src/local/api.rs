use std::{fmt, sync::Arc};

use super::Request;
use crate::runner::Runner;

/// An API of the application in a test: `app.api::<Partners>()`.
#[derive(Clone)]
pub struct LocalApi {
    runner: Arc<Runner>,
    name: String,
}

impl fmt::Debug for LocalApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalApi").field("name", &self.name).finish_non_exhaustive()
    }
}

impl LocalApi {
    pub(super) fn new(runner: Arc<Runner>, name: String) -> Self {
        Self { runner, name }
    }

    /// The key that a REST API takes from its clients, to be sent as the header `x-api-key` to routes with `auth = ApiKey`. It is
    /// the same in each run.
    ///
    /// # Panics
    /// If the API is an HTTP API, which has no keys.
    pub fn key(&self) -> String {
        let key = self.runner.api_key(&self.name).map(str::to_owned);
        key.unwrap_or_else(|| panic!("`{}` is an HTTP API, and only REST APIs have keys", self.name))
    }

    /// Begins a `GET` request to the API.
    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    /// Begins a `POST` request to the API.
    pub fn post(&self, path: &str) -> Request {
        self.request("POST", path)
    }

    /// Begins a `PUT` request to the API.
    pub fn put(&self, path: &str) -> Request {
        self.request("PUT", path)
    }

    /// Begins a `PATCH` request to the API.
    pub fn patch(&self, path: &str) -> Request {
        self.request("PATCH", path)
    }

    /// Begins a `DELETE` request to the API.
    pub fn delete(&self, path: &str) -> Request {
        self.request("DELETE", path)
    }

    /// Begins a request with any method to the API. The path may have a query string.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(Arc::clone(&self.runner), self.name.clone(), method, path)
    }
}
