//! `#[derive(UserPool)]`

mod expand;
mod model;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::item;

/// The implementations and the registration of a user pool, or what is wrong with it, and the principal all the same: the routes
/// that name it are not wrong as well.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let (principal, generics) = (expand::principal(&input.ident), input.generics.clone());
    model::new(input).map_or_else(|errors| item::stand_in(&errors, &generics, principal), |pool| expand::expand(&pool))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use quote::quote;

    use super::derive;
    use crate::snapshot::{check, check_errors};

    #[test]
    fn a_pool_is_a_principal_and_an_argument_of_its_routes() {
        check(
            derive(quote! {
                #[user_pool(sign_in = "phone", self_sign_up, groups = ["staff", "drivers"])]
                pub struct Shopper { pub sub: String }
            }),
            expect![[r#"
                impl ::skyloom::Principal for Shopper {
                    const KIND: ::skyloom::__private::PrincipalKind = ::skyloom::__private::PrincipalKind::UserPool(
                        "Shopper",
                    );
                }
                impl ::skyloom::__private::bridge::SignsIn for Shopper {
                    const USER_POOL: &'static str = "Shopper";
                }
                impl ::skyloom::FromEvent<::skyloom::__private::http::Http<Shopper>> for Shopper {
                    async fn from_event<'a>(
                        event: &'a ::skyloom::__private::RequestEvent<'a>,
                        _: &'a ::skyloom::__private::Scope,
                    ) -> ::core::result::Result<Self, ::skyloom::__private::Rejection> {
                        ::skyloom::__private::user_of_pool(event)
                    }
                }
                const _: () = {
                    #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::USER_POOLS)]
                    #[linkme(crate = ::skyloom::__private::linkme)]
                    #[allow(clippy::needless_update)]
                    static __SKYLOOM_ENTRY: ::skyloom::__private::UserPoolEntry = ::skyloom::__private::UserPoolEntry {
                        name: "Shopper",
                        source: ::skyloom::__private::Source::here(),
                        sign_in: ::skyloom::__private::SignIn::Phone,
                        self_sign_up: true,
                        groups: &["staff", "drivers"],
                        options: ::skyloom::__private::UserPoolOptions::DEFAULT,
                        oauth: ::skyloom::__private::OAuthEntry::NONE,
                    };
                };
            "#]],
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        check_errors(
            derive(quote! {
                #[user_pool(sign_in = "mail", self_signup, groups = ["store staff", "staff"])]
                #[user_pool(sign_in = "email")]
                pub struct Shopper<T> { pub sub: T }
            }),
            expect![[r#"
                `UserPool` stands for one thing in the cloud: the type has no parameters
                `self_signup` is no option of `#[user_pool(…)]`: did you mean `self_sign_up`?
                `sign_in` is given twice: remove one of them
                `mail` is no value of `sign_in`: did you mean `email`?
                Cognito's groups have names of 1 to 128 characters without spaces or commas"#]],
        );
        check_errors(
            derive(quote! { struct Shopper(String); }),
            expect!["`UserPool` is derived for structs with named fields: `struct Shopper { … }`"],
        );
    }

    #[test]
    fn only_what_is_said_of_a_pool_is_in_its_entry() {
        let expanded = derive(quote! {
            #[user_pool(
                group(name = "staff", precedence = 1, role = "arn:aws:iam::111122223333:role/staff"),
                mfa = "required", mfa_methods = ["totp", "email"], email_identity = "example.com",
                password(min_length = 12, symbols = false, temporary = "3d"),
                client(secret, flows = ["user-srp"], access_token = "15m", rotation = "30s"),
                remember_devices = "opt-in", challenge_required_on_new_device
            )]
            pub struct Shopper { pub sub: String }
        });
        let text = expanded.to_string();
        let options = text.split("groups : & [\"staff\"] , options :").nth(1).unwrap().split("} ;").next().unwrap();
        expect![[r#" :: skyloom :: __private :: UserPoolOptions { mfa : :: core :: option :: Option :: Some (:: skyloom :: __private :: MfaEntry { required : true , methods : & [:: skyloom :: __private :: MfaMethod :: Totp , :: skyloom :: __private :: MfaMethod :: Email] , email_identity : :: core :: option :: Option :: Some ("example.com") , }) , password : :: skyloom :: __private :: PasswordPolicy { min_length : 12u32 , symbols : false , temporary_days : 3u32 , .. :: skyloom :: __private :: PasswordPolicy :: DEFAULT } , client : :: skyloom :: __private :: ClientEntry { secret : true , flows : & [:: skyloom :: __private :: AuthFlow :: UserSrp] , access_token : 900u32 , rotation : :: core :: option :: Option :: Some (30u32) , .. :: skyloom :: __private :: ClientEntry :: DEFAULT } , groups : & [:: skyloom :: __private :: GroupEntry { group : "staff" , precedence : :: core :: option :: Option :: Some (1u32) , role : :: core :: option :: Option :: Some ("arn:aws:iam::111122223333:role/staff") }] , devices : :: core :: option :: Option :: Some (:: skyloom :: __private :: Devices { only_remembered_on_user_prompt : true , challenge_required_on_new_device : true , }) , .. :: skyloom :: __private :: UserPoolOptions :: DEFAULT } , oauth : :: skyloom :: __private :: OAuthEntry :: NONE , "#]].assert_eq(options);
    }

    #[test]
    fn attributes_of_a_pools_own_are_in_its_entry() {
        let expanded = derive(quote! {
            #[user_pool(
                attribute(name = "plan", type = "string", max_length = 20),
                attribute(name = "size", type = "number", min_value = -5, max_value = 60, writable),
                attribute(name = "tenant", type = "boolean", immutable),
                required = ["birthdate"]
            )]
            pub struct Shopper {
                pub sub: String,
                #[serde(rename = "custom:plan")]
                pub plan: Option<String>,
            }
        });
        let text = expanded.to_string();
        let options = text.split("options :").nth(1).unwrap().split("} ;").next().unwrap();
        expect![[r#" :: skyloom :: __private :: UserPoolOptions { attributes : & [:: skyloom :: __private :: CustomAttributeEntry { name : "plan" , data_type : :: skyloom :: __private :: AttributeDataType :: String , min : :: core :: option :: Option :: None , max : :: core :: option :: Option :: Some (20i64) , immutable : false , writable : false , } , :: skyloom :: __private :: CustomAttributeEntry { name : "size" , data_type : :: skyloom :: __private :: AttributeDataType :: Number , min : :: core :: option :: Option :: Some (- 5i64) , max : :: core :: option :: Option :: Some (60i64) , immutable : false , writable : true , } , :: skyloom :: __private :: CustomAttributeEntry { name : "tenant" , data_type : :: skyloom :: __private :: AttributeDataType :: Boolean , min : :: core :: option :: Option :: None , max : :: core :: option :: Option :: None , immutable : true , writable : false , }] , required : & ["birthdate"] , .. :: skyloom :: __private :: UserPoolOptions :: DEFAULT } , oauth : :: skyloom :: __private :: OAuthEntry :: NONE , "#]].assert_eq(options);
    }

    #[test]
    fn an_attribute_that_cannot_be_is_told_at_its_token() {
        check_errors(
            derive(quote! {
                #[user_pool(
                    attribute,
                    attribute(name = "plan"),
                    attribute(name = "custom:plan", type = "string"),
                    attribute(name = "plan", type = "text"),
                    attribute(name = "plan", type = "string", required),
                    attribute(name = "size", type = "number", max_length = 60),
                    attribute(name = "size", type = "string", min_length = 5, max_length = 4),
                    attribute(name = "width", type = "string", max_length = 4_000),
                    attribute(name = "depth", type = "number", min_value = "1"),
                    attribute(name = "legal", type = "boolean", min_value = 1),
                    attribute(name = "tenant", type = "string", immutable, writable),
                    required = ["birthday", "email", "custom:size"]
                )]
                pub struct Shopper {
                    pub sub: String,
                    #[serde(rename = "custom:plan")]
                    pub plan: Option<String>,
                }
            }),
            expect![[r#"
                `attribute` is followed by parentheses: write `attribute(name = "plan", type = "string")`
                an attribute has a name and a type: write `attribute(name = "plan", type = "string")`
                Cognito puts `custom:` before the name: write `plan`
                `text` is no value of `type`: there are `string`, `number`, `boolean`, `date-time`
                Cognito asks nobody for attributes of the pool's own: refuse who has none in a handler `on = "pre-sign-up"`
                `max_length` is for strings: write `max_value`
                `min_length` is 5, more than `max_length`, which is 4: nothing fits between them
                this attribute is described twice: remove one of them
                `max_length` is 4000, but has to be from 0 to 2048
                `min_value` is a whole number: write `min_value = 1`
                `min_value` is for numbers: remove it
                an administrator sets what is `immutable`, when the user is made: remove one of the two
                `birthday` is no standard attribute: did you mean `birthdate`?
                users sign in with `email`, so that everyone has it: remove it here
                Cognito asks nobody for attributes of the pool's own: refuse who has none in a handler `on = "pre-sign-up"`"#]],
        );
    }

    #[test]
    fn claims_and_providers_name_attributes_that_the_pool_has() {
        check_errors(
            derive(quote! {
                #[user_pool(
                    attribute(name = "size", type = "number", writable),
                    attribute(name = "tenant", type = "string", immutable),
                    domain = "acme"
                )]
                #[identity_provider(oidc, name = "Partner", issuer = "https://id.example.com", client_id = "a",
                    client_secret = PartnerSecret, attributes("custom:tenant" = "t", given_name = "g", givenname = "g"))]
                pub struct Shopper {
                    pub sub: String,
                    #[serde(rename = "custom:siz")]
                    pub size: Option<String>,
                }
            }),
            expect![[r#"
                `custom:tenant` cannot be taken from a provider, with each of whose sign-ins it is written: remove `immutable` there
                `givenname` is no standard attribute: did you mean `given_name`?
                there is no attribute `custom:siz`: did you mean `custom:size`?"#]],
        );
    }

    #[test]
    fn what_cannot_be_or_has_no_effect_is_said_at_its_token() {
        check_errors(
            derive(quote! {
                #[user_pool(
                    group(precedence = 1), group(name = "staff", role = "staff"), group(name = "staff"),
                    mfa_methods = ["topt"], email_identity = "example",
                    password(min_length = 5, simbols = false, temporary = "36h"),
                    client(flows = ["srp"], id_token = "1d", refresh_token = "1h", rotation = "2m")
                )]
                pub struct Shopper { pub sub: String }
            }),
            expect![[r#"
                a group has a name: write `group(name = "staff", precedence = 1)`
                `staff` is no ARN of a role: write one like `arn:aws:iam::111122223333:role/staff`
                this group is described twice: remove one of them
                `topt` is no second factor: did you mean `totp`?
                `example` is no identity of Amazon SES: write a domain, `example.com`, or an address, `shop@example.com`
                without `mfa = "optional"` or `"required"` nobody is asked for a second factor
                this is for codes by e-mail: add `"email"` to `mfa_methods`, or remove it
                `simbols` is no option of `password(…)`: did you mean `symbols`?
                `min_length` is 5, but has to be from 6 to 99
                `temporary` is counted in days: write `temporary = "2d"`
                `srp` is no way to sign in: there are `user-srp`, `user-password`, `admin-user-password`, `custom`
                `rotation` is 120 s, but has to be from 0 to 60 s
                `id_token` is 86400 s, longer than the refresh token, which is valid for 3600 s"#]],
        );
        check_errors(
            derive(quote! {
                #[user_pool(mfa = "on", mfa_methods = ["email"], group)]
                pub struct Shopper { pub sub: String }
            }),
            expect![[r#"
                `group` is followed by parentheses: write `group(name = "staff", precedence = 1)`
                `on` is no value of `mfa`: there are `optional`, `required`, `off`
                codes by e-mail come from an identity of Amazon SES: add `email_identity = "example.com"`"#]],
        );
    }

    #[test]
    fn a_device_stands_for_a_factor_only_where_there_are_both() {
        let wrong = |options: proc_macro2::TokenStream, expected: expect_test::Expect| {
            check_errors(derive(quote! { #[user_pool(#options)] pub struct Shopper { pub sub: String } }), expected);
        };
        wrong(
            quote! { mfa = "required", challenge_required_on_new_device },
            expect![[r#"no device is remembered: add `remember_devices = "always"` or `"opt-in"`"#]],
        );
        wrong(
            quote! { remember_devices = "always", challenge_required_on_new_device },
            expect![[r#"nobody is asked for a second factor: add `mfa = "optional"` or `"required"`"#]],
        );
        wrong(
            quote! { remember_devices = "allways" },
            expect!["`allways` is no value of `remember_devices`: did you mean `always`?"],
        );
    }
}
