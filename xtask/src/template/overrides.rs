//! `template.overrides.yaml` beside the application's `Cargo.toml`: what the annotations cannot say, merged into the template.

mod cloudformation;
mod merge;

use std::{fs, io, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

pub(super) use self::cloudformation::parse;
pub(crate) use self::merge::{is_function, name_of_elements};
use super::{Template, version};

/// The file's name.
pub(crate) const FILE: &str = "template.overrides.yaml";

impl Template {
    /// The template with what the file in this directory overrides; as it is, if there is none.
    ///
    /// # Errors
    /// The file is no YAML, or it overrides what there is not.
    pub(crate) fn overridden(mut self, directory: &Path) -> Result<Self> {
        let path = directory.join(FILE);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        let overrides = cloudformation::parse(&text).with_context(|| format!("cannot read {}", path.display()))?;
        self.override_with(overrides).with_context(|| path.display().to_string())?;
        Ok(self)
    }

    fn override_with(&mut self, overrides: Value) -> Result<()> {
        merge::template(&mut self.value, overrides)?;
        version::mark(&mut self.value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::template::fixture;

    fn overridden(yaml: &str) -> Result<Value> {
        let mut template = fixture::template(&fixture::shop());
        template.override_with(cloudformation::parse(yaml)?)?;
        Ok(template.value)
    }

    fn refused(yaml: &str, expected: Expect) {
        expected.assert_eq(&format!("{:#}", overridden(yaml).unwrap_err()));
    }

    #[test]
    fn a_property_is_replaced_added_or_taken_away_and_the_rest_stays() {
        let yaml = "
Resources:
  PlaceOrderFunction:
    Properties:
      MemorySize: 2048
      Description: null
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Group]}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {GroupDescription: Functions, VpcId: vpc-1}
";
        let before = fixture::template(&fixture::shop()).value;
        let value = overridden(yaml).unwrap();
        let place_order = &value["Resources"]["PlaceOrderFunction"]["Properties"];
        assert_eq!(place_order["MemorySize"], 2048);
        assert_eq!(place_order.get("Description"), None);
        assert_eq!(place_order["VpcConfig"]["SecurityGroupIds"], json!([{"Ref": "Group"}]));
        let before_that = &before["Resources"]["PlaceOrderFunction"]["Properties"];
        assert_eq!(place_order["Role"], before_that["Role"]);
        assert_eq!(value["Resources"]["Group"]["Type"], "AWS::EC2::SecurityGroup");
        assert_eq!(value["Resources"]["OrderTable"], before["Resources"]["OrderTable"]);
    }

    #[test]
    fn a_list_whose_elements_have_a_name_is_merged_by_it() {
        let yaml = "
Resources:
  PlaceOrderRole:
    Properties:
      Policies:
      - PolicyName: more
        PolicyDocument: {Version: '2012-10-17', Statement: []}
      Tags: [{Key: team, Value: shop}]
  OrderTable:
    Properties:
      GlobalSecondaryIndexes:
      - IndexName: ByStatus
        ContributorInsightsSpecification: {Enabled: true}
";
        let value = overridden(yaml).unwrap();
        let policies = value["Resources"]["PlaceOrderRole"]["Properties"]["Policies"].as_array().unwrap();
        assert_eq!(policies.iter().map(|it| &it["PolicyName"]).collect::<Vec<_>>(), ["needs", "more"]);
        let index = &value["Resources"]["OrderTable"]["Properties"]["GlobalSecondaryIndexes"][0];
        assert_eq!(index["ContributorInsightsSpecification"]["Enabled"], true);
        assert!(index["KeySchema"].is_array(), "the rest of the index stays");
    }

    #[test]
    fn a_list_without_names_is_replaced() {
        let value = overridden("Globals: {Function: {Architectures: [x86_64]}}").unwrap();
        assert_eq!(value["Globals"]["Function"]["Architectures"], json!(["x86_64"]));
    }

    #[test]
    fn a_resource_output_or_section_is_taken_away() {
        let value = overridden("Resources: {ReportFunction: null}\nOutputs: {ReportFunctionName: null}").unwrap();
        assert_eq!(value["Resources"].get("ReportFunction"), None);
        assert_eq!(value["Outputs"].get("ReportFunctionName"), None);
    }

    #[test]
    fn a_new_function_of_cloudformation_replaces_another() {
        let value = overridden("Outputs: {ApiUrl: {Value: !GetAtt HttpApi.ApiEndpoint}}").unwrap();
        assert_eq!(value["Outputs"]["ApiUrl"]["Value"], json!({"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]}));
    }

    #[test]
    fn what_matches_nothing_is_refused() {
        refused(
            "Resources: {PlaceOrderFuncton: {Properties: {MemorySize: 1}}}",
            expect![
                "the template has no resource `PlaceOrderFuncton`: did you mean `PlaceOrderFunction`? (a new resource has a `Type`)"
            ],
        );
        refused(
            "Resources: {Nothing: {Properties: {}}}",
            expect!["the template has no resource `Nothing` (a new resource has a `Type`)"],
        );
        refused(
            "Resources: {Nothing: null}",
            expect!["the template has no resource `Nothing` (a new resource has a `Type`)"],
        );
        refused(
            "Resources: {PlaceOrderFunction: {Properties: {Layers: null}}}",
            expect!["`Resources.PlaceOrderFunction.Properties.Layers` is not there, so that it cannot be taken away"],
        );
        refused(
            "Resource: {PlaceOrderFunction: null}",
            expect!["the template has no section `Resource`: did you mean `Resources`?"],
        );
        refused(
            "Resources: {PlaceOrderFunction: {Type: AWS::Lambda::Function}}",
            expect![
                "`PlaceOrderFunction` cannot become another type of resource: set `PlaceOrderFunction: null`, and add one with another logical id"
            ],
        );
        refused("Resources: []", expect!["`Resources` has no logical ids: write them under it"]);
        refused("- a", expect!["it is no template: write sections, `Resources:` and under it the logical ids"]);
        refused(
            "Outputs: {ApiUrl: {Value: !Reff HttpApi}}",
            expect![[r#"
            error: line 1 column 33: `!Reff` is no function of CloudFormation
             --> <input>:1:33
              |
            1 | Outputs: {ApiUrl: {Value: !Reff HttpApi}}
              |                                 ^ `!Reff` is no function of CloudFormation"#]],
        );
        refused(
            "Outputs: {ApiUrl: {Value: !GetAtt HttpApi}}",
            expect![[r#"
            error: line 1 column 35: `!GetAtt HttpApi` names no attribute: write `!GetAtt HttpApi.Arn`
             --> <input>:1:35
              |
            1 | Outputs: {ApiUrl: {Value: !GetAtt HttpApi}}
              |                                   ^ `!GetAtt HttpApi` names no attribute: write `!GetAtt HttpApi.Arn`"#]],
        );
        refused(
            "Outputs: {ApiUrl: 1\n",
            expect![[r#"
            error: line 1 column 10: unclosed bracket '{'
             --> <input>:1:10
              |
            1 | Outputs: {ApiUrl: 1
              |          ^ unclosed bracket '{'"#]],
        );
        refused(
            "Description: a\nDescription: b",
            expect![[r#"
            error: line 2 column 1: duplicate mapping key: Description, set DuplicateKeyPolicy in Options if acceptable
             --> <input>:2:1
              |
            1 | Description: a
            2 | Description: b
              | ^ duplicate mapping key: Description, set DuplicateKeyPolicy in Options if acceptable"#]],
        );
    }

    #[test]
    fn an_empty_file_overrides_nothing() {
        let before = fixture::template(&fixture::shop()).value;
        assert_eq!(overridden("# nothing yet\n").unwrap(), before);
    }
}
