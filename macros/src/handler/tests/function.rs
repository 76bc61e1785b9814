use super::*;

/// What follows `options:` in the registration.
fn options(attribute: proc_macro2::TokenStream) -> String {
    let file = syn::parse2(handler(attribute, quote! { async fn report() {} })).unwrap();
    let text = prettyplease::unparse(&file);
    let (_, after) = text.split_once("        options: ").unwrap();
    after.split_once("        allow:").unwrap().0.trim_end().trim_end_matches(',').to_owned()
}

#[test]
fn a_handler_that_says_nothing_is_run_as_usual() {
    assert_eq!(options(quote! { invoke }), "::skyloom::__private::FunctionOptions::DEFAULT");
}

#[test]
fn only_what_a_handler_says_is_changed() {
    let all = options(quote! {
        schedule = "rate(1 hour)", ephemeral_storage = 1024, environment("CURRENCY", "EUR"), environment(MODE = "live"),
        layers("arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"), log_level = "debug", log_retention = "90d",
        tags(team = "shop", "cost-center" = "7"), tracing = false, vpc, retries = 0, max_event_age = "1h",
        on_failure = function("clean_up"), on_success = topic("Reports"),
        dead_letter = "arn:aws:sqs:eu-west-1:111122223333:dead"
    });
    expect![[r#"
        ::skyloom::__private::FunctionOptions {
                    ephemeral_storage: ::core::option::Option::Some(1024u32),
                    log_level: ::core::option::Option::Some(
                        ::skyloom::__private::LogLevel::Debug,
                    ),
                    log_retention: ::core::option::Option::Some(90u32),
                    environment: &[("CURRENCY", "EUR"), ("MODE", "live")],
                    tags: &[("team", "shop"), ("cost-center", "7")],
                    tracing: ::core::option::Option::Some(false),
                    layers: &["arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"],
                    vpc: true,
                    event_invoke: ::skyloom::__private::EventInvoke {
                        retries: ::core::option::Option::Some(0u32),
                        max_age: ::core::option::Option::Some(3600u32),
                        on_failure: ::core::option::Option::Some(
                            ::skyloom::__private::DestinationEntry::Function("clean_up"),
                        ),
                        on_success: ::core::option::Option::Some(
                            ::skyloom::__private::DestinationEntry::Topic("Reports"),
                        ),
                        dead_letter: ::core::option::Option::Some(
                            ::skyloom::__private::DestinationEntry::Arn(
                                "arn:aws:sqs:eu-west-1:111122223333:dead",
                            ),
                        ),
                        ..::skyloom::__private::EventInvoke::DEFAULT
                    },
                    ..::skyloom::__private::FunctionOptions::DEFAULT
                }"#]]
    .assert_eq(&all);
}

#[test]
fn a_stream_s_options_of_the_same_names_are_its_mapping_s() {
    let expansion = handler(
        quote! { stream = Order, retries = 3, on_failure = queue("DeadLetters") },
        quote! { async fn ship(change: Change<Order>) {} },
    );
    let text = expansion.to_string();
    assert!(
        text.contains("FunctionOptions :: DEFAULT")
            && text.contains("retries : :: core :: option :: Option :: Some (3u32)"),
        "{text}"
    );
}
