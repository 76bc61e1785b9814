use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use skyloom_manifest::{bridge::version_variable, rules};

use super::{Hook, HookEvent};
use crate::{Error, FromEvent, Rejection, Scope, aws::lambda, registry::HANDLERS};

/// The deployment that a hook is asked about; an argument of `hook` handlers.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Deployment, Error, Json, handler};
/// #[derive(Serialize, Deserialize)]
/// struct Sum { of: Vec<u64> }
///
/// #[handler(invoke, deployment = canary("10%", "5m", before = smoke_test))]
/// async fn add(Json(sum): Json<Sum>) -> Json<u64> {
///     Json(sum.of.iter().sum())
/// }
///
/// /// Nobody gets a version of `add` that cannot add.
/// #[handler(hook)]
/// async fn smoke_test(deployment: Deployment) -> Result<(), Error> {
///     let three: u64 = deployment.invoke(&Sum { of: vec![1, 2] }).await?;
///     if three == 3 { Ok(()) } else { Err(Error::internal(format!("1 + 2 is {three}"))) }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct Deployment {
    id: String,
    /// The ARN of the new version of each function, by its handler's name.
    versions: BTreeMap<&'static str, String>,
    scope: Scope,
}

impl FromEvent<Hook> for Deployment {
    async fn from_event<'a>(event: &'a HookEvent, scope: &'a Scope) -> Result<Self, Rejection> {
        let names = HANDLERS.iter().map(|handler| handler.name);
        let versions = names.filter_map(|name| Some((name, scope.variable(&version_variable(name))?))).collect();
        Ok(Self { id: event.deployment_id.clone(), versions, scope: scope.clone() })
    }
}

impl Deployment {
    /// CodeDeploy's id of it, `d-1A2B3C4D5`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The functions whose new versions the hook is there for, by their handlers' names.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.versions.keys().copied()
    }

    /// Calls the new version of the function, with the event that its trigger would give it, and returns its answer.
    ///
    /// # Errors
    /// The function failed, or could not be called; or the hook is there for several functions, of which
    /// [`invoke_function`](Self::invoke_function) names one.
    pub async fn invoke<T: DeserializeOwned>(&self, event: &impl Serialize) -> Result<T, Error> {
        match self.versions.iter().next() {
            Some((name, version)) if self.versions.len() == 1 => self.call(name, version, event).await,
            Some(_) => Err(Error::internal(format!(
                "this hook is there for several functions, {}: name one with `invoke_function`",
                self.names()
            ))),
            None => Err(Error::internal("no function's `deployment` names this hook")),
        }
    }

    /// Calls the new version of one of the functions, by its handler's name.
    ///
    /// # Errors
    /// The function failed, or could not be called; or the hook is not there for it.
    pub async fn invoke_function<T: DeserializeOwned>(&self, name: &str, event: &impl Serialize) -> Result<T, Error> {
        match self.versions.get(name) {
            Some(version) => self.call(name, version, event).await,
            None => Err(Error::internal(self.unknown(name))),
        }
    }

    async fn call<T: DeserializeOwned>(&self, name: &str, version: &str, event: &impl Serialize) -> Result<T, Error> {
        lambda::invoke(&self.scope, version, event)
            .await
            .map_err(|error| Error::internal(format!("the new version of `{name}`: {error}")))
    }

    fn unknown(&self, name: &str) -> String {
        match rules::nearest(name, self.functions()) {
            Some(near) => format!("this hook is not there for a function `{name}`; did you mean `{near}`?"),
            None => format!("this hook is not there for a function `{name}`, but for {}", self.names()),
        }
    }

    fn names(&self) -> String {
        self.functions().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    }
}
