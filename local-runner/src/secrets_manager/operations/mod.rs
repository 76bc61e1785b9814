mod create_secret;
mod describe_secret;
mod get_secret_value;
mod list_secrets;
mod put_secret_value;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Context, error::Error, vault::Vault, wire};

/// Runs an operation by its name.
pub(super) fn run(operation: &str, vault: &mut Vault, context: &Context<'_>, body: &[u8]) -> Result<Value, Error> {
    let call = Call { vault, context, body };
    match operation {
        "CreateSecret" => call.of(create_secret::create_secret),
        "DescribeSecret" => call.of(describe_secret::describe_secret),
        "GetSecretValue" => call.of(get_secret_value::get_secret_value),
        "ListSecrets" => call.of(list_secrets::list_secrets),
        "PutSecretValue" => call.of(put_secret_value::put_secret_value),
        _ => Err(Error::UnknownOperation(operation.into())),
    }
}

struct Call<'a> {
    vault: &'a mut Vault,
    context: &'a Context<'a>,
    body: &'a [u8],
}

impl Call<'_> {
    fn of<I: DeserializeOwned, O: Serialize>(
        self,
        operation: fn(&mut Vault, &Context<'_>, I) -> Result<O, Error>,
    ) -> Result<Value, Error> {
        wire::output(operation(self.vault, self.context, wire::parse(self.body)?)?)
    }
}
