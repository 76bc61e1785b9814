//! The rules of destinations.

use crate::{
    Destination, Function, Manifest, Trigger,
    rules::{self, Occasion},
};

pub(super) fn check(
    manifest: &Manifest,
    destination: &Destination,
    occasion: Occasion,
    report: &mut impl FnMut(String),
) {
    let service = match destination {
        Destination::Arn { arn } => rules::service_of_destination(arn),
        other => Ok(other.service().unwrap_or_default()),
    };
    if let Err(message) = service.and_then(|service| rules::check_destination(service, occasion)) {
        return report(message);
    }
    match destination {
        Destination::Arn { .. } => {}
        Destination::Function { name } => check_function(manifest, name, report),
        Destination::Queue { name } | Destination::Topic { name } | Destination::Bucket { name } => {
            rules::check_destination_name(name).unwrap_or_else(&mut *report);
            check_name(manifest, destination, report);
        }
    }
}

/// A queue and a topic of the same name would be taken for one by who reads.
fn check_name(manifest: &Manifest, destination: &Destination, report: &mut impl FnMut(String)) {
    let is_function = |it: &Destination| matches!(it, Destination::Function { .. });
    let is_another = |it: &&Destination| *it != destination && it.name() == destination.name() && !is_function(it);
    if let Some(other) = manifest.functions.iter().flat_map(Function::destinations).find(is_another) {
        report(format!(
            "its destination `{}` is of {}, and there is one of this name of {}: rename one of them",
            destination.name(),
            destination.service().unwrap_or_default(),
            other.service().unwrap_or_default()
        ));
    }
}

/// An event that is told of something fits no handler but one that is called by its name.
fn check_function(manifest: &Manifest, name: &str, report: &mut impl FnMut(String)) {
    let invoked = || manifest.functions.iter().filter(|it| it.trigger == Trigger::Invoke).map(|it| &*it.name);
    match manifest.function(name) {
        Some(function) if function.trigger == Trigger::Invoke => {}
        Some(function) => report(format!(
            "its destination `{name}` at {} is no `invoke` handler, and so cannot be told: name one that is",
            function.source
        )),
        None => {
            let hint =
                rules::nearest(name, invoked()).map_or(String::new(), |near| format!(": did you mean `{near}`?"));
            report(format!("its destination is the handler `{name}`, which the application does not have{hint}"));
        }
    }
}

/// Each function's role names the functions that it tells, and no stack can make two that name each other.
pub(super) fn check_circle(manifest: &Manifest, function: &Function, report: &mut impl FnMut(String)) {
    if let Some(path) = circle(manifest, function, vec![&function.name]) {
        let path: Vec<_> = path.into_iter().chain([&*function.name]).map(|name| format!("`{name}`")).collect();
        report(format!(
            "it would be told of what it did itself, {}: a function is no destination of its own",
            path.join(" to ")
        ));
    }
}

/// The way from the last of these back to the first.
fn circle<'a>(manifest: &'a Manifest, function: &'a Function, path: Vec<&'a str>) -> Option<Vec<&'a str>> {
    function.destinations().find_map(|destination| {
        let Destination::Function { name } = destination else { return None };
        if path.first() == Some(&name.as_str()) {
            return Some(path.clone());
        }
        let next = manifest.function(name).filter(|_| !path.contains(&name.as_str()))?;
        circle(manifest, next, path.iter().copied().chain([name.as_str()]).collect())
    })
}
