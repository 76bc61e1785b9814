use skyloom_manifest::{HttpMethod, bridge::ApiType};

use crate::{SecretValue, Table};

/// The permissions that an argument type stands for; a handler's are those of all its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needs {
    /// None.
    Nothing,
    /// Actions on a table itself.
    Table {
        /// The table's name.
        table: &'static str,
        /// What is done to it.
        actions: &'static [Action],
        /// The text that the partition keys of all items begin with to which it is done; empty for any.
        leading_key: &'static str,
    },
    /// Actions on one index.
    Index {
        /// The table's name.
        table: &'static str,
        /// The index's name.
        index: &'static str,
        /// What is done to it.
        actions: &'static [Action],
    },
    /// The value of a secret.
    Secret {
        /// The secret's name.
        secret: &'static str,
    },
    /// The connections of a WebSocket API.
    Connections {
        /// The API's name.
        api: &'static str,
        /// What is done to them: `POST` sends, `GET` asks, `DELETE` closes.
        methods: &'static [HttpMethod],
    },
    /// All of several.
    All(&'static [Self]),
    /// The same only on items whose partition key is the id of an identity pool's user.
    Own(&'static Self),
}

impl Needs {
    /// No permission.
    pub const NOTHING: Self = Self::Nothing;

    /// These actions on the items of `T`: on a table, or as far as keys can say it, on an entity's part of one.
    pub const fn table<T: Table>(actions: &'static [Action]) -> Self {
        Self::Table { table: T::NAME, actions, leading_key: T::PARTITION.literal() }
    }

    /// To read the value of `T`.
    pub const fn secret<T: SecretValue>() -> Self {
        Self::Secret { secret: T::NAME }
    }

    /// To send to connections of `A`, to ask for them and to close them.
    pub const fn connections<A: ApiType>() -> Self {
        Self::Connections { api: A::NAME, methods: &[HttpMethod::Get, HttpMethod::Post, HttpMethod::Delete] }
    }

    /// These permissions on the caller's own items.
    pub(crate) const fn own(of: &'static Self) -> Self {
        assert!(
            of.names_keys(),
            "`Own<A>` takes what names items by their partition key: `Own<Read<T>>` or `Own<Write<T>>`"
        );
        Self::Own(of)
    }

    /// Whether all that is granted names the partition keys that it is about.
    const fn names_keys(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Table { actions, .. } => {
                let mut at = 0;
                while at < actions.len() {
                    if matches!(actions[at], Action::Scan) {
                        return false;
                    }
                    at += 1;
                }
                true
            }
            Self::All(parts) => {
                let mut at = 0;
                while at < parts.len() {
                    if !parts[at].names_keys() {
                        return false;
                    }
                    at += 1;
                }
                true
            }
            Self::Index { .. } | Self::Secret { .. } | Self::Connections { .. } | Self::Own(_) => false,
        }
    }

    /// Calls `visit` with each part that is not a list.
    pub(crate) fn visit(self, visit: &mut impl FnMut(Self)) {
        match self {
            Self::Nothing => {}
            Self::All(parts) => parts.iter().for_each(|part| part.visit(visit)),
            leaf => visit(leaf),
        }
    }
}

/// An action of IAM that an argument type can need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the action of DynamoDB of that name")]
pub enum Action {
    GetItem,
    BatchGetItem,
    Query,
    Scan,
    PutItem,
    UpdateItem,
    DeleteItem,
    BatchWriteItem,
    ConditionCheckItem,
}

impl Action {
    /// IAM's name: `dynamodb:GetItem`.
    pub const fn iam_name(self) -> &'static str {
        match self {
            Self::GetItem => "dynamodb:GetItem",
            Self::BatchGetItem => "dynamodb:BatchGetItem",
            Self::Query => "dynamodb:Query",
            Self::Scan => "dynamodb:Scan",
            Self::PutItem => "dynamodb:PutItem",
            Self::UpdateItem => "dynamodb:UpdateItem",
            Self::DeleteItem => "dynamodb:DeleteItem",
            Self::BatchWriteItem => "dynamodb:BatchWriteItem",
            Self::ConditionCheckItem => "dynamodb:ConditionCheckItem",
        }
    }
}
