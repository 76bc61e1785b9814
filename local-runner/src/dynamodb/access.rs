//! What IAM has to grant for a request.
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>

use serde_json::Value;

use super::{DynamoDb, attributes, leading_keys, operation::Operation, streams::stream_of_iterator};
use crate::access::{Access, Keys};

impl DynamoDb {
    /// The actions that a request needs, and on what. One that cannot be understood needs nothing: its answer is an
    /// error anyway.
    pub(crate) fn required_access(&self, target: &str, body: &[u8]) -> Vec<Access> {
        let Some(operation) = Operation::from_target(target) else { return Vec::new() };
        let Ok(request) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
        let mut needed = self.resources(operation, &request);
        needed.sort();
        needed.dedup();
        needed
    }

    fn resources(&self, operation: Operation, request: &Value) -> Vec<Access> {
        use Operation as O;
        let on = |resource: Option<String>| {
            resource.map(|resource| Access::new(format!("dynamodb:{operation:?}"), resource)).into_iter().collect()
        };
        let text = |field: &str| request.get(field).and_then(Value::as_str);
        match operation {
            O::BatchGetItem | O::BatchWriteItem => {
                let tables = request.get("RequestItems").and_then(Value::as_object).into_iter().flatten();
                let keys =
                    |table: &str, wanted| self.keys(table, |partition| leading_keys::of_batch(wanted, partition));
                let access = |(table, wanted): (&String, _)| Access {
                    keys: keys(table, wanted),
                    context: attributes::of_batch(wanted),
                    ..Access::new(format!("dynamodb:{operation:?}"), self.table(table))
                };
                tables.map(access).collect()
            }
            O::TransactGetItems | O::TransactWriteItems => self.of_transaction(request),
            O::ExecuteStatement | O::BatchExecuteStatement | O::ExecuteTransaction => self.of_statements(request),
            O::Query | O::Scan => {
                let mut access: Vec<Access> = on(text("TableName").map(|table| match text("IndexName") {
                    Some(index) => format!("{}/index/{index}", self.table(table)),
                    None => self.table(table),
                }));
                // What a leading key of an index is, AWS does not say.
                let keys = match (operation, text("TableName"), text("IndexName")) {
                    (O::Query, Some(table), None) => {
                        self.keys(table, |partition| leading_keys::of_query(request, partition))
                    }
                    (O::Query, ..) => Keys::Unknown,
                    _ => Keys::None,
                };
                for access in &mut access {
                    (access.keys, access.context) = (keys.clone(), attributes::of_read(request));
                }
                access
            }
            O::TagResource | O::UntagResource | O::ListTagsOfResource => on(text("ResourceArn").map(str::to_owned)),
            O::DescribeStream | O::GetShardIterator => on(text("StreamArn").map(str::to_owned)),
            O::GetRecords => on(text("ShardIterator").and_then(stream_of_iterator)),
            O::ListStreams | O::ListTables | O::DescribeEndpoints | O::DescribeLimits => on(Some("*".to_owned())),
            O::CreateTable
            | O::DeleteTable
            | O::DescribeContinuousBackups
            | O::DescribeTable
            | O::UpdateTable
            | O::DescribeTimeToLive
            | O::UpdateTimeToLive => on(text("TableName").map(|table| self.table(table))),
            O::GetItem | O::PutItem | O::UpdateItem | O::DeleteItem => {
                let access = |table| self.of_item(&format!("dynamodb:{operation:?}"), table, request);
                text("TableName").map(access).into_iter().collect()
            }
        }
    }

    /// `TableName` may be an ARN itself.
    fn table(&self, name: &str) -> String {
        if name.starts_with("arn:") { name.to_owned() } else { self.site.arn("dynamodb", &format!("table/{name}")) }
    }

    fn of_item(&self, action: &str, table: &str, request: &Value) -> Access {
        let keys = self.keys(table, |partition| leading_keys::of_item(request, partition));
        Access { keys, context: attributes::of_item(action, request), ..Access::new(action, self.table(table)) }
    }

    /// What is read by the name of the table's partition key; of a table that is not there, or whose name is an ARN, nothing
    /// is known.
    fn keys(&self, table: &str, read: impl FnOnce(&str) -> Keys) -> Keys {
        let name = table.rsplit_once('/').map_or(table, |(_, name)| name);
        let metadata = self.engine.current().get_table_metadata(name).ok().flatten();
        let schema = metadata.and_then(|it| serde_json::from_str::<Value>(&it.key_schema).ok());
        let partition = schema.as_ref().and_then(|schema| schema.pointer("/0/AttributeName")?.as_str());
        partition.map_or(Keys::Unknown, read)
    }

    /// A transaction needs what its parts would need alone.
    fn of_transaction(&self, request: &Value) -> Vec<Access> {
        let items = request.get("TransactItems").and_then(Value::as_array).into_iter().flatten();
        items
            .filter_map(Value::as_object)
            .flatten()
            .filter_map(|(kind, part)| {
                let action = match kind.as_str() {
                    "Get" => "GetItem",
                    "Put" => "PutItem",
                    "Update" => "UpdateItem",
                    "Delete" => "DeleteItem",
                    "ConditionCheck" => "ConditionCheckItem",
                    _ => return None,
                };
                Some(self.of_item(&format!("dynamodb:{action}"), part.get("TableName")?.as_str()?, part))
            })
            .collect()
    }

    fn of_statements(&self, request: &Value) -> Vec<Access> {
        let many = ["Statements", "TransactStatements"].iter().filter_map(|field| request.get(*field)?.as_array());
        many.flatten()
            .chain([request])
            .filter_map(|part| part.get("Statement")?.as_str())
            .flat_map(|statement| self.of_statement(statement).map_or_else(of_any_statement, |access| vec![access]))
            .collect()
    }

    fn of_statement(&self, statement: &str) -> Option<Access> {
        let words = words(statement);
        let after = |keyword: &str| {
            let at = words.iter().position(|word| word.eq_ignore_ascii_case(keyword))?;
            let index = words.get(at + 2).zip(words.get(at + 3)).filter(|(dot, _)| **dot == ".");
            Some((*words.get(at + 1)?, index.map(|(_, index)| *index)))
        };
        let verb = words.iter().find(|word| **word != "(")?; // the engine reads `(EXISTS …)` as it does `EXISTS …`
        let (action, table) = match verb.to_ascii_uppercase().as_str() {
            "SELECT" | "EXISTS" => ("Select", after("FROM")),
            "INSERT" => ("Insert", after("INTO")),
            "UPDATE" => ("Update", after("UPDATE")),
            "FROM" => ("Update", after("FROM")), // `FROM "table" SET …` is an update too
            "DELETE" => ("Delete", after("FROM")),
            _ => return None,
        };
        let (table, index) = table?;
        let table = self.table(table.trim_matches('"'));
        let resource = match index {
            Some(index) => format!("{table}/index/{}", index.trim_matches('"')),
            None => table,
        };
        let context = attributes::unknown();
        Some(Access { keys: Keys::Unknown, context, ..Access::new(format!("dynamodb:PartiQL{action}"), resource) })
    }
}

/// What a statement needs that is not understood here: the engine may read it in another way, and then it could do
/// anything. So no policy of a function grants it, even if all that is wrong with it is its syntax.
fn of_any_statement() -> Vec<Access> {
    ["Delete", "Insert", "Select", "Update"].map(|action| Access::new(format!("dynamodb:PartiQL{action}"), "*")).into()
}

/// The words of a PartiQL statement as they stand there, without space, comments and strings.
fn words(statement: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let ends = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at + end.len());
        let length = match first {
            '"' | '\'' => ends(&rest[..1], 1),
            '-' if rest.starts_with("--") => ends("\n", 2),
            '/' if rest.starts_with("/*") => ends("*/", 2),
            c if is_part(c) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        let is_comment = length > 1 && word.starts_with(['-', '/']);
        if first != '\'' && !first.is_whitespace() && !is_comment {
            words.push(word);
        }
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::dynamodb::tests::shop;

    fn check(operation: &str, body: &str, expected: Expect) {
        let service = if operation.contains("Stream") || operation.contains("Shard") {
            "DynamoDBStreams_20120810"
        } else {
            "DynamoDB_20120810"
        };
        let needed = shop().required_access(&format!("{service}.{operation}"), body.as_bytes());
        let lines: Vec<_> = needed.iter().map(|access| format!("{} {}", access.action, access.resource)).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    #[tokio::test]
    async fn an_item_operation_is_on_its_table() {
        check(
            "PutItem",
            r#"{"TableName":"shop-Order"}"#,
            expect!["dynamodb:PutItem arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order"],
        );
        check(
            "GetItem",
            r#"{"TableName":"arn:aws:dynamodb:eu-west-1:1:table/x"}"#,
            expect!["dynamodb:GetItem arn:aws:dynamodb:eu-west-1:1:table/x"],
        );
    }

    #[tokio::test]
    async fn a_query_of_an_index_is_on_the_index() {
        check(
            "Query",
            r#"{"TableName":"shop-Order","IndexName":"ByStatus"}"#,
            expect!["dynamodb:Query arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order/index/ByStatus"],
        );
    }

    #[tokio::test]
    async fn a_batch_is_on_each_of_its_tables() {
        check(
            "BatchWriteItem",
            r#"{"RequestItems":{"b":[],"a":[]}}"#,
            expect![[r#"
                dynamodb:BatchWriteItem arn:aws:dynamodb:eu-west-1:000000000000:table/a
                dynamodb:BatchWriteItem arn:aws:dynamodb:eu-west-1:000000000000:table/b"#]],
        );
    }

    #[tokio::test]
    async fn a_transaction_needs_what_its_parts_need() {
        check(
            "TransactWriteItems",
            r#"{"TransactItems":[{"Put":{"TableName":"a"}},{"ConditionCheck":{"TableName":"b"}},
                {"Delete":{"TableName":"a"}},{"Update":{"TableName":"a"}},{"Put":{"TableName":"a"}}]}"#,
            expect![[r#"
                dynamodb:ConditionCheckItem arn:aws:dynamodb:eu-west-1:000000000000:table/b
                dynamodb:DeleteItem arn:aws:dynamodb:eu-west-1:000000000000:table/a
                dynamodb:PutItem arn:aws:dynamodb:eu-west-1:000000000000:table/a
                dynamodb:UpdateItem arn:aws:dynamodb:eu-west-1:000000000000:table/a"#]],
        );
    }

    #[tokio::test]
    async fn a_statement_needs_its_own_kind_of_action() {
        let statements = [
            r#"select "from" -- FROM z\n from \"a\".\"i\" where x = 'FROM y'"#.replace("\"from\"", "\\\"from\\\""),
            "INSERT INTO b VALUE {}".into(),
            "FROM c SET x = 1".into(),
            "UPDATE d SET x = 1".into(),
            "DELETE /* x */ FROM e".into(),
            "((EXISTS(SELECT * FROM g)))".into(),
        ];
        let list: Vec<_> = statements.iter().map(|text| format!(r#"{{"Statement":"{text}"}}"#)).collect();
        check(
            "BatchExecuteStatement",
            &format!(r#"{{"Statements":[{}]}}"#, list.join(",")),
            expect![[r#"
                dynamodb:PartiQLDelete arn:aws:dynamodb:eu-west-1:000000000000:table/e
                dynamodb:PartiQLInsert arn:aws:dynamodb:eu-west-1:000000000000:table/b
                dynamodb:PartiQLSelect arn:aws:dynamodb:eu-west-1:000000000000:table/a/index/i
                dynamodb:PartiQLSelect arn:aws:dynamodb:eu-west-1:000000000000:table/g
                dynamodb:PartiQLUpdate arn:aws:dynamodb:eu-west-1:000000000000:table/c
                dynamodb:PartiQLUpdate arn:aws:dynamodb:eu-west-1:000000000000:table/d"#]],
        );
    }

    #[tokio::test]
    async fn a_statement_that_is_not_understood_needs_everything() {
        for statement in ["DROP f", "", "SELECT *", "EXPLAIN SELECT * FROM g", "UPDATE"] {
            check(
                "ExecuteStatement",
                &format!(r#"{{"Statement":"{statement}"}}"#),
                expect![[r#"
                    dynamodb:PartiQLDelete *
                    dynamodb:PartiQLInsert *
                    dynamodb:PartiQLSelect *
                    dynamodb:PartiQLUpdate *"#]],
            );
        }
    }

    #[tokio::test]
    async fn a_list_is_on_everything() {
        check("ListTables", "{}", expect!["dynamodb:ListTables *"]);
    }

    #[tokio::test]
    async fn what_cannot_be_understood_needs_nothing() {
        check("PutItem", "{", expect![""]);
        check("PutItem", "[]", expect![""]);
        check("Frobnicate", "{}", expect![""]);
    }
}
