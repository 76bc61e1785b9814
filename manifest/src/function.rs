use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Permission;

/// A Lambda function: one `#[handler]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Function {
    /// The Rust function's name, unique in the application.
    pub name: String,
    /// Its doc comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is written.
    pub source: SourceLocation,
    /// What makes it run.
    pub trigger: Trigger,
    /// Memory in MB, 128 to 10,240.
    pub memory: u32,
    /// The longest that an invocation may take, in seconds, 1 to 900.
    pub timeout: u32,
    /// Reserved concurrency: at most so many invocations at once, taken from the account's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// What it may do in AWS, and nothing else.
    pub permissions: Vec<Permission>,
}

impl Function {
    /// Whether it reads pages of items, and so gives out cursors and takes them back.
    pub fn makes_cursors(&self) -> bool {
        let actions = self.permissions.iter().flat_map(|permission| &permission.actions);
        actions.into_iter().any(|action| matches!(action.as_str(), "dynamodb:Query" | "dynamodb:Scan"))
    }
}

/// A place in the application's source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SourceLocation {
    /// The file, from the workspace's root.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What makes a function run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Trigger {
    /// A request to the HTTP API.
    Http {
        /// `GET`, `POST`, …, or `ANY`.
        method: HttpMethod,
        /// `/orders/{id}`, `/files/{path+}`, or `$default` for what no other route takes.
        path: String,
        /// Who may call.
        auth: Auth,
    },
    /// Changes of a table's items.
    Stream(StreamTrigger),
    /// The clock.
    Schedule {
        /// `rate(1 hour)`, `cron(0 12 * * ? *)` or `at(2030-01-01T00:00:00)`, in UTC.
        expression: String,
    },
    /// API Gateway asks it who the caller is.
    Authorizer {
        /// The principal's type that it makes.
        principal: String,
        /// For how long an answer may be reused for the same token, in seconds, 0 to 3,600.
        cache: u32,
    },
    /// A call by name, through Lambda's `Invoke`.
    Invoke,
}

/// An HTTP method, as a route names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the methods of RFC 9110 and RFC 5789, and API Gateway's `ANY`")]
pub enum HttpMethod {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Any,
}

impl HttpMethod {
    /// The method as a request has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Any => "ANY",
        }
    }
}

/// Who may call a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Auth {
    /// Everyone.
    Public,
    /// A user of a pool, with a token that API Gateway's JWT authorizer accepts.
    UserPool {
        /// The pool's name.
        pool: String,
        /// Scopes of which the access token must have one; API Gateway checks them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        scopes: Vec<String>,
        /// Groups of which the user must be in one; the function checks them, since an HTTP API cannot.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<String>,
    },
    /// Whoever an authorizer function lets in.
    Authorizer {
        /// The authorizer function's name.
        function: String,
    },
}

/// An event source mapping from a table's stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StreamTrigger {
    /// The table's name.
    pub table: String,
    /// At most so many records in an invocation, 1 to 10,000.
    pub batch_size: u32,
    /// How long to wait for a full batch, in seconds, 0 to 300.
    pub batch_window: u32,
    /// Where a new mapping begins to read.
    pub starting_position: StartingPosition,
    /// How often a failed batch is tried again, 0 to 10,000; without it until the records expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// The age in seconds, 60 to 604,800, from which a record is no longer tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_record_age: Option<u32>,
    /// Whether a failed batch is split in two before it is tried again.
    pub bisect: bool,
    /// How many batches of one shard run at once, 1 to 10.
    pub parallelization: u32,
    /// A record is delivered if one of these matches, or if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<StreamFilter>,
}

/// Where an event source mapping begins to read a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StartingPosition {
    /// The oldest record that the stream still has.
    TrimHorizon,
    /// What comes after the mapping was made.
    Latest,
}

/// A filter of records: all its terms must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StreamFilter {
    /// What must hold.
    pub terms: Vec<Term>,
}

impl StreamFilter {
    /// The filter in EventBridge's pattern language, as an event source mapping takes it.
    ///
    /// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html>
    pub fn pattern(&self) -> serde_json::Value {
        let mut pattern = serde_json::Map::new();
        for term in &self.terms {
            match term {
                Term::Event { names } => {
                    pattern.insert("eventName".into(), names.clone().into());
                }
                Term::Attribute { image, attribute, test } => {
                    let image = match image {
                        Image::New => "NewImage",
                        Image::Old => "OldImage",
                    };
                    let (kind, values) = match test {
                        Test::String { equals } => ("S", serde_json::Value::from(equals.clone())),
                        Test::Number { equals } => ("N", serde_json::Value::from(equals.clone())),
                        Test::Bool { equals } => ("BOOL", serde_json::Value::from(vec![*equals])),
                    };
                    pattern.entry("dynamodb").or_insert_with(|| serde_json::json!({}))[image][attribute][kind] = values;
                }
            }
        }
        pattern.into()
    }
}

/// One condition on a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Term {
    /// What happened: `INSERT`, `MODIFY` or `REMOVE`.
    Event {
        /// One of these.
        names: Vec<String>,
    },
    /// An attribute of the item before or after.
    Attribute {
        /// Before or after the change.
        image: Image,
        /// The attribute's name as stored.
        attribute: String,
        /// What it must be.
        test: Test,
    },
}

/// The item before or after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Image {
    /// After.
    New,
    /// Before.
    Old,
}

/// What an attribute must be, with its DynamoDB type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Test {
    /// A string, one of these.
    String {
        /// The strings.
        equals: Vec<String>,
    },
    /// A number, one of these, in decimal as DynamoDB writes it.
    Number {
        /// The numbers.
        equals: Vec<String>,
    },
    /// A boolean.
    Bool {
        /// Which.
        equals: bool,
    },
}
