//! The conversion as one writes it against the SDK: an insert for each field, a `remove` for each field.

use std::{collections::HashMap, str::FromStr};

use aws_sdk_dynamodb::types::AttributeValue;

use super::{Address, Item, Line, Plain, Status};

pub(super) fn to_item(order: &Plain) -> Item {
    let mut item = HashMap::with_capacity(12);
    item.insert("shopper".to_owned(), text(&order.shopper));
    item.insert("id".to_owned(), text(&order.id));
    item.insert("status".to_owned(), text(status_name(order.status)));
    item.insert("placed_at".to_owned(), text(&order.placed_at));
    item.insert("total_cents".to_owned(), number(order.total_cents));
    item.insert("weight".to_owned(), number(order.weight));
    item.insert("gift".to_owned(), AttributeValue::Bool(order.gift));
    if let Some(note) = &order.note {
        item.insert("note".to_owned(), text(note));
    }
    item.insert("address".to_owned(), AttributeValue::M(address_item(&order.address)));
    item.insert("lines".to_owned(), AttributeValue::L(order.lines.iter().map(line).collect()));
    let labels = order.labels.iter().map(|(name, value)| (name.clone(), text(value)));
    item.insert("labels".to_owned(), AttributeValue::M(labels.collect()));
    item.insert("tags".to_owned(), AttributeValue::Ss(order.tags.iter().cloned().collect()));
    item
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::Paid => "Paid",
    }
}

fn address_item(address: &Address) -> Item {
    let mut item = HashMap::with_capacity(4);
    item.insert("street".to_owned(), text(&address.street));
    item.insert("city".to_owned(), text(&address.city));
    item.insert("zip".to_owned(), number(address.zip));
    if let Some(country) = &address.country {
        item.insert("country".to_owned(), text(country));
    }
    item
}

fn line(line: &Line) -> AttributeValue {
    let mut item = HashMap::with_capacity(3);
    item.insert("sku".to_owned(), text(&line.sku));
    item.insert("quantity".to_owned(), number(line.quantity));
    item.insert("cents".to_owned(), number(line.cents));
    AttributeValue::M(item)
}

/// An error is the name of the attribute that does not fit.
type Read<T> = Result<T, &'static str>;

pub(super) fn from_item(mut item: Item) -> Read<Plain> {
    Ok(Plain {
        shopper: take_text(&mut item, "shopper")?,
        id: take_text(&mut item, "id")?,
        status: status(&take_text(&mut item, "status")?)?,
        placed_at: take_text(&mut item, "placed_at")?,
        total_cents: take_number(&mut item, "total_cents")?,
        weight: take_number(&mut item, "weight")?,
        gift: match item.remove("gift") {
            Some(AttributeValue::Bool(gift)) => gift,
            _ => return Err("gift"),
        },
        note: take_optional_text(&mut item, "note")?,
        address: address(take_map(&mut item, "address")?)?,
        lines: match item.remove("lines") {
            Some(AttributeValue::L(lines)) => lines.into_iter().map(read_line).collect::<Read<_>>()?,
            _ => return Err("lines"),
        },
        labels: take_map(&mut item, "labels")?.into_iter().map(label).collect::<Read<_>>()?,
        tags: match item.remove("tags") {
            Some(AttributeValue::Ss(tags)) => tags.into_iter().collect(),
            _ => return Err("tags"),
        },
    })
}

fn take_text(item: &mut Item, name: &'static str) -> Read<String> {
    take_optional_text(item, name)?.ok_or(name)
}

fn take_optional_text(item: &mut Item, name: &'static str) -> Read<Option<String>> {
    match item.remove(name) {
        Some(AttributeValue::S(text)) => Ok(Some(text)),
        None => Ok(None),
        Some(_) => Err(name),
    }
}

fn take_number<T: FromStr>(item: &mut Item, name: &'static str) -> Read<T> {
    match item.remove(name) {
        Some(AttributeValue::N(text)) => text.parse().map_err(|_| name),
        _ => Err(name),
    }
}

fn take_map(item: &mut Item, name: &'static str) -> Read<Item> {
    match item.remove(name) {
        Some(AttributeValue::M(map)) => Ok(map),
        _ => Err(name),
    }
}

fn status(name: &str) -> Read<Status> {
    match name {
        "Open" => Ok(Status::Open),
        "Paid" => Ok(Status::Paid),
        _ => Err("status"),
    }
}

fn address(mut item: Item) -> Read<Address> {
    Ok(Address {
        street: take_text(&mut item, "street")?,
        city: take_text(&mut item, "city")?,
        zip: take_number(&mut item, "zip")?,
        country: take_optional_text(&mut item, "country")?,
    })
}

fn read_line(attribute: AttributeValue) -> Read<Line> {
    let AttributeValue::M(mut item) = attribute else { return Err("lines") };
    Ok(Line {
        sku: take_text(&mut item, "sku")?,
        quantity: take_number(&mut item, "quantity")?,
        cents: take_number(&mut item, "cents")?,
    })
}

fn label((name, value): (String, AttributeValue)) -> Read<(String, String)> {
    match value {
        AttributeValue::S(text) => Ok((name, text)),
        _ => Err("labels"),
    }
}
