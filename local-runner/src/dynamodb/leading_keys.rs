//! The partition keys that a request is about, which IAM calls `dynamodb:LeadingKeys`.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>

use serde_json::Value;

use crate::access::Keys;

/// Of a request for one item, which is in `Item` or has the key `Key`.
pub(super) fn of_item(request: &Value, partition: &str) -> Keys {
    let attributes = ["Key", "Item"].into_iter().filter_map(|member| request.get(member));
    all(attributes.map(|attributes| attributes.get(partition).and_then(text)).collect())
}

/// Of what `BatchGetItem` and `BatchWriteItem` want of a table.
pub(super) fn of_batch(wanted: &Value, partition: &str) -> Keys {
    let gets = wanted.get("Keys").and_then(Value::as_array).into_iter().flatten();
    let writes = wanted.as_array().into_iter().flatten().flat_map(|write| {
        let put = write.get("PutRequest").and_then(|put| put.get("Item"));
        let delete = write.get("DeleteRequest").and_then(|delete| delete.get("Key"));
        put.into_iter().chain(delete)
    });
    all(gets.chain(writes).map(|attributes| attributes.get(partition).and_then(text)).collect())
}

/// Of a query: the value that its condition compares the partition key with.
pub(super) fn of_query(request: &Value, partition: &str) -> Keys {
    let old = request.get("KeyConditions").and_then(|conditions| conditions.get(partition));
    let old = old.map(|condition| condition.pointer("/AttributeValueList/0").and_then(text));
    let expression = request.get("KeyConditionExpression").and_then(Value::as_str).unwrap_or_default();
    let of_placeholder = |placeholder: &str| request.get("ExpressionAttributeValues")?.get(placeholder).and_then(text);
    let is_partition = |name: &str| match request.get("ExpressionAttributeNames").and_then(|names| names.get(name)) {
        Some(meant) => meant == partition,
        None => name == partition,
    };
    let words = words(expression);
    let compared = words.windows(3).filter(|words| words[1] == "=" && is_partition(words[0]));
    all(old.into_iter().chain(compared.map(|words| of_placeholder(words[2]))).collect())
}

/// Names, placeholders and operators; parentheses around a condition do not matter.
fn words(expression: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for word in expression.split([' ', '\t', '\r', '\n', '(', ')']).filter(|word| !word.is_empty()) {
        match word.split_once('=') {
            Some((before, after)) if !before.ends_with(['<', '>']) => {
                words.extend([before, "=", after].into_iter().filter(|part| !part.is_empty()));
            }
            _ => words.push(word),
        }
    }
    words
}

fn all(keys: Vec<Option<String>>) -> Keys {
    match keys.into_iter().collect::<Option<Vec<_>>>() {
        Some(keys) if !keys.is_empty() => Keys::Of(keys),
        _ => Keys::Unknown,
    }
}

/// A key as a policy has it. Of bytes it has their base64.
fn text(value: &Value) -> Option<String> {
    ["S", "N", "B"].into_iter().find_map(|kind| value.get(kind)?.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(keys: &[&str]) -> Keys {
        Keys::Of(keys.iter().map(|key| (*key).to_owned()).collect())
    }

    fn query(expression: &str) -> Keys {
        let request = json!({
            "KeyConditionExpression": expression,
            "ExpressionAttributeNames": {"#p": "pk", "#s": "sk", "#pk": "sk"},
            "ExpressionAttributeValues": {":p": {"S": "A#1"}, ":s": {"S": "x"}},
        });
        of_query(&request, "pk")
    }

    #[test]
    fn an_item_has_its_key() {
        assert_eq!(of_item(&json!({"Key": {"pk": {"S": "A#1"}, "sk": {"S": "x"}}}), "pk"), of(&["A#1"]));
        assert_eq!(of_item(&json!({"Item": {"pk": {"N": "7"}}}), "pk"), of(&["7"]));
        assert_eq!(of_item(&json!({"Item": {"sk": {"N": "7"}}}), "pk"), Keys::Unknown);
        assert_eq!(of_item(&json!({}), "pk"), Keys::Unknown);
    }

    #[test]
    fn a_batch_has_all_its_keys() {
        let keys = [json!({"pk": {"S": "A#1"}}), json!({"pk": {"S": "B#1"}})];
        assert_eq!(of_batch(&json!({"Keys": keys}), "pk"), of(&["A#1", "B#1"]));
        let writes = json!([{"PutRequest": {"Item": keys[0]}}, {"DeleteRequest": {"Key": keys[1]}}, {"PutRequest": {"Item": {}}}]);
        assert_eq!(of_batch(&writes, "pk"), Keys::Unknown);
        assert_eq!(of_batch(&json!([writes[0], writes[1]]), "pk"), of(&["A#1", "B#1"]));
    }

    #[test]
    fn a_query_has_the_value_of_its_partition_key() {
        for expression in ["#p = :p", "pk=:p", "(#p = :p) AND begins_with(#s, :s)", "#s<=:s AND ( pk =:p )"] {
            assert_eq!(query(expression), of(&["A#1"]), "{expression}");
        }
        assert_eq!(query("#p = :p AND pk = :s"), of(&["A#1", "x"]));
        for expression in ["", "#s = :s", "#pk = :p", "#p = :missing", "#p <= :p", ":p = #p"] {
            assert_eq!(query(expression), Keys::Unknown, "{expression}");
        }
        let old = json!({"KeyConditions": {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "A#1"}]}}});
        assert_eq!(of_query(&old, "pk"), of(&["A#1"]));
    }
}
