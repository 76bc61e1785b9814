//! The operations, each in its file.

mod admin;
mod credentials;
mod get_id;
mod logins;
mod open_id;
mod roles;
mod sts;
mod unlink;

use serde_json::Value;

pub(crate) use self::sts::{StsError, WithToken, assume_role_with_web_identity};
use super::{Around, CognitoIdentities, Error, wire};

/// Those that take no signature: a token says who calls, or nobody has to.
pub(super) const PUBLIC: [&str; 4] = ["GetId", "GetCredentialsForIdentity", "GetOpenIdToken", "UnlinkIdentity"];

pub(super) fn run(
    operation: &str,
    pools: &CognitoIdentities,
    around: &dyn Around,
    body: &[u8],
) -> Result<Value, Error> {
    match operation {
        "GetId" => wire::value(get_id::get_id(pools, around, wire::parse(body)?)?),
        "GetCredentialsForIdentity" => {
            wire::value(credentials::get_credentials_for_identity(pools, around, wire::parse(body)?)?)
        }
        "GetOpenIdToken" => wire::value(open_id::get_open_id_token(pools, around, wire::parse(body)?)?),
        "UnlinkIdentity" => unlink::unlink_identity(pools, around, wire::parse(body)?),
        "GetIdentityPoolRoles" => roles::get_identity_pool_roles(pools, around, wire::parse(body)?),
        "DescribeIdentity" => admin::describe_identity(pools, wire::parse(body)?),
        "ListIdentities" => admin::list_identities(pools, wire::parse(body)?),
        "DeleteIdentities" => admin::delete_identities(pools, wire::parse(body)?),
        "DescribeIdentityPool" => admin::describe_identity_pool(pools, around, wire::parse(body)?),
        "ListIdentityPools" => admin::list_identity_pools(pools, wire::parse(body)?),
        "GetOpenIdTokenForDeveloperIdentity"
        | "LookupDeveloperIdentity"
        | "MergeDeveloperIdentities"
        | "UnlinkDeveloperIdentity" => Err(Error::NotEmulated(format!("{operation}, of developer identities,"))),
        other => Err(Error::NotEmulated(other.to_owned())),
    }
}
