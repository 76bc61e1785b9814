use super::*;

#[test]
fn a_question_of_a_pool_is_registered_with_its_occasion() {
    check(
        handler(
            quote! { user_pool = Shopper, on = "pre-sign-up" },
            quote! {
                async fn invited_only(event: PreSignUp<Shopper>, invited: Read<Invitation>) -> Result<PreSignUpReply, Error> {
                    todo(event)
                }
            },
        ),
        expect![[r#"
            async fn invited_only(
                event: PreSignUp<Shopper>,
                invited: Read<Invitation>,
            ) -> Result<PreSignUpReply, Error> {
                todo(event)
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::HANDLERS)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::Handler = ::skyloom::__private::Handler {
                    name: "invited_only",
                    description: "",
                    source: ::skyloom::__private::Source::here(),
                    trigger: ::skyloom::__private::TriggerEntry::UserPool {
                        pool: <Shopper as ::skyloom::__private::bridge::SignsIn>::USER_POOL,
                        on: ::skyloom::__private::PoolTrigger::PreSignUp,
                        version: ::skyloom::__private::PoolEventVersion::V1,
                    },
                    memory: ::core::option::Option::None,
                    timeout: ::core::option::Option::None,
                    concurrency: ::core::option::Option::None,
                    options: ::skyloom::__private::FunctionOptions::DEFAULT,
                    allow: &[],
                    needs: ::skyloom::__private::Needs::All(
                        &[
                            <PreSignUp<
                                Shopper,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::user_pool::OfPool<
                                    Shopper,
                                    ::skyloom::__private::user_pool::on::PreSignUp,
                                >,
                            >>::NEEDS,
                            <Read<
                                Invitation,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::user_pool::OfPool<
                                    Shopper,
                                    ::skyloom::__private::user_pool::on::PreSignUp,
                                >,
                            >>::NEEDS,
                        ],
                    ),
                    call: |payload, scope| ::std::boxed::Box::pin(async move {
                        let event = match ::skyloom::__private::user_pool::open(payload) {
                            ::core::result::Result::Ok(event) => event,
                            ::core::result::Result::Err(failure) => {
                                return ::core::result::Result::Err(failure);
                            }
                        };
                        let answer = async {
                            let argument_0 = match <PreSignUp<
                                Shopper,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::user_pool::OfPool<
                                    Shopper,
                                    ::skyloom::__private::user_pool::on::PreSignUp,
                                >,
                            >>::from_event(&event, scope)
                                .await
                            {
                                ::core::result::Result::Ok(argument) => argument,
                                ::core::result::Result::Err(rejection) => {
                                    return ::skyloom::__private::user_pool::reject(rejection);
                                }
                            };
                            let argument_1 = match <Read<
                                Invitation,
                            > as ::skyloom::FromEvent<
                                ::skyloom::__private::user_pool::OfPool<
                                    Shopper,
                                    ::skyloom::__private::user_pool::on::PreSignUp,
                                >,
                            >>::from_event(&event, scope)
                                .await
                            {
                                ::core::result::Result::Ok(argument) => argument,
                                ::core::result::Result::Err(rejection) => {
                                    return ::skyloom::__private::user_pool::reject(rejection);
                                }
                            };
                            let reply = ::skyloom::__private::user_pool::reply::<
                                ::skyloom::__private::user_pool::on::PreSignUp,
                                Result<PreSignUpReply, Error>,
                            >;
                            reply(invited_only(argument_0, argument_1).await)
                        };
                        ::skyloom::__private::user_pool::conclude(&event, answer).await
                    }),
                };
            };
        "#]],
    );
}

/// What follows `trigger:` in the registration.
fn trigger(attribute: proc_macro2::TokenStream, item: proc_macro2::TokenStream) -> String {
    let text = prettyplease::unparse(&syn::parse2(handler(attribute, item)).unwrap());
    let (_, after) = text.split_once("        trigger: ").unwrap();
    after.split_once("        memory:").unwrap().0.trim_end().trim_end_matches(',').to_owned()
}

#[test]
fn the_type_of_the_answer_about_tokens_says_which_event_it_takes() {
    let tokens = trigger(
        quote! { user_pool = Shopper, on = "pre-token-generation" },
        quote! { async fn claims() -> Result<TokensReply, Error> { todo() } },
    );
    expect![[r#"
        ::skyloom::__private::TriggerEntry::UserPool {
                    pool: <Shopper as ::skyloom::__private::bridge::SignsIn>::USER_POOL,
                    on: ::skyloom::__private::PoolTrigger::PreTokenGeneration,
                    version: ::skyloom::__private::user_pool::version::<
                        Result<TokensReply, Error>,
                    >(),
                }"#]]
    .assert_eq(&tokens);
}

fn mistakes(attribute: proc_macro2::TokenStream) -> String {
    let errors = super::super::read(attribute, quote! { async fn ask() {} }).err().unwrap();
    errors.into_iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_occasion_is_one_of_cognitos_and_the_pool_a_type() {
    let all = [
        quote! { user_pool = Shopper },
        quote! { user_pool = Shopper, on = "presignup" },
        quote! { user_pool = Shopper, on = "tuesday" },
        quote! { user_pool = "Shopper" },
        quote! { user_pool },
        quote! { invoke, on = "pre-sign-up" },
        quote! { user_pool = Shopper, on = "pre-sign-up", timeout = "10s", retries = 2 },
    ];
    expect![[r#"
        say when Cognito asks: `on = "pre-sign-up"`; there are `pre-sign-up`, `post-confirmation`, `pre-authentication`, `post-authentication`, `pre-token-generation`, `custom-message`, `migrate-user`, `define-auth-challenge`, `create-auth-challenge`, `verify-auth-challenge-response`
        `presignup` is no value of `on`: did you mean `pre-sign-up`?
        `tuesday` is no value of `on`: there are `pre-sign-up`, `post-confirmation`, `pre-authentication`, `post-authentication`, `pre-token-generation`, `custom-message`, `migrate-user`, `define-auth-challenge`, `create-auth-challenge`, `verify-auth-challenge-response`
        a handler that Cognito asks names its pool's type: write `user_pool = Shopper, on = "pre-sign-up"`
        unexpected end of input, a handler that Cognito asks names its pool's type: write `user_pool = Shopper, on = "pre-sign-up"`
        `on` is an option of user pool handlers, and this one is triggered by its name
        `retries` is an option of stream, schedule and invoke handlers, and this one is triggered by a user pool
        `timeout` is 10 s, but has to be from 1 to 5 s"#]].assert_eq(&all.map(mistakes).join("\n"));
}
