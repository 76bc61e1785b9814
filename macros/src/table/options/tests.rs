use expect_test::{Expect, expect};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{snapshot::check_errors, table::derive};

/// The registration of a table with these attributes.
fn check_entry(attributes: TokenStream, expected: Expect) {
    let derived = derive(table(attributes));
    let file: syn::File = syn::parse2(derived).unwrap();
    let entry = file.items.last().unwrap().clone();
    expected.assert_eq(&prettyplease::unparse(&syn::File { items: vec![entry], ..file }));
}

fn check_table_errors(attributes: TokenStream, expected: Expect) {
    check_errors(derive(table(attributes)), expected);
}

fn table(attributes: TokenStream) -> TokenStream {
    quote! {
        #attributes
        struct Order { #[partition_key] shopper: String, #[sort_key] id: String, status: String }
    }
}

#[test]
fn what_a_table_says_of_itself_is_registered() {
    check_entry(
        quote! {
            #[table(
                stream = "new-and-old-images",
                provisioned(reads = 5, writes = 5..=500, target = 60),
                recovery_days = 7,
                encryption = "arn:aws:kms:eu-west-1:123456789012:alias/shop",
                deletion_protection,
                class = "infrequent-access",
                tags(team = "shop", "cost-center" = "7"),
                kinesis(stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/changes", precision = "microsecond"),
                replicas = ["us-east-1"],
                contributor_insights,
            )]
            #[index(ByStatus, partition = "status", provisioned(reads = 1..=9, writes = 1..=9), contributor_insights = "throttled-keys")]
        },
        expect![[r#"
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::TABLES)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::TableEntry = ::skyloom::__private::TableEntry::of::<
                    Order,
                >(
                        ::skyloom::__private::Source::here(),
                        &[
                            ::skyloom::__private::IndexEntry::of::<
                                ByStatus,
                            >(::skyloom::__private::ProjectionEntry::All)
                                .with_options(::skyloom::__private::IndexOptions {
                                    throughput: ::core::option::Option::Some(::skyloom::__private::Throughput::Provisioned {
                                        reads: ::skyloom::__private::Capacity::Scaled {
                                            min: 1u32,
                                            max: 9u32,
                                            target: 70u32,
                                        },
                                        writes: ::skyloom::__private::Capacity::Scaled {
                                            min: 1u32,
                                            max: 9u32,
                                            target: 70u32,
                                        },
                                    }),
                                    contributor_insights: ::core::option::Option::Some(
                                        ::skyloom::__private::ContributorInsights::ThrottledKeys,
                                    ),
                                    ..::skyloom::__private::IndexOptions::DEFAULT
                                }),
                        ],
                        ::core::option::Option::Some(
                            ::skyloom::__private::StreamView::NewAndOldImages,
                        ),
                        ::core::option::Option::None,
                    )
                    .with_item({
                        #[allow(unused_imports)]
                        use ::skyloom::__private::UnknownType as _;
                        ::skyloom::__private::ItemEntry {
                            attributes: &[
                                ::skyloom::__private::AttributeEntry::of(
                                    "shopper",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "id",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "status",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                            ],
                            open: false,
                        }
                    })
                    .with_options(::skyloom::__private::TableOptions {
                        throughput: ::skyloom::__private::Throughput::Provisioned {
                            reads: ::skyloom::__private::Capacity::Fixed(5u32),
                            writes: ::skyloom::__private::Capacity::Scaled {
                                min: 5u32,
                                max: 500u32,
                                target: 60u32,
                            },
                        },
                        point_in_time_recovery: ::skyloom::__private::PointInTimeRecovery::Days(
                            7u32,
                        ),
                        encryption: ::skyloom::__private::EncryptionEntry::Key(
                            "arn:aws:kms:eu-west-1:123456789012:alias/shop",
                        ),
                        deletion_protection: true,
                        class: ::skyloom::__private::TableClass::InfrequentAccess,
                        tags: &[("team", "shop"), ("cost-center", "7")],
                        kinesis: ::core::option::Option::Some((
                            "arn:aws:kinesis:eu-west-1:123456789012:stream/changes",
                            ::skyloom::__private::TimestampPrecision::Microsecond,
                        )),
                        replicas: &["us-east-1"],
                        contributor_insights: ::core::option::Option::Some(
                            ::skyloom::__private::ContributorInsights::AccessedAndThrottledKeys,
                        ),
                        ..::skyloom::__private::TableOptions::DEFAULT
                    });
            };
        "#]],
    );
}

#[test]
fn a_limit_on_demand_is_of_reads_writes_or_both() {
    check_entry(
        quote! {
            #[table(on_demand(max_reads = 1000), point_in_time_recovery = false, encryption = "aws-managed")]
            #[index(ByStatus, partition = "status", on_demand(max_writes = 5))]
        },
        expect![[r#"
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::TABLES)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::TableEntry = ::skyloom::__private::TableEntry::of::<
                    Order,
                >(
                        ::skyloom::__private::Source::here(),
                        &[
                            ::skyloom::__private::IndexEntry::of::<
                                ByStatus,
                            >(::skyloom::__private::ProjectionEntry::All)
                                .with_options(::skyloom::__private::IndexOptions {
                                    throughput: ::core::option::Option::Some(::skyloom::__private::Throughput::OnDemand {
                                        max_reads: ::core::option::Option::None,
                                        max_writes: ::core::option::Option::Some(5u32),
                                    }),
                                    ..::skyloom::__private::IndexOptions::DEFAULT
                                }),
                        ],
                        ::core::option::Option::None,
                        ::core::option::Option::None,
                    )
                    .with_item({
                        #[allow(unused_imports)]
                        use ::skyloom::__private::UnknownType as _;
                        ::skyloom::__private::ItemEntry {
                            attributes: &[
                                ::skyloom::__private::AttributeEntry::of(
                                    "shopper",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "id",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "status",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                            ],
                            open: false,
                        }
                    })
                    .with_options(::skyloom::__private::TableOptions {
                        throughput: ::skyloom::__private::Throughput::OnDemand {
                            max_reads: ::core::option::Option::Some(1000u32),
                            max_writes: ::core::option::Option::None,
                        },
                        point_in_time_recovery: ::skyloom::__private::PointInTimeRecovery::Off,
                        encryption: ::skyloom::__private::EncryptionEntry::AwsManaged,
                        ..::skyloom::__private::TableOptions::DEFAULT
                    });
            };
        "#]],
    );
}

#[test]
fn a_throughput_is_of_one_kind_and_within_its_range() {
    check_table_errors(
        quote! {
            #[table(on_demand(max_reads = 0, max = 1), provisioned(reads = 5, writes = 5))]
            #[index(ByStatus, partition = "status", provisioned(reads = 5, writes = 5))]
            #[index(ById, local, sort = "status", on_demand, contributor_insights)]
        },
        expect![[r#"
            a local index is part of its table, which says this for both: write it in `#[table(…)]`
            a local index is part of its table, which says this for both: write it in `#[table(…)]`
            it is `on_demand` already: remove one of them
            `max` is no option of `on_demand(…)`: there are `max_reads`, `max_writes`
            `max_reads` is 0, but has to be from 1 to 4294967295"#]],
    );
    check_table_errors(
        quote! {
            #[table(provisioned(reads = 9..=5, target = 95))]
            #[index(ByStatus, partition = "status", provisioned(reads = 5, writes = 5, target = 50))]
        },
        expect![[r#"
            a fixed capacity has no target: give `reads` or `writes` a range, `reads = 5..=500`
            `target` is 95, but has to be from 20 to 90
            `writes` is missing: write `provisioned(reads = 5..=500, writes = 5..=500)`
            a range goes up: write `reads = 5..=9`"#]],
    );
    check_table_errors(
        quote! {
            #[table(provisioned(reads = 5, writes = 5))]
            #[index(ByStatus, partition = "status", on_demand(max_reads = 1))]
        },
        expect![
            "the table is provisioned, and so are its indexes: write `provisioned(reads = 5..=500, writes = 5..=500)`"
        ],
    );
}

#[test]
fn what_keeps_the_data_is_within_awss_limits() {
    check_table_errors(
        quote! { #[table(point_in_time_recovery = false, recovery_days = 36, encryption = "kms", class = "cold")] },
        expect![[r#"
            `recovery_days` is 36, but has to be from 1 to 35
            without point-in-time recovery there are no days of it: remove one of them
            `kms` is no encryption: there are `aws-owned`, `aws-managed`, and the ARN of a KMS key, `arn:aws:kms:eu-west-1:123456789012:key/…`
            `cold` is no value of `class`: there are `standard`, `infrequent-access`"#]],
    );
    check_table_errors(
        quote! { #[table(point_in_time_recovery, kinesis = "changes", contributor_insights = "all")] },
        expect![[r#"
            `point_in_time_recovery` is `true` or `false`: write `point_in_time_recovery = false`
            `changes` is no Kinesis data stream: write its ARN, `arn:aws:kinesis:eu-west-1:123456789012:stream/changes`
            `all` is no value of `contributor_insights`: there are `accessed-and-throttled-keys`, `throttled-keys`"#]],
    );
    check_table_errors(
        quote! { #[table(point_in_time_recovery = false, recovery_days = 7, kinesis(precision = "second"))] },
        expect![[r#"
            without point-in-time recovery there are no days of it: remove one of them
            `second` is no value of `precision`: there are `millisecond`, `microsecond`
            `kinesis` names a stream: write `kinesis(stream = "arn:aws:kinesis:eu-west-1:123456789012:stream/changes")`"#]],
    );
}

#[test]
fn a_tag_keeps_awss_rules() {
    check_table_errors(
        quote! { #[table(tags(team = "shop", team = "cafe", "aws:team" = "a;b", "" = ""))] },
        expect![[r#"
            the tag `team` is there twice: remove one of them
            keys of tags that begin with `aws:` are AWS's own: choose another one
            `;` cannot be in a tag: there are letters, digits, spaces and `+ - = . _ : / @`
            the key of a tag has 1 to 128 characters, and this one has 0"#]],
    );
    check_table_errors(
        quote! { #[table(tags = "shop")] },
        expect![[r#"`tags` is followed by parentheses: write `tags(team = "shop")`"#]],
    );
    let many = (0..51).map(|number| format!("tag{number}"));
    check_table_errors(
        quote! { #[table(tags(#(#many = "")*,))] },
        expect![[r#"`tags` has names and values, both strings: write `tags(team = "shop")`"#]],
    );
    let many = (0..51).map(|number| format!("tag{number}"));
    check_table_errors(quote! { #[table(tags(#(#many = ""),*))] }, expect!["a table takes 50 tags: remove this one"]);
}

#[test]
fn a_table_with_replicas_is_as_global_tables_are() {
    check_table_errors(
        quote! {
            #[table(
                stream = "new-image",
                replicas = ["us-east-1", "frankfurt"],
                provisioned(reads = 5, writes = 5),
                encryption = "arn:aws:kms:eu-west-1:123456789012:key/1234"
            )]
            #[index(ByStatus, partition = "status", provisioned(reads = 5, writes = 6))]
        },
        expect![[r#"
            `frankfurt` is no region: write one like `eu-west-1`
            replicas are kept equal through the table's stream: write `stream = "new-and-old-images"` too
            with `replicas` the write capacity is scaled: write `writes = 5..=500`
            this key is of one region: with `replicas` name a multi-Region key, `key/mrk-…`, or an alias that each region has"#]],
    );
    check_table_errors(
        quote! {
            #[table(
                replicas = ["us-east-1"],
                provisioned(reads = 5, writes = 5),
                encryption = "arn:aws:kms:eu-west-1:123456789012:key/1234"
            )]
            #[index(ByStatus, partition = "status", provisioned(reads = 5, writes = 6))]
        },
        expect![[r#"
            replicas are kept equal through the table's stream: write `stream = "new-and-old-images"` too
            with `replicas` the write capacity is scaled: write `writes = 5..=500`
            this key is of one region: with `replicas` name a multi-Region key, `key/mrk-…`, or an alias that each region has
            with `replicas` the write capacity is scaled: write `writes = 6..=500`"#]],
    );
}
