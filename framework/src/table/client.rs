use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    config::{
        AsyncSleep, BehaviorVersion, Builder, Config, Credentials, Region, Sleep, StalledStreamProtectionConfig,
        retry::{RetryConfig, RetryPartition},
    },
};
use skyloom_manifest::bridge::Transport;

use super::{cursor_key::CursorKey, transport::InProcess};

/// The DynamoDB client of an execution environment.
///
/// It is configured from the variables that Lambda sets. `aws-config` would search profiles and metadata services, which
/// a function has no use for and waits for at every start.
#[derive(Clone, Debug)]
pub(crate) struct Dynamo {
    client: Client,
    cursor_key: CursorKey,
}

impl Dynamo {
    /// A client for the environment with these variables. With a transport it does not use the network.
    pub(crate) fn new(variables: &dyn Fn(&str) -> Option<String>, transport: Option<Transport>) -> Self {
        let config = with_transport(configured(variables), transport);
        Self { client: Client::from_conf(config), cursor_key: CursorKey::of(variables) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn cursor_key(&self) -> &CursorKey {
        &self.cursor_key
    }
}

fn configured(variables: &dyn Fn(&str) -> Option<String>) -> Builder {
    let given = |name: &str| variables(name).filter(|value| !value.is_empty());
    let mut config = Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(given("AWS_REGION").or_else(|| given("AWS_DEFAULT_REGION")).map(Region::new))
        // It watches bodies that are streamed; DynamoDB's are not.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    config.set_endpoint_url(given("AWS_ENDPOINT_URL_DYNAMODB").or_else(|| given("AWS_ENDPOINT_URL")));
    match credentials(&given) {
        Some(credentials) => config.credentials_provider(credentials),
        None => config,
    }
}

fn credentials(given: &dyn Fn(&str) -> Option<String>) -> Option<Credentials> {
    let (id, secret) = (given("AWS_ACCESS_KEY_ID")?, given("AWS_SECRET_ACCESS_KEY")?);
    Some(Credentials::new(id, secret, given("AWS_SESSION_TOKEN"), None, "environment"))
}

fn with_transport(config: Builder, transport: Option<Transport>) -> Config {
    let Some(transport) = transport else { return config.retry_config(RetryConfig::standard()).build() };
    let retries = RetryConfig::standard().with_initial_backoff(RETRY_WAIT).with_max_backoff(RETRY_WAIT);
    config
        .retry_config(retries)
        // By default all clients of a process share one quota of retries, and so would all tests.
        .retry_partition(RetryPartition::custom("in-process").build())
        .sleep_impl(SameWait)
        .http_client(InProcess::new(transport))
        .build()
}

/// How long the SDK waits before a retry where AWS is in process: nothing there recovers because a client waits, and the
/// time of a test should stand still as far as it can.
const RETRY_WAIT: Duration = Duration::from_millis(1);

/// The SDK draws its waits by lot, from which two runs of a test would differ.
#[derive(Debug)]
struct SameWait;

impl AsyncSleep for SameWait {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(tokio::time::sleep(RETRY_WAIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Config {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        configured(&find).build()
    }

    #[test]
    fn lambdas_variables_are_its_configuration() {
        let config = config(&[("AWS_REGION", "eu-north-1"), ("AWS_SESSION_TOKEN", "")]);
        assert_eq!(config.region().map(Region::as_ref), Some("eu-north-1"));
    }

    #[test]
    fn a_key_without_its_secret_is_no_credential() {
        let variables = |name: &str| (name == "AWS_ACCESS_KEY_ID").then(|| "AKIA".to_owned());
        assert!(credentials(&variables).is_none());
    }
}
