//! Fetching a value when it is needed, and keeping it for a while.

use std::{
    any::Any,
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use serde::Deserialize;
use serde_json::json;
use skyloom_manifest::bridge::secret_variable;

use super::{
    SecretValue,
    error::{SecretError, What},
};
use crate::{
    Scope,
    aws::json::{self, Service},
};

/// How long a value is good: long enough to cost little, short enough that a rotation is noticed soon.
const KEPT_FOR: Duration = Duration::from_secs(5 * 60);

static SECRETS_MANAGER: Service =
    Service { name: "secretsmanager", target: "secretsmanager", endpoint_variable: "SECRETS_MANAGER" };

/// The values that an execution environment has, by the names of their types.
#[derive(Default)]
pub(crate) struct Fetched(Mutex<BTreeMap<&'static str, Kept>>);

#[derive(Clone)]
struct Kept {
    value: Arc<dyn Any + Send + Sync>,
    since: SystemTime,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fetched")
    }
}

impl Fetched {
    fn get(&self, name: &str) -> Option<Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn keep(&self, name: &'static str, value: Arc<dyn Any + Send + Sync>, since: SystemTime) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Kept { value, since });
    }
}

/// The value of the secret: the one that is kept, if it is good, or what Secrets Manager has now.
pub(super) async fn value<T: SecretValue>(scope: &Scope) -> Result<Arc<T>, SecretError> {
    let (now, kept) = (scope.context().now(), scope.fetched().get(T::NAME));
    let (since, kept) = match kept {
        Some(kept) => (Some(kept.since), kept.value.downcast::<T>().ok()),
        None => (None, None),
    };
    let is_good = since.is_some_and(|since| now.duration_since(since).is_ok_and(|age| age < KEPT_FOR));
    if let (true, Some(value)) = (is_good, &kept) {
        return Ok(Arc::clone(value));
    }
    match (fetched::<T>(scope).await, kept) {
        (Ok(value), _) => {
            let value = Arc::new(value);
            scope.fetched().keep(T::NAME, Arc::<T>::clone(&value), now);
            Ok(value)
        }
        (Err(error), Some(last)) if error.what.is_passing() => {
            tracing::warn!(%error, "the last value of the secret is used");
            Ok(last)
        }
        (Err(error), _) => Err(error),
    }
}

/// What of the answer matters. <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetSecretValueOutput {
    secret_string: Option<String>,
}

async fn fetched<T: SecretValue>(scope: &Scope) -> Result<T, SecretError> {
    let name = T::NAME;
    let variable = secret_variable(name);
    let Some(id) = scope.variable(&variable).filter(|id| !id.is_empty()) else {
        return Err(SecretError { name, id: None, what: What::Unnamed { variable } });
    };
    let wrong = |what| SecretError { name, id: Some(id.clone()), what };
    let input = json!({ "SecretId": id });
    let output: GetSecretValueOutput = json::call(scope, &SECRETS_MANAGER, "GetSecretValue", &input)
        .await
        .map_err(|error| wrong(What::of(error, name, &id)))?;
    let text = output.secret_string.ok_or_else(|| wrong(What::Binary))?;
    T::read(text).map_err(|error| wrong(error.into()))
}
