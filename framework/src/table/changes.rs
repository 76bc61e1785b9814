use aws_sdk_dynamodb::types::AttributeValue;

use super::{derived, expression::Fragment, item::ItemError, path::DocumentPath};

/// What an update does to an item: an action for each of some document paths.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    all: Vec<Change>,
    /// The first value that could not be converted, kept until the request is made.
    error: Option<ItemError>,
}

/// One action of an update expression.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) path: DocumentPath,
    pub(super) action: Action,
}

/// What is done to one path.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// `SET path = :value`
    Assign(AttributeValue),
    /// `SET path = expression`
    Compute(Fragment),
    Remove,
    Add(AttributeValue),
    Delete(AttributeValue),
}

impl Changes {
    pub(super) fn push(&mut self, path: DocumentPath, action: Action) {
        self.all.push(Change { path, action });
    }

    /// An action on a value, or nothing for one that changes nothing.
    pub(super) fn push_value(
        &mut self,
        path: DocumentPath,
        value: Result<Option<AttributeValue>, ItemError>,
        action: impl FnOnce(AttributeValue) -> Action,
    ) {
        match value {
            Ok(Some(value)) => self.push(path, action(value)),
            Ok(None) => {}
            Err(error) => {
                let error = error.in_field(&path.to_string());
                self.error.get_or_insert(error);
            }
        }
    }

    /// What is known of the attributes that it changes, before it has happened.
    pub(super) fn known(&self) -> Vec<(&str, derived::Change)> {
        let of = |change: &Change| match &change.action {
            _ if !change.path.is_top_level() => derived::Change::Unknown,
            Action::Assign(value) => derived::Change::To(value.clone()),
            Action::Remove => derived::Change::Removed,
            Action::Compute(_) | Action::Add(_) | Action::Delete(_) => derived::Change::Unknown,
        };
        self.all.iter().map(|change| (change.path.top_level(), of(change))).collect()
    }

    /// `SET a = :v REMOVE b ADD c :v DELETE d :v`, if it is an update that DynamoDB takes of a table with these keys.
    pub(super) fn into_fragment(self, keys: &[&str]) -> Result<Fragment, ItemError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        check_keys(&self.all, keys)?;
        check_collisions(&self.all)?;
        let [mut set, mut remove, mut add, mut delete] = [const { Vec::new() }; 4];
        for Change { path, action } in self.all {
            let path = path.into_fragment();
            match action {
                Action::Assign(value) => set.push(path.text(" = ").value(value)),
                Action::Compute(expression) => set.push(path.text(" = ").append(expression)),
                Action::Remove => remove.push(path),
                Action::Add(value) => add.push(path.text(" ").value(value)),
                Action::Delete(value) => delete.push(path.text(" ").value(value)),
            }
        }
        Ok([("SET ", set), ("REMOVE ", remove), ("ADD ", add), ("DELETE ", delete)]
            .into_iter()
            .fold(Fragment::default(), |before, (word, actions)| clause(before, word, actions)))
    }
}

fn clause(before: Fragment, word: &'static str, actions: Vec<Fragment>) -> Fragment {
    let Some(list) = actions.into_iter().reduce(Fragment::listed) else { return before };
    let before = if before.is_empty() { before } else { before.text(" ") };
    before.text(word).append(list)
}

fn check_keys(changes: &[Change], keys: &[&str]) -> Result<(), ItemError> {
    match changes.iter().find(|change| keys.contains(&change.path.top_level())) {
        None => Ok(()),
        Some(change) => {
            Err(ItemError::new("an update cannot change a key: put the item under its new key and delete the old one")
                .in_field(change.path.top_level()))
        }
    }
}

fn check_collisions(changes: &[Change]) -> Result<(), ItemError> {
    for (at, change) in changes.iter().enumerate() {
        if let Some(earlier) = changes.iter().take(at).find(|earlier| earlier.path.collides_with(&change.path)) {
            return Err(collision(&earlier.path, &change.path));
        }
    }
    Ok(())
}

fn collision(one: &DocumentPath, two: &DocumentPath) -> ItemError {
    if one.is_same_as(two) {
        return ItemError::new("it is changed twice in one update").in_field(&two.to_string());
    }
    ItemError::new(format!("it overlaps with `{one}`, which the same update changes")).in_field(&two.to_string())
}
