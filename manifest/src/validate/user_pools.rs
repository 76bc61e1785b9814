use crate::{AttributeDataType, CustomAttribute, Mfa, MfaMethod, UserPool, rules};

/// The rules of one user pool.
pub(super) fn check(pool: &UserPool, report: &mut impl FnMut(String)) {
    for group in &pool.groups {
        rules::check_group(group).unwrap_or_else(&mut *report);
    }
    for options in &pool.group_options {
        if !pool.groups.contains(&options.group) {
            report(format!("it says something of the group `{}`, which it does not have", options.group));
        }
        options.role.as_deref().map_or(Ok(()), rules::check_role).unwrap_or_else(&mut *report);
    }
    pool.mfa.iter().for_each(|mfa| check_mfa(mfa, report));
    if pool.mfa.is_none() && pool.devices.is_some_and(|devices| devices.challenge_required_on_new_device) {
        report("a new device asks for a second factor, and there is none: say `mfa`, or leave out `challenge_required_on_new_device`".into());
    }
    check_numbers(pool, report);
    check_attributes(pool, report);
    let client = &pool.client;
    if client.flows.is_empty() {
        report("its client allows no flow: users could not sign in".into());
    }
    rules::check_token_lives(client.access_token, client.id_token, client.refresh_token).unwrap_or_else(report);
}

fn check_attributes(pool: &UserPool, report: &mut impl FnMut(String)) {
    let custom = &pool.custom_attributes;
    if custom.len() > rules::CUSTOM_ATTRIBUTES {
        let most = rules::CUSTOM_ATTRIBUTES;
        report(format!("it has {} attributes of its own, and Cognito takes {most}: leave some out", custom.len()));
    }
    for attribute in custom {
        rules::check_attribute_name(&attribute.name).unwrap_or_else(&mut *report);
        check_bounds(attribute).unwrap_or_else(&mut *report);
        if attribute.immutable && attribute.writable {
            report(format!(
                "its attribute `{}` is both `immutable` and `writable`: remove one of them",
                attribute.name
            ));
        }
    }
    let twice = custom.windows(2).filter(|pair| pair[0].name == pair[1].name);
    twice.for_each(|pair| report(format!("it has two attributes `{}`: remove one", pair[0].name)));
    let twice = pool.required_attributes.windows(2).filter(|pair| pair[0] == pair[1]);
    twice.for_each(|pair| report(format!("it requires `{}` twice: remove one", pair[0])));
    for name in &pool.required_attributes {
        rules::check_required_attribute(name, pool.sign_in.attribute()).unwrap_or_else(&mut *report);
    }
}

fn check_bounds(attribute: &CustomAttribute) -> Result<(), String> {
    let (min, max) = (("min", attribute.min), ("max", attribute.max));
    for (what, bound) in [min, max] {
        match (attribute.data_type, bound) {
            (AttributeDataType::String, Some(bound)) => rules::check_attribute_length(what, bound)?,
            (AttributeDataType::Boolean | AttributeDataType::DateTime, Some(_)) => {
                return Err(format!(
                    "`{what}` of its attribute `{}` is for strings and numbers: remove it",
                    attribute.name
                ));
            }
            (AttributeDataType::Number, _) | (_, None) => {}
        }
    }
    rules::check_attribute_bounds(min, max)
}

fn check_mfa(mfa: &Mfa, report: &mut impl FnMut(String)) {
    if mfa.methods.is_empty() {
        report("it asks for a second factor, but has no method: name one in `mfa_methods`".into());
    }
    match (&mfa.email_identity, mfa.methods.contains(&MfaMethod::Email)) {
        (None, true) => report("codes by e-mail need `email_identity`: Cognito's own sender has no codes".into()),
        (Some(identity), _) => rules::check_email_identity(identity).unwrap_or_else(report),
        (None, false) => {}
    }
}

fn check_numbers(pool: &UserPool, report: &mut impl FnMut(String)) {
    let days = |days: u32| u64::from(days) * 86_400;
    let (password, client) = (&pool.password, &pool.client);
    let mut check = |what: &str, value, range, unit| {
        rules::check_range(what, value, &range, unit).unwrap_or_else(&mut *report);
    };
    check("`min_length`", password.min_length.into(), rules::PASSWORD_LENGTH, "");
    check("`temporary`", days(password.temporary_days), rules::TEMPORARY_PASSWORD, " s");
    check("`access_token`", client.access_token.into(), rules::TOKEN_LIFE, " s");
    check("`id_token`", client.id_token.into(), rules::TOKEN_LIFE, " s");
    check("`refresh_token`", client.refresh_token.into(), rules::REFRESH_TOKEN_LIFE, " s");
    check("`rotation`", client.rotation.unwrap_or_default().into(), rules::ROTATION_GRACE, " s");
    for precedence in pool.group_options.iter().filter_map(|options| options.precedence) {
        check("`precedence`", precedence.into(), rules::GROUP_PRECEDENCE, "");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Devices, GroupOptions, OAuth, PasswordPolicy, SignIn, SourceLocation, UserPoolClient};

    fn pool() -> UserPool {
        UserPool {
            name: "Shopper".into(),
            source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
            sign_in: SignIn::Email,
            self_sign_up: true,
            groups: vec!["staff".into()],
            group_options: Vec::new(),
            mfa: None,
            password: PasswordPolicy::DEFAULT,
            client: UserPoolClient::default(),
            oauth: OAuth::default(),
            devices: None,
            custom_attributes: Vec::new(),
            required_attributes: Vec::new(),
        }
    }

    fn problems(pool: &UserPool) -> String {
        let mut problems = Vec::new();
        check(pool, &mut |problem| problems.push(problem));
        problems.join("\n")
    }

    #[test]
    fn a_pool_that_says_nothing_is_fine() {
        assert_eq!(problems(&pool()), "");
    }

    #[test]
    fn a_device_that_stands_for_no_factor_is_a_mistake() {
        let devices = Devices { only_remembered_on_user_prompt: false, challenge_required_on_new_device: true };
        expect_test::expect!["a new device asks for a second factor, and there is none: say `mfa`, or leave out `challenge_required_on_new_device`"]
            .assert_eq(&problems(&UserPool { devices: Some(devices), ..pool() }));
    }

    #[test]
    fn attributes_keep_to_cognitos_limits() {
        let attribute = |name: &str| CustomAttribute {
            name: name.into(),
            data_type: AttributeDataType::String,
            min: None,
            max: None,
            immutable: false,
            writable: false,
        };
        let both = CustomAttribute { immutable: true, writable: true, max: Some(3_000), ..attribute("size") };
        let custom_attributes = vec![attribute("email"), attribute("plan"), attribute("plan"), both];
        let required_attributes = vec!["email".to_owned(), "name".to_owned(), "shoe_size".to_owned()];
        expect_test::expect![[r#"
            every pool has `email`, a standard attribute: remove this, or ask everyone for it with `required = ["email"]`
            `max` is 3000, but has to be from 0 to 2048
            its attribute `size` is both `immutable` and `writable`: remove one of them
            it has two attributes `plan`: remove one
            users sign in with `email`, so that everyone has it: remove it here
            `shoe_size` is no standard attribute: there are `address`, `birthdate`, `email`, `family_name`, `gender`, `given_name`, `locale`, `middle_name`, `name`, `nickname`, `phone_number`, `picture`, `preferred_username`, `profile`, `updated_at`, `website`, `zoneinfo`"#]]
        .assert_eq(&problems(&UserPool { custom_attributes, required_attributes, ..pool() }));
        let custom_attributes = (0..51).map(|number| attribute(&format!("a{number:02}"))).collect();
        let twice = UserPool { required_attributes: vec!["name".into(), "name".into()], ..self::pool() };
        expect_test::expect!["it requires `name` twice: remove one"].assert_eq(&problems(&twice));
        expect_test::expect!["it has 51 attributes of its own, and Cognito takes 50: leave some out"]
            .assert_eq(&problems(&UserPool { custom_attributes, ..pool() }));
    }

    #[test]
    fn a_client_reads_all_attributes_and_writes_what_says_so() {
        let attribute = |name: &str, writable| CustomAttribute {
            name: name.into(),
            data_type: AttributeDataType::String,
            min: None,
            max: None,
            immutable: false,
            writable,
        };
        assert_eq!(pool().attributes_of_clients(), None);
        let custom_attributes = vec![attribute("plan", false), attribute("size", true)];
        let pool = UserPool { custom_attributes, ..pool() };
        let (read, write) = pool.attributes_of_clients().unwrap();
        let has = |list: &[String], name: &str| list.iter().any(|it| it == name);
        assert!(["custom:plan", "custom:size", "email_verified", "name"].iter().all(|name| has(&read, name)));
        assert!(has(&write, "custom:size") && has(&write, "name"));
        assert!(["custom:plan", "email_verified", "sub"].iter().all(|name| !has(&write, name)));
    }

    #[test]
    fn every_rule_that_a_pool_breaks_is_named() {
        let mut pool = pool();
        pool.groups.push("two words".into());
        pool.group_options =
            vec![GroupOptions { group: "stuff".into(), precedence: Some(u32::MAX), role: Some("r".into()) }];
        pool.mfa = Some(Mfa { required: true, methods: vec![MfaMethod::Email], email_identity: None });
        pool.password.min_length = 5;
        pool.client = UserPoolClient { flows: Vec::new(), id_token: 86_400, refresh_token: 3_600, ..pool.client };
        expect_test::expect![[r"
            Cognito's groups have names of 1 to 128 characters without spaces or commas
            it says something of the group `stuff`, which it does not have
            `r` is no ARN of a role: write one like `arn:aws:iam::111122223333:role/staff`
            codes by e-mail need `email_identity`: Cognito's own sender has no codes
            `min_length` is 5, but has to be from 6 to 99
            `precedence` is 4294967295, but has to be from 0 to 2147483647
            its client allows no flow: users could not sign in
            `id_token` is 86400 s, longer than the refresh token, which is valid for 3600 s"]]
        .assert_eq(&problems(&pool));
    }
}
