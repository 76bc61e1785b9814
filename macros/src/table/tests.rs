use expect_test::expect;
use quote::quote;

use super::derive;
use crate::snapshot::{check, check_errors};

#[test]
fn a_table_has_its_keys_and_a_constant_for_each_attribute() {
    check(
        derive(quote! {
            #[table(stream = "new-and-old-images", ttl = "expires_at")]
            #[index(ByStatus, partition = "status", sort = "placed_at")]
            #[index(ByTotal, local, sort = "total")]
            #[serde(rename_all = "camelCase")]
            pub struct Order {
                #[partition_key] pub shopper: String,
                #[sort_key] pub id: OrderId,
                pub status: Option<Status>,
                pub placed_at: String,
                #[serde(rename = "sum")] pub total: u64,
                pub r#type: u8,
                pub expires_at: Option<u64>,
                #[serde(skip)] cache: Cache,
            }
        }),
        expect![[r#"
            impl ::skyloom::__private::FromItem for Order {
                fn from_item(
                    item: ::skyloom::__private::Item,
                ) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    ::skyloom::__private::from_item(item)
                }
            }
            impl ::skyloom::Table for Order {
                const NAME: &'static str = "Order";
                const PARTITION_KEY: &'static str = "shopper";
                const SORT_KEY: ::core::option::Option<&'static str> = ::core::option::Option::Some(
                    "id",
                );
                type Shape = ::skyloom::__private::PartitionAndSort<String, OrderId>;
            }
            impl ::skyloom::__private::bridge::Stored for Order {
                type Handle = ::skyloom::__private::TestTable<Order>;
                fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                    ::skyloom::__private::open_for_test(environment)
                }
            }
            #[allow(private_interfaces, dead_code)]
            impl Order {
                ///The attribute `shopper`.
                pub const SHOPPER: ::skyloom::__private::Attribute<Order, String> = ::skyloom::__private::Attribute::new(
                    "shopper",
                );
                ///The attribute `id`.
                pub const ID: ::skyloom::__private::Attribute<Order, OrderId> = ::skyloom::__private::Attribute::new(
                    "id",
                );
                ///The attribute `status`.
                pub const STATUS: ::skyloom::__private::Attribute<Order, Option<Status>> = ::skyloom::__private::Attribute::new(
                    "status",
                );
                ///The attribute `placedAt`.
                pub const PLACED_AT: ::skyloom::__private::Attribute<Order, String> = ::skyloom::__private::Attribute::new(
                    "placedAt",
                );
                ///The attribute `sum`.
                pub const TOTAL: ::skyloom::__private::Attribute<Order, u64> = ::skyloom::__private::Attribute::new(
                    "sum",
                );
                ///The attribute `type`.
                pub const TYPE: ::skyloom::__private::Attribute<Order, u8> = ::skyloom::__private::Attribute::new(
                    "type",
                );
                ///The attribute `expiresAt`.
                pub const EXPIRES_AT: ::skyloom::__private::Attribute<Order, Option<u64>> = ::skyloom::__private::Attribute::new(
                    "expiresAt",
                );
            }
            impl ::skyloom::__private::Streamed for Order {
                const NAME: &'static str = "Order";
                const VIEW: ::skyloom::__private::StreamView = ::skyloom::__private::StreamView::NewAndOldImages;
            }
            ///The index `ByStatus` of [`Order`].
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
            #[allow(dead_code)]
            pub struct ByStatus;
            impl ::skyloom::__private::Index for ByStatus {
                type Item = Order;
                const TABLE: &'static str = <Order as ::skyloom::Table>::NAME;
                const NAME: &'static str = "ByStatus";
                const LOCAL: bool = false;
            }
            #[allow(private_interfaces)]
            impl ::skyloom::__private::IndexOf<Order> for ByStatus {
                type Table = Order;
                type Shape = ::skyloom::__private::PartitionAndSort<Status, String>;
                const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::Side::Attribute(
                    "status",
                );
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::core::option::Option::Some(
                    ::skyloom::__private::Side::Attribute("placedAt"),
                );
            }
            ///The index `ByTotal` of [`Order`].
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
            #[allow(dead_code)]
            pub struct ByTotal;
            impl ::skyloom::__private::LocalIndex for ByTotal {}
            impl ::skyloom::__private::Index for ByTotal {
                type Item = Order;
                const TABLE: &'static str = <Order as ::skyloom::Table>::NAME;
                const NAME: &'static str = "ByTotal";
                const LOCAL: bool = true;
            }
            #[allow(private_interfaces)]
            impl ::skyloom::__private::IndexOf<Order> for ByTotal {
                type Table = Order;
                type Shape = ::skyloom::__private::PartitionAndSort<String, u64>;
                const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::Side::Attribute(
                    "shopper",
                );
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::core::option::Option::Some(
                    ::skyloom::__private::Side::Attribute("sum"),
                );
            }
            const _: () = ::skyloom::__private::assert_ttl::<Option<u64>>();
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
                            >(::skyloom::__private::ProjectionEntry::All),
                            ::skyloom::__private::IndexEntry::of::<
                                ByTotal,
                            >(::skyloom::__private::ProjectionEntry::All),
                        ],
                        ::core::option::Option::Some(
                            ::skyloom::__private::StreamView::NewAndOldImages,
                        ),
                        ::core::option::Option::Some("expiresAt"),
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
                                    ::skyloom::__private::TypeOf::<OrderId>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "status",
                                    ::skyloom::__private::TypeOf::<Status>::STORED.optional(),
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "placedAt",
                                    ::skyloom::__private::TypeOf::<String>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "sum",
                                    ::skyloom::__private::TypeOf::<u64>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "type",
                                    ::skyloom::__private::TypeOf::<u8>::STORED,
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                    "expiresAt",
                                    ::skyloom::__private::TypeOf::<u64>::STORED.optional(),
                                ),
                            ],
                            open: false,
                        }
                    });
            };
        "#]],
    );
}

#[test]
fn a_table_may_have_a_partition_key_only() {
    check(
        derive(quote! { struct Note { #[partition_key] id: u64 } }),
        expect![[r#"
            impl ::skyloom::__private::FromItem for Note {
                fn from_item(
                    item: ::skyloom::__private::Item,
                ) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    ::skyloom::__private::from_item(item)
                }
            }
            impl ::skyloom::Table for Note {
                const NAME: &'static str = "Note";
                const PARTITION_KEY: &'static str = "id";
                const SORT_KEY: ::core::option::Option<&'static str> = ::core::option::Option::None;
                type Shape = ::skyloom::__private::PartitionOnly<u64>;
            }
            impl ::skyloom::__private::bridge::Stored for Note {
                type Handle = ::skyloom::__private::TestTable<Note>;
                fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                    ::skyloom::__private::open_for_test(environment)
                }
            }
            #[allow(private_interfaces, dead_code)]
            impl Note {
                ///The attribute `id`.
                const ID: ::skyloom::__private::Attribute<Note, u64> = ::skyloom::__private::Attribute::new(
                    "id",
                );
            }
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::TABLES)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::TableEntry = ::skyloom::__private::TableEntry::of::<
                    Note,
                >(
                        ::skyloom::__private::Source::here(),
                        &[],
                        ::core::option::Option::None,
                        ::core::option::Option::None,
                    )
                    .with_item({
                        #[allow(unused_imports)]
                        use ::skyloom::__private::UnknownType as _;
                        ::skyloom::__private::ItemEntry {
                            attributes: &[
                                ::skyloom::__private::AttributeEntry::of(
                                    "id",
                                    ::skyloom::__private::TypeOf::<u64>::STORED,
                                ),
                            ],
                            open: false,
                        }
                    });
            };
        "#]],
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    check_errors(
        derive(quote! {
            #[table(stream = "new-images", ttl = "expires", name = "x")]
            #[table(ttl = "expires_at")]
            #[index(ByStatus, partition = "state", sort = "placed_at")]
            #[index(ByStatus, partition = "placed_at", sort = "placed_at")]
            #[index(By, sort = "placed_at")]
            #[index(Local, local, partition = "placed_at")]
            pub struct Order<T> {
                #[partition_key] #[partition_key] shopper: Option<String>,
                #[partition_key(x)] other: String,
                #[serde(skip)] #[partition_key] third: T,
                status: Status,
                placed_at: String,
            }
        }),
        expect![[r#"
            `Table` stands for one thing in the cloud: the type has no parameters
            `#[partition_key]` is there twice: remove one of them
            this takes no value: write `#[partition_key]`
            `name` is no option of `#[table(…)]`: there are `stream`, `ttl`, `partition`, `sort`, `partition_name`, `sort_name`, `on_demand`, `provisioned`, `point_in_time_recovery`, `recovery_days`, `encryption`, `deletion_protection`, `class`, `tags`, `kinesis`, `replicas`, `contributor_insights`
            `ttl` is given twice: remove one of them
            `new-images` is no value of `stream`: did you mean `new-image`?
            a table has one `#[partition_key]`, and `shopper` is it already: remove this one, or make an index with `other`
            a table has one `#[partition_key]`, and `shopper` is it already: remove this one, or make an index with `third`
            each item of a table has its key: remove the `Option`
            there is another index `ByStatus`: rename one of them
            the name of an index has 3 to 255 characters, and `By` has 2
            there is no field `state`: did you mean `status`?
            the sort key is another field than the partition key: all items of a partition share that
            an index has a partition key: write `#[index(By, partition = "field")]`, or `local` for another sort key of the table's partitions
            a local index has a sort key: write `#[index(Local, local, sort = "field")]`
            only a table with a sort key has local indexes: add a `#[sort_key]`, or remove `local`
            a local index has the table's partition key `shopper`: remove this, or `local`
            there is no field `expires`: there are `shopper`, `other`, `third`, `status`, `placed_at`"#]],
    );
}

#[test]
fn a_table_without_a_key_says_so_once() {
    check_errors(
        derive(quote! { struct Note { id: u64 } }),
        expect!["a table has a partition key: write `#[partition_key]` before the field that is it"],
    );
    check_errors(
        derive(quote! { struct Note {} }),
        expect!["a table has a partition key: add a field with `#[partition_key]`"],
    );
    check_errors(
        derive(quote! { struct Note(u64); }),
        expect!["`Table` is derived for structs with named fields: `struct Note { … }`"],
    );
    check_errors(
        derive(quote! { struct Note { #[partition_key] #[sort_key] id: u64 } }),
        expect!["this field is the partition key already: the sort key is another field"],
    );
}
