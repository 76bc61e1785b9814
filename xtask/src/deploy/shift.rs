//! Updates in which CodeDeploy shifts traffic: they take as long as that takes, and may be taken back by an alarm or a hook.

use super::follow::Event;
use crate::{
    diff::{Action, Change},
    template::Template,
};

/// What SAM's name for the alias of a function ends with.
const ALIAS: &str = "Aliaslive";

/// Which functions an update shifts the traffic of, and how; nothing if of none. A new alias begins with its version.
pub(super) fn announced(template: &Template, changes: &[Change]) -> Option<String> {
    let is_updated =
        |id: &str| changes.iter().any(|it| it.logical_id == format!("{id}{ALIAS}") && it.action == Action::Modify);
    let shifts: Vec<_> = template
        .resources()
        .filter(|(id, _)| is_updated(id))
        .filter_map(|(_, function)| {
            let properties = &function["Properties"];
            let kind = &properties["DeploymentPreference"]["Type"];
            let kind = kind.as_str().or_else(|| kind["Ref"].as_str())?;
            Some(format!("\n  {}: {kind}", properties["Handler"].as_str().unwrap_or_default()))
        })
        .collect();
    (!shifts.is_empty()).then(|| {
        format!("CodeDeploy shifts traffic, and the update takes as long as the slowest of these:{}", shifts.concat())
    })
}

/// What stands behind the failure of an alias, of which CloudFormation says little more than that the rollback succeeded.
pub(super) fn explained(event: &Event) -> Option<String> {
    let function = event.logical_id.strip_suffix(ALIAS).filter(|_| event.resource_type == "AWS::Lambda::Alias")?;
    let alarm = format!("{}DeploymentAlarm", function.strip_suffix("Function").unwrap_or(function));
    Some(format!(
        "CodeDeploy did not bring the new version in: its hook failed, of which `cargo xtask logs` shows what it said, or the \
         alarm `{alarm}` was raised, because an invocation of the new version failed"
    ))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::{diff::Replacement, template::fixture};

    fn change(logical_id: &str, action: Action) -> Change {
        Change {
            logical_id: logical_id.into(),
            physical_id: None,
            resource_type: "AWS::Lambda::Alias".into(),
            action,
            replacement: Replacement::False,
            properties: Vec::new(),
        }
    }

    #[test]
    fn an_update_tells_whose_traffic_it_shifts() {
        let template = fixture::template(&fixture::shop_with_deployments());
        let changes = [
            change("PlaceOrderFunctionAliaslive", Action::Modify),
            change("PartnerFunctionAliaslive", Action::Modify),
            change("ShipFunctionAliaslive", Action::Add),
        ];
        expect![[r#"
            CodeDeploy shifts traffic, and the update takes as long as the slowest of these:
              partner: Canary25Percent5Minutes
              place_order: Canary10Percent5Minutes"#]]
        .assert_eq(&announced(&template, &changes).unwrap());
        assert_eq!(announced(&template, &changes[2..]), None);
    }
}
