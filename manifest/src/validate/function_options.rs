//! The rules of how a function is run.

use super::destination;
use crate::{
    Function, FunctionOptions, Manifest,
    rules::{self, Occasion},
};

pub(super) fn check(manifest: &Manifest, function: &Function, report: &mut impl FnMut(String)) {
    let options = &function.options;
    if let Some(size) = options.ephemeral_storage {
        rules::check_range("`ephemeral_storage`", size.into(), &rules::EPHEMERAL_STORAGE, " MB")
            .unwrap_or_else(&mut *report);
    }
    if let Some(days) = options.log_retention {
        rules::check_log_retention(days.into()).unwrap_or_else(&mut *report);
    }
    check_environment(options, report);
    check_tags(options, report);
    options.layers.iter().for_each(|arn| rules::check_layer(arn).unwrap_or_else(&mut *report));
    rules::check_layers(options.layers.iter().map(String::as_str)).unwrap_or_else(&mut *report);
    check_event_invoke(manifest, function, report);
}

fn check_environment(options: &FunctionOptions, report: &mut impl FnMut(String)) {
    let variables = &options.environment;
    variables.keys().for_each(|name| rules::check_variable(name).unwrap_or_else(&mut *report));
    rules::check_environment_size(variables.iter().map(|(name, value)| (&**name, &**value))).unwrap_or_else(report);
}

fn check_tags(options: &FunctionOptions, report: &mut impl FnMut(String)) {
    let count = options.tags.len();
    if count > rules::TAGS {
        report(format!("it has {count} tags, but a function takes {}", rules::TAGS));
    }
    for (key, value) in &options.tags {
        let checked = rules::check_tag_key(key).and_then(|()| rules::check_tag_value(value));
        checked.unwrap_or_else(|message| report(format!("the tag `{key}`: {message}")));
    }
}

fn check_event_invoke(manifest: &Manifest, function: &Function, report: &mut impl FnMut(String)) {
    let options = &function.options.event_invoke;
    if *options == Default::default() {
        return;
    }
    if !function.trigger.is_asynchronous() {
        return report(
            "retries, age and destinations of events are for functions that are invoked asynchronously: by the clock or by their name".into(),
        );
    }
    for (what, value, range, unit) in [
        ("`retries`", options.retries, rules::EVENT_RETRIES, ""),
        ("`max_event_age`", options.max_age, rules::EVENT_AGE, " s"),
    ] {
        if let Some(value) = value {
            rules::check_range(what, value.into(), &range, unit).unwrap_or_else(&mut *report);
        }
    }
    for (destination, occasion) in [
        (&options.on_failure, Occasion::Failure),
        (&options.on_success, Occasion::Success),
        (&options.dead_letter, Occasion::DeadLetter),
    ] {
        destination.iter().for_each(|it| destination::check(manifest, it, occasion, report));
    }
    destination::check_circle(manifest, function, report);
}
