//! The stream in the requests and descriptions of a table.

use dynoxide::errors::DynoxideError;
use serde_json::Value;
use skyloom_manifest::StreamView;

use super::{
    Context,
    ledger::{self, Ledger},
    sequence::Sequence,
    shard,
    stream::{self, Stream},
};
use crate::dynamodb::{operation::Operation, wire::Failure};

/// What a request makes of a table's stream, once it succeeds.
pub(in crate::dynamodb) struct Change(Effect);

enum Effect {
    None,
    Enabled {
        table: String,
        view: StreamView,
    },
    Disabled {
        stream: Stream,
        newest: Option<Sequence>,
    },
    /// With its table.
    Deleted {
        table: String,
        newest: Option<Sequence>,
    },
}

/// Looks at a request before the engine does, which then gets one that asks for both images.
pub(in crate::dynamodb) fn read(
    context: &Context<'_>,
    operation: Operation,
    request: &mut Value,
) -> Result<Change, Failure> {
    let Some(table) = request.get("TableName").and_then(Value::as_str).map(str::to_owned) else {
        return Ok(Change(Effect::None));
    };
    let effect = match operation {
        Operation::DeleteTable => Effect::Deleted { newest: context.newest(&table), table },
        Operation::CreateTable => enable(table, request)?,
        Operation::UpdateTable => update(context, table, request)?,
        _ => Effect::None,
    };
    Ok(Change(effect))
}

fn is_enabled(request: &Value) -> Option<bool> {
    request.pointer("/StreamSpecification/StreamEnabled")?.as_bool()
}

fn enable(table: String, request: &mut Value) -> Result<Effect, Failure> {
    if is_enabled(request) != Some(true) {
        return Ok(Effect::None);
    }
    let view = view(request)?;
    request["StreamSpecification"]["StreamViewType"] = StreamView::NewAndOldImages.as_str().into();
    Ok(Effect::Enabled { table, view })
}

fn update(context: &Context<'_>, table: String, request: &mut Value) -> Result<Effect, Failure> {
    let Some(is_enabled) = is_enabled(request).filter(|_| context.metadata(&table).is_some()) else {
        return Ok(Effect::None); // if there is no such table, the engine says so
    };
    match (context.stream_of(&table), is_enabled) {
        (Some(_), true) => Err(Failure::invalid(format!("Table already has an enabled stream: TableName: {table}"))),
        (None, false) => Err(Failure::invalid(format!("Table has no stream to disable: TableName: {table}"))),
        (Some(stream), false) => Ok(Effect::Disabled { newest: context.newest(&table), stream }),
        (None, true) => match still_disabling(context, &table) {
            Some(refusal) => Err(refusal),
            None => enable(table, request),
        },
    }
}

/// A stream is called after the millisecond in which it was made, so there is only one in each.
fn still_disabling(context: &Context<'_>, table: &str) -> Option<Failure> {
    let newest = context.ledger.former(table).pop()?;
    let is_over = stream::begin(&newest.label)?.0 / 1_000 < context.now.0 / 1_000;
    (!is_over).then(|| {
        let message = format!("Attempt to change a resource which is still in use: Table is being updated: {table}");
        Failure::Refused(DynoxideError::ResourceInUseException(message))
    })
}

fn view(request: &Value) -> Result<StreamView, Failure> {
    let Some(name) = request.pointer("/StreamSpecification/StreamViewType").and_then(Value::as_str) else {
        return Err(Failure::invalid(
            "One or more parameter values were invalid: Table is being created with a stream enabled, \
             but StreamViewType is not specified",
        ));
    };
    ledger::view_named(name).ok_or_else(|| {
        Failure::invalid(format!(
            "1 validation error detected: Value '{name}' at 'streamSpecification.streamViewType' failed to satisfy \
             constraint: Member must satisfy enum value set: [NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES, KEYS_ONLY]"
        ))
    })
}

/// After the engine did what was asked.
pub(in crate::dynamodb) fn note(context: &Context<'_>, Change(effect): &Change) {
    // Whoever wrote in between has a number of before now, or one of the next few.
    let end = |newest: &Option<Sequence>| newest.map_or(context.now, |newest| newest.max(context.now)).next();
    match effect {
        Effect::None => {}
        Effect::Enabled { table, view } => context.ledger.declare(table, *view),
        Effect::Disabled { stream, newest } => {
            context.ledger.end(stream, end(newest), shard::horizon(context.now));
        }
        Effect::Deleted { table, newest } => context.ledger.forget(table, end(newest)),
    }
}

/// Describes a table's stream as it was declared.
pub(in crate::dynamodb) fn write(ledger: &Ledger, answer: &mut Value) {
    for field in ["Table", "TableDescription"] {
        let Some(description) = answer.get_mut(field) else { continue };
        let view = description.get("TableName").and_then(Value::as_str).and_then(|table| ledger.view(table));
        if let (Some(view), Some(shown)) = (view, description.pointer_mut("/StreamSpecification/StreamViewType")) {
            *shown = view.as_str().into();
        }
    }
}
