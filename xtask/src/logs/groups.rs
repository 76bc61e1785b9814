//! The log groups of a stack's functions: `/aws/lambda/<stack>/<function>`, as the template names them, and
//! `/aws/lambda/<stack>-Part3/<function>` in a nested stack.

use anyhow::{Result, anyhow, bail};
use aws_sdk_cloudwatchlogs::Client;
use skyloom_manifest::rules;

use crate::{deploy::failure, template};

/// Where a function logs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) function: String,
}

/// Those that are there, by what was deployed: the application needs no build to be listened to.
pub(super) async fn of(client: &Client, stack: &str) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for prefix in [format!("/aws/lambda/{stack}/"), format!("/aws/lambda/{stack}-Part")] {
        let mut names = client.describe_log_groups().log_group_name_prefix(&prefix).into_paginator().items().send();
        while let Some(group) = names.next().await {
            let group = group.map_err(|error| failure::of("logs:DescribeLogGroups", error))?;
            groups.extend(group_of(stack, &group.log_group_name.unwrap_or_default()));
        }
    }
    Ok(groups)
}

/// The group of that name, if it is one of the stack's.
fn group_of(stack: &str, name: &str) -> Option<Group> {
    let (place, function) = name.strip_prefix("/aws/lambda/")?.strip_prefix(stack)?.split_once('/')?;
    let is_ours = place.is_empty() || place.strip_prefix('-').is_some_and(template::is_part);
    is_ours.then(|| Group { name: name.to_owned(), function: function.to_owned() })
}

/// Those of the wanted functions, or all.
pub(super) fn chosen(groups: Vec<Group>, wanted: &[String], stack: &str, region: &str) -> Result<Vec<Group>> {
    if groups.is_empty() {
        bail!(
            "no function of a stack `{stack}` has logs in {region}: deploy it, or name another `--stage` or `--region`"
        );
    }
    if wanted.is_empty() {
        return Ok(groups);
    }
    let mut chosen = Vec::new();
    for name in wanted {
        let before = chosen.len();
        chosen.extend(groups.iter().filter(|group| group.function == *name).cloned()); // two, while it moves
        if chosen.len() == before {
            return Err(no_such_function(name, &groups, stack));
        }
    }
    Ok(chosen)
}

fn no_such_function(name: &str, groups: &[Group], stack: &str) -> anyhow::Error {
    let functions = groups.iter().map(|group| group.function.as_str());
    match rules::nearest(name, functions.clone()) {
        Some(near) => anyhow!("the stack `{stack}` has no function `{name}`: did you mean `{near}`?"),
        None => {
            let all: Vec<_> = functions.map(|it| format!("`{it}`")).collect();
            anyhow!("the stack `{stack}` has no function `{name}`: it has {}", all.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(functions: &[&str]) -> Vec<Group> {
        let group =
            |function: &&str| Group { name: format!("/aws/lambda/shop/{function}"), function: (*function).into() };
        functions.iter().map(group).collect()
    }

    fn chosen_of(functions: &[&str], wanted: &[&str]) -> String {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        match chosen(groups(functions), &wanted, "shop", "eu-west-1") {
            Ok(groups) => groups.into_iter().map(|it| it.function).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn groups_of_nested_stacks_are_the_stacks_and_others_are_not() {
        let function = |name: &str| group_of("shop", name).map(|it| it.function);
        assert_eq!(function("/aws/lambda/shop/ship").as_deref(), Some("ship"));
        assert_eq!(function("/aws/lambda/shop-Part3/ship").as_deref(), Some("ship"));
        assert_eq!(function("/aws/lambda/shop-Part0Row1/ship").as_deref(), Some("ship"));
        assert_eq!(function("/aws/lambda/shop-Party/ship"), None);
        assert_eq!(function("/aws/lambda/shop-prod/ship"), None);
        assert_eq!(function("/aws/lambda/shop-Part3"), None);
    }

    #[test]
    fn all_functions_are_chosen_unless_some_are_named() {
        assert_eq!(chosen_of(&["place", "ship"], &[]), "place ship");
        assert_eq!(chosen_of(&["place", "ship"], &["ship"]), "ship");
    }

    #[test]
    fn a_wrong_name_is_told_with_the_right_one() {
        assert_eq!(
            chosen_of(&["place", "ship"], &["plaec"]),
            "the stack `shop` has no function `plaec`: did you mean `place`?"
        );
        assert_eq!(
            chosen_of(&["place", "ship"], &["x"]),
            "the stack `shop` has no function `x`: it has `place`, `ship`"
        );
    }

    #[test]
    fn a_stack_without_logs_says_what_to_do() {
        assert_eq!(
            chosen_of(&[], &[]),
            "no function of a stack `shop` has logs in eu-west-1: deploy it, or name another `--stage` or `--region`"
        );
    }
}
