/// What a call to AWS needs to be allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Access {
    /// `dynamodb:PutItem`
    pub(crate) action: String,
    /// The ARN that it is on.
    pub(crate) resource: String,
    /// Which partition keys of a table it is about, which a condition of a policy may be on.
    pub(crate) keys: Keys,
}

/// The partition keys that a call is about: the values of `dynamodb:LeadingKeys`.
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
        Self { action: action.into(), resource: resource.into(), keys: Keys::None }
    }
}

impl From<(String, String)> for Access {
    fn from((action, resource): (String, String)) -> Self {
        Self::new(action, resource)
    }
}
