use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    pub(super) user_pool_id: String,
    pub(super) username: String,
    pub(super) group_name: String,
}

pub(super) fn admin_add_user_to_group(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    pool.has_group(&input.group_name)?;
    pool.user(&input.username)?.groups.insert(input.group_name);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::cognito::testing::Fixture;

    #[test]
    fn the_group_is_one_of_the_applications() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        expect!["{}"].assert_eq(&cognito.group("ann@example.com", "staff"));
        expect!["ResourceNotFoundException: Group not found."].assert_eq(&cognito.group("ann@example.com", "stuff"));
        expect!["UserNotFoundException: User does not exist."].assert_eq(&cognito.group("nobody", "staff"));
    }
}
