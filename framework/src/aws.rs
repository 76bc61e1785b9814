//! How a function reaches AWS: as Lambda's variables say, or, in a test, through what stands in AWS's place.

pub(crate) mod json;
pub(crate) mod lambda;
mod transport;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{
    AsyncSleep, BehaviorVersion, Region, Sleep,
    retry::{RetryConfig, RetryPartition},
};

pub(crate) use self::transport::InProcess;

/// The version of the SDK's defaults that all clients go by.
pub(crate) fn behavior_version() -> BehaviorVersion {
    BehaviorVersion::v2026_01_12()
}

/// The environment variables of a function, in which an empty text is as good as none.
///
/// `aws-config` would search profiles and metadata services, which a function has no use for and waits for at every start.
#[derive(Clone, Copy)]
pub(crate) struct Variables<'a>(&'a dyn Fn(&str) -> Option<String>);

impl<'a> Variables<'a> {
    pub(crate) fn new(variables: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self(variables)
    }

    fn given(self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn region(self) -> Option<Region> {
        self.given("AWS_REGION").or_else(|| self.given("AWS_DEFAULT_REGION")).map(Region::new)
    }

    /// Where the service is, if it is elsewhere than at AWS; `service` is the end of its own variable, `DYNAMODB`.
    pub(crate) fn endpoint(self, service: &str) -> Option<String> {
        self.given(&format!("AWS_ENDPOINT_URL_{service}")).or_else(|| self.given("AWS_ENDPOINT_URL"))
    }

    pub(crate) fn credentials(self) -> Option<Credentials> {
        let (id, secret) = (self.given("AWS_ACCESS_KEY_ID")?, self.given("AWS_SECRET_ACCESS_KEY")?);
        Some(Credentials::new(id, secret, self.given("AWS_SESSION_TOKEN"), None, "environment"))
    }
}

/// How long a client waits before a retry where AWS is in process: nothing there recovers because a client waits, and the
/// time of a test should stand still as far as it can.
const RETRY_WAIT: Duration = Duration::from_millis(1);

/// How a client tries again where AWS is in process.
pub(crate) fn retries_in_process() -> RetryConfig {
    RetryConfig::standard().with_initial_backoff(RETRY_WAIT).with_max_backoff(RETRY_WAIT)
}

/// By default all clients of a process share one quota of retries, and so would all tests.
pub(crate) fn retry_partition_in_process() -> RetryPartition {
    RetryPartition::custom("in-process").build()
}

/// The SDK draws its waits by lot, from which two runs of a test would differ.
#[derive(Debug)]
pub(crate) struct SameWait;

impl AsyncSleep for SameWait {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(tokio::time::sleep(RETRY_WAIT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(name: &str) -> Option<String> {
        let given = [("AWS_REGION", "eu-north-1"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SESSION_TOKEN", "")];
        given.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn the_region_is_lambdas() {
        assert_eq!(Variables::new(&variables).region(), Some(Region::new("eu-north-1")));
    }

    #[test]
    fn a_key_without_its_secret_is_no_credential() {
        assert!(Variables::new(&variables).credentials().is_none());
    }

    #[test]
    fn a_services_own_endpoint_goes_before_the_one_of_all() {
        let both = |name: &str| name.strip_prefix("AWS_ENDPOINT_URL").map(|own| format!("http://host{own}"));
        assert_eq!(Variables::new(&both).endpoint("DYNAMODB").as_deref(), Some("http://host_DYNAMODB"));
        let all = |name: &str| (name == "AWS_ENDPOINT_URL").then(|| "http://host".to_owned());
        assert_eq!(Variables::new(&all).endpoint("DYNAMODB").as_deref(), Some("http://host"));
    }
}
