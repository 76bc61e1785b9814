use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{FromEvent, Rejection, Scope, Trigger, clock::Clock, scope::Host};

/// What Lambda says beside the event. An argument of every handler.
#[derive(Clone, Debug)]
pub struct Context {
    pub(crate) request_id: String,
    pub(crate) deadline: SystemTime,
    pub(crate) function_arn: String,
    pub(crate) trace_id: Option<String>,
    pub(crate) clock: Clock,
    /// Where the function runs, once that is known.
    pub(crate) host: Option<Arc<Host>>,
}

impl Context {
    /// The id of this invocation; a retry has the same.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// What time it is. At AWS it is [`SystemTime::now`]; in a test it is the test's own clock, which `advance` moves and
    /// which `SystemTime::now` knows nothing of.
    ///
    /// ```
    /// # use std::time::{Duration, UNIX_EPOCH};
    /// # use serde::{Deserialize, Serialize};
    /// # use skyloom::{Context, Error, Table, Write, handler};
    /// # #[derive(Table, Serialize, Deserialize)]
    /// # #[table(ttl = "expires_at")]
    /// # struct Invitation { #[partition_key] id: String, expires_at: u64 }
    /// const VALID: Duration = Duration::from_secs(7 * 24 * 60 * 60);
    ///
    /// #[handler(invoke)]
    /// async fn invite(context: Context, invitations: Write<Invitation>) -> Result<(), Error> {
    ///     let expires_at = (context.now() + VALID).duration_since(UNIX_EPOCH).map_err(Error::internal)?.as_secs();
    ///     invitations.put(&Invitation { id: context.request_id().into(), expires_at }).await?;
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    pub fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// An environment variable of the function, as `environment("CURRENCY", "EUR")` or a stage gives it.
    ///
    /// At AWS it is [`std::env::var`]; in a test, where all functions share the test's process, it is that of this function.
    ///
    /// ```
    /// # use skyloom::{Context, Json, handler};
    /// #[handler(invoke, environment("CURRENCY", "EUR"))]
    /// async fn currency(context: Context) -> Json<String> {
    ///     Json(context.variable("CURRENCY").unwrap_or_default())
    /// }
    /// # fn main() {}
    /// ```
    pub fn variable(&self, name: &str) -> Option<String> {
        self.host.as_ref().map_or_else(|| std::env::var(name).ok(), |host| host.variable(name))
    }

    /// When Lambda stops the invocation.
    pub fn deadline(&self) -> SystemTime {
        self.deadline
    }

    /// How long the invocation may still take.
    pub fn remaining_time(&self) -> Duration {
        self.deadline.duration_since(self.now()).unwrap_or_default()
    }

    /// The ARN under which the function was called.
    pub fn function_arn(&self) -> &str {
        &self.function_arn
    }

    /// The X-Ray trace header, if the invocation is traced.
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }
}

impl From<lambda_runtime::Context> for Context {
    fn from(context: lambda_runtime::Context) -> Self {
        Self {
            request_id: context.request_id,
            deadline: UNIX_EPOCH + Duration::from_millis(context.deadline),
            function_arn: context.invoked_function_arn,
            trace_id: context.xray_trace_id,
            clock: Clock::default(),
            host: None,
        }
    }
}

impl<E: Trigger> FromEvent<E> for Context {
    async fn from_event<'a>(_: &'a E::Event<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        Ok(scope.context().clone())
    }
}
