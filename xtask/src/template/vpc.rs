//! A function in a VPC: where, and what Lambda needs of its role for that.

use serde_json::{Value, json};
use skyloom_manifest::Function;

use super::{intrinsic, policy::allow};
use crate::stage::{Stage, Vpc};

/// All that Lambda does with network interfaces, and no function has to.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html>
const ACTIONS: [&str; 6] = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
];

/// Why the metadata of the role say so.
pub(super) const REASON: &str = "EC2 has no resources that a policy could name for what describes network interfaces and \
                                 subnets, so that theirs is `*`; all of it is denied to the function's own code";

/// The VPC of a function, if it has one.
pub(super) fn of<'a>(function: &Function, stage: &'a Stage) -> Option<&'a Vpc> {
    stage.settings.vpc.as_ref().filter(|_| function.options.vpc)
}

/// `VpcConfig`
pub(super) fn config(vpc: &Vpc) -> Value {
    let ids = |ids: &[String]| ids.iter().map(intrinsic::substitute).collect::<Vec<_>>();
    json!({"SecurityGroupIds": ids(&vpc.security_groups), "SubnetIds": ids(&vpc.subnets)})
}

/// Lambda makes an interface in just these subnets and groups. Before it does, it asks whether it could delete any, which the
/// documentation answers with all resources of EC2 in the account and region. A subnet can be another account's that shares it.
pub(super) fn statements(vpc: &Vpc) -> Vec<Value> {
    let here = "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}";
    let anywhere = "arn:${AWS::Partition}:ec2:${AWS::Region}:*";
    let groups = vpc.security_groups.iter().map(|id| format!("{anywhere}:security-group/{id}"));
    let subnets = vpc.subnets.iter().map(|id| format!("{anywhere}:subnet/{id}"));
    let made_in = [format!("{here}:network-interface/*")].into_iter().chain(groups).chain(subnets);
    let made_in: Vec<_> = made_in.map(intrinsic::substitute).collect();
    let [assign, create, delete, interfaces, subnets, unassign] = ACTIONS;
    let mut of_its_code = json!({"Effect": "Deny", "Action": ACTIONS, "Resource": "*"});
    // Only what runs with the function's own credentials has it: Lambda itself does not.
    of_its_code["Condition"] = json!({"Null": {"lambda:SourceFunctionArn": "false"}});
    vec![
        allow(&[interfaces, subnets], "*".into()),
        allow(&[create], made_in.into()),
        allow(&[assign, delete, unassign], intrinsic::substitute(format!("{here}:*/*"))),
        of_its_code,
    ]
}
