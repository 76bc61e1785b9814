//! DynamoDB makes or deletes one global index of a table in an update, and CloudFormation refuses a template with more. What
//! the code asks for at once becomes several updates, in an order in which no function lacks an index that it uses: new
//! indexes come before the code that reads them, and go after the code that read them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::guard;

/// One update of the stack.
#[derive(Debug)]
pub(super) struct Step {
    /// What it does about indexes, if the deployment has several steps.
    pub(super) title: String,
    pub(super) template: Value,
}

/// The updates that lead from one template to another: one, unless tables have several index changes.
pub(super) fn split(old: Option<&Value>, new: &Value) -> Vec<Step> {
    let tables = old.map(|old| tables(old, new)).unwrap_or_default();
    let Some(old) = old.filter(|_| tables.iter().any(|table| table.moves.len() > 1)) else {
        return vec![Step { title: "everything".into(), template: new.clone() }];
    };
    let before = tables.iter().map(|table| table.with_code).max().unwrap_or(0);
    let after = tables.iter().map(Table::left).max().unwrap_or(0);
    let first = (0..before).map(|step| {
        let done = |table: &Table<'_>| table.with_code.min(step + 1);
        self::step(old, &tables, done, |table| table.with_code.min(step)..done(table), "")
    });
    let code =
        self::step(new, &tables, Table::up_to_code, |table| table.with_code..table.up_to_code(), "the code, and ");
    let last = (0..after).map(|step| {
        let done = |table: &Table<'_>| (table.up_to_code() + step + 1).min(table.moves.len());
        let before = |table: &Table<'_>| (table.up_to_code() + step).min(table.moves.len());
        self::step(new, &tables, done, |table| before(table)..done(table), "")
    });
    let mut steps: Vec<_> = first.chain([code]).chain(last).collect();
    if let Some(last) = steps.last_mut() {
        last.template = new.clone(); // it is that but for the order of lists, in which the next deployment would see a change
    }
    steps
}

fn step<'a>(
    base: &Value,
    tables: &[Table<'a>],
    done: impl Fn(&Table<'a>) -> usize,
    now: impl Fn(&Table<'a>) -> std::ops::Range<usize>,
    prefix: &str,
) -> Step {
    let mut template = base.clone();
    let mut titles = Vec::new();
    for table in tables {
        template["Resources"][table.id] = table.after(base, done(table));
        titles.extend(table.moves[now(table)].iter().map(|it| it.title(table.id)));
    }
    let mut title = prefix.to_owned() + &titles.join(", ");
    if titles.is_empty() {
        title = prefix.trim_end_matches(", and ").to_owned();
    }
    Step { title, template }
}

/// A change of one index.
#[derive(Debug, PartialEq, Eq)]
enum Move<'a> {
    Delete(&'a str),
    Create(&'a str),
}

impl Move<'_> {
    fn title(&self, table: &str) -> String {
        match self {
            Self::Delete(index) => format!("the index `{index}` of `{table}` goes"),
            Self::Create(index) => format!("`{table}` gets the index `{index}`"),
        }
    }
}

/// A table that both templates have, and that has changes of indexes.
#[derive(Debug)]
struct Table<'a> {
    id: &'a str,
    old: &'a Value,
    new: &'a Value,
    moves: Vec<Move<'a>>,
    /// The move that comes in the update of the code: the last that creates, otherwise the first of all.
    with_code: usize,
}

fn tables<'a>(old: &'a Value, new: &'a Value) -> Vec<Table<'a>> {
    let resources = new["Resources"].as_object().into_iter().flatten();
    resources.filter_map(|(id, after)| Table::new(id, old["Resources"].get(id)?, after)).collect()
}

impl<'a> Table<'a> {
    fn new(id: &'a str, old: &'a Value, new: &'a Value) -> Option<Self> {
        if guard::is_other_table(old, new)? {
            return None; // a new table has all its indexes from the start
        }
        let (before, after) = (indexes(&old["Properties"]), indexes(&new["Properties"]));
        let changed = |name: &str| before.get(name).zip(after.get(name)).is_some_and(|(old, new)| !is_same(old, new));
        let mut moves = Vec::new();
        // Another index of the same name has to wait until the old one is gone.
        moves.extend(
            after.keys().filter(|name| changed(name)).flat_map(|name| [Move::Delete(name), Move::Create(name)]),
        );
        moves.extend(after.keys().filter(|name| !before.contains_key(**name)).map(|name| Move::Create(name)));
        let with_code = moves.len().saturating_sub(1);
        let gone: Vec<_> =
            before.keys().filter(|name| !after.contains_key(**name)).map(|name| Move::Delete(name)).collect();
        moves.extend(gone);
        (!moves.is_empty()).then_some(Self { id, old, new, moves, with_code })
    }

    /// How many moves are done when the code has been updated.
    fn up_to_code(&self) -> usize {
        self.with_code + 1
    }

    fn left(&self) -> usize {
        self.moves.len() - self.up_to_code()
    }

    /// The resource in a template that is otherwise the old or the new one, after so many moves.
    fn after(&self, base: &Value, done: usize) -> Value {
        let mut resource = base["Resources"][self.id].clone();
        let present = self.present(done, base["Resources"][self.id] == *self.new);
        let properties = &mut resource["Properties"];
        let list = pick(&present, |it| &it["GlobalSecondaryIndexes"], &self.old["Properties"], &self.new["Properties"]);
        let list = list.into_iter().map(|it| fitted(it, properties)).collect();
        set(properties, "GlobalSecondaryIndexes", list);
        let definitions = self.definitions(properties);
        set(properties, "AttributeDefinitions", definitions);
        self.set_replicas(properties, &present);
        resource
    }

    /// The indexes that there are after so many moves, each with whether the new template says what it is.
    fn present(&self, done: usize, base_is_new: bool) -> BTreeMap<&'a str, bool> {
        let after = indexes(&self.new["Properties"]);
        let (done, pending) = self.moves.split_at(done);
        let stays = |name: &str| after.contains_key(name) && !pending.contains(&Move::Delete(name));
        let mut present: BTreeMap<_, _> =
            indexes(&self.old["Properties"]).into_keys().map(|name| (name, base_is_new && stays(name))).collect();
        for change in done {
            match change {
                Move::Delete(name) => present.remove(name),
                Move::Create(name) => present.insert(name, true),
            };
        }
        present
    }

    /// DynamoDB refuses definitions of attributes that are in no key.
    fn definitions(&self, properties: &Value) -> Vec<Value> {
        let lists = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
        let of_indexes = lists.iter().flat_map(|list| properties[*list].as_array().into_iter().flatten());
        let schemas = of_indexes.map(|index| &index["KeySchema"]).chain([&properties["KeySchema"]]);
        let used: Vec<&str> =
            schemas.filter_map(Value::as_array).flatten().filter_map(|it| it["AttributeName"].as_str()).collect();
        let both = [&self.old["Properties"], &self.new["Properties"]].into_iter();
        let definitions = both.filter_map(|it| it["AttributeDefinitions"].as_array()).flatten();
        let by_name: BTreeMap<_, _> = definitions.filter_map(|it| Some((it["AttributeName"].as_str()?, it))).collect();
        by_name.into_iter().filter(|(name, _)| used.contains(name)).map(|(_, it)| it.clone()).collect()
    }

    /// Each replica of a global table says something of each index too.
    fn set_replicas(&self, properties: &mut Value, present: &BTreeMap<&str, bool>) {
        let Some(replicas) = properties["Replicas"].as_array_mut() else { return };
        for replica in replicas {
            let of = |table: &'a Value| {
                let all = table["Properties"]["Replicas"].as_array().into_iter().flatten();
                all.clone().find(|it| it["Region"] == replica["Region"]).unwrap_or(&Value::Null)
            };
            let list = pick(present, |it| &it["GlobalSecondaryIndexes"], of(self.old), of(self.new));
            set(replica, "GlobalSecondaryIndexes", list);
        }
    }
}

/// The entries of the indexes that are present, from the side that says what they are.
fn pick<'v>(
    present: &BTreeMap<&str, bool>,
    list: impl Fn(&'v Value) -> &'v Value,
    old: &'v Value,
    new: &'v Value,
) -> Vec<Value> {
    let find = |side: &'v Value, name: &str| {
        list(side).as_array().into_iter().flatten().find(|it| it["IndexName"] == name).cloned()
    };
    present.iter().filter_map(|(name, is_new)| find(if *is_new { new } else { old }, name)).collect()
}

/// The index, paid for as the table is at that time: what pays for it may change in the same deployment.
fn fitted(mut index: Value, table: &Value) -> Value {
    const PROVISIONED: [&str; 2] = ["ProvisionedThroughput", "WriteProvisionedThroughputSettings"];
    for property in PROVISIONED {
        match &table[property] {
            Value::Null => drop(index.as_object_mut().and_then(|index| index.remove(property))),
            units if index[property].is_null() => index[property] = units.clone(),
            _ => {}
        }
    }
    index
}

fn set(object: &mut Value, property: &str, list: Vec<Value>) {
    if let Value::Object(object) = object {
        if list.is_empty() {
            object.remove(property);
        } else {
            object.insert(property.into(), json!(list));
        }
    }
}

fn indexes(properties: &Value) -> BTreeMap<&str, &Value> {
    let all = properties["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
    all.filter_map(|index| Some((index["IndexName"].as_str()?, index))).collect()
}

/// Whether an index can become the other without being made anew.
fn is_same(old: &Value, new: &Value) -> bool {
    old["KeySchema"] == new["KeySchema"] && old["Projection"] == new["Projection"]
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Indexes are written as `name` or `name:key`.
    fn template(code: &str, table: &[&str]) -> Value {
        let parts = |index: &&str| {
            let (name, key) = index.split_once(':').unwrap_or((index, index));
            (name.to_owned(), key.to_owned())
        };
        let keys = table.iter().map(|index| parts(index).1).chain(["id".to_owned()]);
        let definitions: Vec<_> = keys.map(|it| json!({"AttributeName": it, "AttributeType": "S"})).collect();
        let indexes: Vec<_> = table
            .iter()
            .map(parts)
            .map(|(name, key)| json!({"IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}]}))
            .collect();
        json!({
            "Globals": {"Function": {"CodeUri": code}},
            "Resources": {"OrderTable": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "AttributeDefinitions": definitions,
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "GlobalSecondaryIndexes": indexes,
                },
            }},
        })
    }

    fn told(step: &Step) -> String {
        let properties = &step.template["Resources"]["OrderTable"]["Properties"];
        let list = |value: &Value, key: &str| {
            let all = value.as_array().into_iter().flatten().map(|it| it[key].as_str().unwrap().to_owned());
            all.collect::<Vec<_>>().join(" ")
        };
        format!(
            "{}: {} with [{}] of [{}]",
            step.title,
            step.template["Globals"]["Function"]["CodeUri"].as_str().unwrap(),
            list(&properties["GlobalSecondaryIndexes"], "IndexName"),
            list(&properties["AttributeDefinitions"], "AttributeName"),
        )
    }

    fn check(old: &[&str], new: &[&str], expected: Expect) {
        let steps = split(Some(&template("old", old)), &template("new", new));
        expected.assert_eq(&steps.iter().map(told).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn one_change_is_one_update() {
        check(&["a"], &["a", "b"], expect!["everything: new with [a b] of [a b id]"]);
        check(&["a"], &[], expect!["everything: new with [] of [id]"]);
        check(&["a"], &["a"], expect!["everything: new with [a] of [a id]"]);
        assert_eq!(split(None, &template("new", &["a", "b"])).len(), 1);
    }

    #[test]
    fn new_indexes_come_before_the_code_and_old_ones_go_after_it() {
        check(
            &["a", "b"],
            &["c", "d"],
            expect![[r#"
                `OrderTable` gets the index `c`: old with [a b c] of [a b c id]
                the code, and `OrderTable` gets the index `d`: new with [a b c d] of [a b c d id]
                the index `a` of `OrderTable` goes: new with [b c d] of [b c d id]
                the index `b` of `OrderTable` goes: new with [c d] of [c d id]"#]],
        );
    }

    #[test]
    fn two_that_go_do_so_one_by_one() {
        check(
            &["a", "b"],
            &[],
            expect![[r#"
                the code, and the index `a` of `OrderTable` goes: new with [b] of [b id]
                the index `b` of `OrderTable` goes: new with [] of [id]"#]],
        );
    }

    #[test]
    fn an_index_that_becomes_another_goes_first() {
        check(
            &["a:x", "b"],
            &["a:y", "b"],
            expect![[r#"
                the index `a` of `OrderTable` goes: old with [b] of [b id]
                the code, and `OrderTable` gets the index `a`: new with [a b] of [y b id]"#]],
        );
    }

    #[test]
    fn the_last_update_is_the_template_that_was_asked_for() {
        let (old, new) = (template("old", &["a", "b:x"]), template("new", &["b:y", "c", "d"]));
        let steps = split(Some(&old), &new);
        let last = &steps.last().unwrap().template;
        let sorted = |template: &Value| {
            indexes(&template["Resources"]["OrderTable"]["Properties"])
                .into_keys()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(sorted(last), sorted(&new));
        assert_eq!(last["Globals"], new["Globals"]);
        for pair in [old.clone()].iter().chain(steps.iter().map(|it| &it.template)).collect::<Vec<_>>().windows(2) {
            let (before, after) = (sorted(pair[0]), sorted(pair[1]));
            let moved = before.iter().filter(|it| !after.contains(it)).count()
                + after.iter().filter(|it| !before.contains(it)).count();
            assert!(moved <= 1, "{before:?} -> {after:?}");
        }
    }

    #[test]
    fn steps_of_several_tables_are_taken_together() {
        let both = |code: &str, indexes: &[&str]| {
            let mut template = template(code, indexes);
            template["Resources"]["ShipmentTable"] = template["Resources"]["OrderTable"].clone();
            template
        };
        let steps = split(Some(&both("old", &[])), &both("new", &["a", "b"]));
        let titles: Vec<_> = steps.iter().map(|step| &*step.title).collect();
        assert_eq!(
            titles,
            [
                "`OrderTable` gets the index `a`, `ShipmentTable` gets the index `a`",
                "the code, and `OrderTable` gets the index `b`, `ShipmentTable` gets the index `b`"
            ]
        );
    }

    #[test]
    fn a_table_that_is_replaced_has_all_its_indexes_at_once() {
        let mut new = template("new", &["a", "b"]);
        new["Resources"]["OrderTable"]["Properties"]["KeySchema"][0]["AttributeName"] = "number".into();
        assert_eq!(split(Some(&template("old", &[])), &new).len(), 1);
    }

    #[test]
    fn an_index_is_paid_for_as_its_table_is_at_that_time() {
        let units = json!({"ReadCapacityUnits": 5, "WriteCapacityUnits": 5});
        let mut new = template("new", &["a", "b"]);
        let table = &mut new["Resources"]["OrderTable"]["Properties"];
        table["ProvisionedThroughput"] = units.clone();
        for index in table["GlobalSecondaryIndexes"].as_array_mut().unwrap() {
            index["ProvisionedThroughput"] = units.clone();
        }
        let steps = split(Some(&template("old", &[])), &new);
        let first =
            |step: &Step| step.template["Resources"]["OrderTable"]["Properties"]["GlobalSecondaryIndexes"][0].clone();
        assert_eq!(first(&steps[0])["ProvisionedThroughput"], Value::Null);
        assert_eq!(first(&steps[1])["ProvisionedThroughput"], units);
    }
}
