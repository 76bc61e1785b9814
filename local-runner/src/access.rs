use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use skyloom_manifest::Destination;

use crate::{policy::Verdict, site::Site};

/// What a call to AWS needs to be allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Access {
    /// `dynamodb:PutItem`
    pub(crate) action: String,
    /// The ARN that it is on.
    pub(crate) resource: String,
    /// Which partition keys of a table it is about, which a condition of a policy may be on.
    pub(crate) keys: Keys,
    /// What else conditions may be on.
    pub(crate) context: Context,
}

/// The keys of conditions and variables that are known of a call, in small letters, since IAM does not tell capitals there.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Context(BTreeMap<String, Keys>);

impl Context {
    /// Adds a key with its values; with none, it is as if it were not there.
    #[must_use]
    pub(crate) fn with<V: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<_> = values.into_iter().map(Into::into).collect();
        if !values.is_empty() {
            self.0.insert(key.to_ascii_lowercase(), Keys::Of(values));
        }
        self
    }

    /// Adds what conditions see of the time: seconds since the epoch, as those on dates take them too.
    #[must_use]
    pub(crate) fn with_time(self, now: SystemTime) -> Self {
        let seconds = seconds(now);
        self.with("aws:CurrentTime", [seconds.as_str()]).with("aws:EpochTime", [seconds.as_str()])
    }

    /// Adds a key that is there, with values that cannot be known.
    #[must_use]
    pub(crate) fn with_unknown(mut self, key: &str) -> Self {
        self.0.insert(key.to_ascii_lowercase(), Keys::Unknown);
        self
    }

    /// Adds all that another one has.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(key, values)| (key.clone(), values.clone())));
    }
}

/// A time as conditions see it.
pub(crate) fn seconds(time: SystemTime) -> String {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string()
}

/// The values of a key of conditions, such as the partition keys that a call is about, `dynamodb:LeadingKeys`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Keys {
    /// It is about no particular ones: a condition on them does not matter.
    None,
    /// Of these.
    Of(Vec<String>),
    /// Of some that cannot be known: no condition on them holds.
    Unknown,
}

impl Access {
    /// An action on a resource, whatever its keys.
    pub(crate) fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self { action: action.into(), resource: resource.into(), keys: Keys::None, context: Context::default() }
    }

    /// The values of a key, whose name is in small letters.
    pub(crate) fn value(&self, key: &str) -> &Keys {
        match key {
            LEADING_KEYS => &self.keys,
            key => self.context.0.get(key).unwrap_or(&Keys::None),
        }
    }
}

const LEADING_KEYS: &str = "dynamodb:leadingkeys";

impl Access {
    /// What an API tells whoever may not, with all but the last four digits of its account hidden.
    pub(crate) fn denied_to(&self, caller: &str, verdict: Verdict) -> String {
        let mut parts: Vec<&str> = self.resource.splitn(6, ':').collect();
        let account = parts.get(4).map(|account| account.get(8..).unwrap_or_default());
        let masked = account.map(|last| format!("********{last}")).unwrap_or_default();
        if let Some(part) = parts.get_mut(4) {
            *part = &masked;
        }
        let (action, resource, because) = (&self.action, parts.join(":"), verdict.because(&self.action));
        format!("User: {caller} is not authorized to perform: {action} on resource: {resource} {because}")
    }
}

/// Whether the role of a function grants Lambda an access.
pub(crate) type May = Arc<dyn Fn(&str, &Access) -> bool + Send + Sync>;

/// What Lambda itself does with the role of a function that reads a stream.
pub(crate) const STREAM_READING: [&str; 4] =
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];

/// What Lambda needs of a function's role to tell a destination, as the template grants it.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
pub(crate) fn of_delivery(destination: &Destination, site: &Site) -> Vec<Access> {
    let arn = match destination {
        Destination::Queue { name } => site.arn("sqs", name),
        Destination::Topic { name } => site.arn("sns", name),
        Destination::Bucket { name } => format!("arn:aws:s3:::{name}"),
        Destination::Function { name } => site.function_arn(name),
        Destination::Arn { arn } => site.filled_in(arn),
    };
    match destination.service() {
        Some("sqs") => vec![Access::new("sqs:SendMessage", arn)],
        Some("sns") => vec![Access::new("sns:Publish", arn)],
        Some("lambda") => vec![Access::new("lambda:InvokeFunction", arn)],
        Some("s3") => {
            vec![Access::new("s3:PutObject", format!("{arn}/aws/lambda/*")), Access::new("s3:ListBucket", arn)]
        }
        _ => Vec::new(),
    }
}

impl From<(String, String)> for Access {
    fn from((action, resource): (String, String)) -> Self {
        Self::new(action, resource)
    }
}
