use aws_sdk_dynamodb::{
    Client,
    config::{Builder, Config, StalledStreamProtectionConfig, retry::RetryConfig},
};
use skyloom_manifest::bridge::Transport;

use super::cursor_key::CursorKey;
use crate::aws::{InProcess, SameWait, Variables, behavior_version, retries_in_process, retry_partition_in_process};

/// The DynamoDB client of an execution environment.
#[derive(Clone, Debug)]
pub(crate) struct Dynamo {
    client: Client,
    cursor_key: CursorKey,
}

impl Dynamo {
    /// A client for the environment with these variables. With a transport it does not use the network.
    pub(crate) fn new(variables: &dyn Fn(&str) -> Option<String>, transport: Option<Transport>) -> Self {
        let config = with_transport(configured(Variables::new(variables)), transport);
        Self { client: Client::from_conf(config), cursor_key: CursorKey::of(variables) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn cursor_key(&self) -> &CursorKey {
        &self.cursor_key
    }
}

fn configured(variables: Variables<'_>) -> Builder {
    let mut config = Config::builder()
        .behavior_version(behavior_version())
        .region(variables.region())
        // It watches bodies that are streamed; DynamoDB's are not.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    config.set_endpoint_url(variables.endpoint("DYNAMODB"));
    match variables.credentials() {
        Some(credentials) => config.credentials_provider(credentials),
        None => config,
    }
}

fn with_transport(config: Builder, transport: Option<Transport>) -> Config {
    let Some(transport) = transport else { return config.retry_config(RetryConfig::standard()).build() };
    config
        .retry_config(retries_in_process())
        .retry_partition(retry_partition_in_process())
        .sleep_impl(SameWait)
        .http_client(InProcess::new(transport))
        .build()
}
