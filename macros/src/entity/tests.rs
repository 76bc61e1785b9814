use expect_test::{Expect, expect};
use quote::quote;

use super::derive;
use crate::snapshot::{check, check_errors};

#[test]
fn an_entity_is_a_table_of_its_own_within_the_table_that_it_names() {
    check(
        derive(quote! {
            #[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{placed_at}#{id:08}", name = "order")]
            #[index(ByDay, partition = "DAY#{day}", sort = "{id:08}")]
            #[index(ByTotal, sort = "{total:010}")]
            #[serde(rename_all = "camelCase")]
            pub struct Order {
                pub customer: CustomerId,
                pub placed_at: String,
                pub id: u64,
                pub day: Option<String>,
                #[serde(default, alias = "sum")] pub total: u64,
                #[serde(with = "hex")] secret: Option<Secret>,
                #[serde(flatten)] rest: Rest,
            }
        }),
        expect![[r##"
            impl ::skyloom::__private::FromItem for Order {
                fn from_item(
                    item: ::skyloom::__private::Item,
                ) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    ::skyloom::__private::from_stored::<Self, Self>(item)
                }
            }
            impl ::skyloom::Table for Order {
                const NAME: &'static str = <Shop as ::skyloom::__private::SharedTable>::NAME;
                const PARTITION_KEY: &'static str = <Shop as ::skyloom::__private::SharedTable>::PARTITION_KEY;
                const SORT_KEY: ::core::option::Option<&'static str> = ::core::option::Option::Some(
                    <Shop as ::skyloom::__private::SharedTable>::SORT_KEY,
                );
                type Shape = ::skyloom::__private::PartitionAndSort<CustomerId, (String, u64)>;
                const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::Side::Template(
                    <Shop as ::skyloom::__private::SharedTable>::PARTITION_KEY,
                    ::skyloom::__private::Template(
                        &[
                            ::skyloom::__private::Piece::Text("CUSTOMER#"),
                            ::skyloom::__private::Piece::Part {
                                attribute: "customer",
                                kind: <CustomerId as ::skyloom::Key>::TYPE,
                                digits: 0usize,
                            },
                        ],
                    ),
                );
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::core::option::Option::Some(
                    ::skyloom::__private::Side::Template(
                        <Shop as ::skyloom::__private::SharedTable>::SORT_KEY,
                        ::skyloom::__private::Template(
                            &[
                                ::skyloom::__private::Piece::Text("ORDER#"),
                                ::skyloom::__private::Piece::Part {
                                    attribute: "placedAt",
                                    kind: <String as ::skyloom::Key>::TYPE,
                                    digits: 0usize,
                                },
                                ::skyloom::__private::Piece::Text("#"),
                                ::skyloom::__private::Piece::Part {
                                    attribute: "id",
                                    kind: <u64 as ::skyloom::Key>::TYPE,
                                    digits: 8usize,
                                },
                            ],
                        ),
                    ),
                );
                const LAYOUT: ::skyloom::__private::Layout = ::skyloom::__private::Layout {
                    entity: ::core::option::Option::Some(::skyloom::__private::Discriminator {
                        attribute: <Shop as ::skyloom::__private::SharedTable>::DISCRIMINATOR,
                        name: "order",
                    }),
                    indexes: &[
                        ::skyloom::__private::Side::Template(
                            ::skyloom::__private::index_partition::<ByDay>(),
                            ::skyloom::__private::Template(
                                &[
                                    ::skyloom::__private::Piece::Text("DAY#"),
                                    ::skyloom::__private::Piece::Part {
                                        attribute: "day",
                                        kind: <String as ::skyloom::Key>::TYPE,
                                        digits: 0usize,
                                    },
                                ],
                            ),
                        ),
                        ::skyloom::__private::Side::Template(
                            ::skyloom::__private::index_sort::<ByDay>(),
                            ::skyloom::__private::Template(
                                &[
                                    ::skyloom::__private::Piece::Part {
                                        attribute: "id",
                                        kind: <u64 as ::skyloom::Key>::TYPE,
                                        digits: 8usize,
                                    },
                                ],
                            ),
                        ),
                        ::skyloom::__private::Side::Template(
                            ::skyloom::__private::index_sort::<ByTotal>(),
                            ::skyloom::__private::Template(
                                &[
                                    ::skyloom::__private::Piece::Part {
                                        attribute: "total",
                                        kind: <u64 as ::skyloom::Key>::TYPE,
                                        digits: 10usize,
                                    },
                                ],
                            ),
                        ),
                    ],
                    unstored: &["customer", "placedAt", "id"],
                };
                fn to_item(
                    &self,
                ) -> ::core::result::Result<
                    ::skyloom::__private::Item,
                    ::skyloom::__private::ItemError,
                > {
                    ::skyloom::__private::to_stored(self)
                }
            }
            impl ::skyloom::__private::Entity for Order {
                type Shared = Shop;
            }
            impl ::skyloom::__private::ItemOf<Shop> for Order {
                const KINDS: ::skyloom::__private::Kinds = ::skyloom::__private::kinds::<Order>();
            }
            impl ::skyloom::__private::bridge::Stored for Order {
                type Handle = ::skyloom::__private::TestTable<Order>;
                fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                    ::skyloom::__private::open_for_test(environment)
                }
            }
            #[allow(private_interfaces, dead_code)]
            impl Order {
                ///The attribute `day`.
                pub const DAY: ::skyloom::__private::Attribute<Order, Option<String>> = ::skyloom::__private::Attribute::new(
                    "day",
                );
                ///The attribute `total`.
                pub const TOTAL: ::skyloom::__private::Attribute<Order, u64> = ::skyloom::__private::Attribute::new(
                    "total",
                );
                ///The attribute `secret`.
                pub const SECRET: ::skyloom::__private::Attribute<Order, Option<Secret>> = ::skyloom::__private::Attribute::new(
                    "secret",
                );
                ///The part `customer` of the key.
                pub const CUSTOMER: ::skyloom::__private::KeyPart<Order, CustomerId> = ::skyloom::__private::KeyPart::new(
                    "customer",
                );
                ///The part `placedAt` of the key.
                pub const PLACED_AT: ::skyloom::__private::KeyPart<Order, String> = ::skyloom::__private::KeyPart::new(
                    "placedAt",
                );
                ///The part `id` of the key.
                pub const ID: ::skyloom::__private::KeyPart<Order, u64> = ::skyloom::__private::KeyPart::new(
                    "id",
                );
            }
            #[allow(private_interfaces)]
            impl ::skyloom::__private::IndexOf<Order> for ByDay {
                type Table = Order;
                type Shape = ::skyloom::__private::PartitionAndSort<String, u64>;
                const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::Side::Template(
                    ::skyloom::__private::index_partition::<ByDay>(),
                    ::skyloom::__private::Template(
                        &[
                            ::skyloom::__private::Piece::Text("DAY#"),
                            ::skyloom::__private::Piece::Part {
                                attribute: "day",
                                kind: <String as ::skyloom::Key>::TYPE,
                                digits: 0usize,
                            },
                        ],
                    ),
                );
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::core::option::Option::Some(
                    ::skyloom::__private::Side::Template(
                        ::skyloom::__private::index_sort::<ByDay>(),
                        ::skyloom::__private::Template(
                            &[
                                ::skyloom::__private::Piece::Part {
                                    attribute: "id",
                                    kind: <u64 as ::skyloom::Key>::TYPE,
                                    digits: 8usize,
                                },
                            ],
                        ),
                    ),
                );
            }
            const _: () = ::skyloom::__private::assert_index::<ByDay, Order>(true, true);
            #[allow(private_interfaces)]
            impl ::skyloom::__private::IndexOf<Order> for ByTotal {
                type Table = Order;
                type Shape = ::skyloom::__private::PartitionAndSort<CustomerId, u64>;
                const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::Side::Template(
                    <Shop as ::skyloom::__private::SharedTable>::PARTITION_KEY,
                    ::skyloom::__private::Template(
                        &[
                            ::skyloom::__private::Piece::Text("CUSTOMER#"),
                            ::skyloom::__private::Piece::Part {
                                attribute: "customer",
                                kind: <CustomerId as ::skyloom::Key>::TYPE,
                                digits: 0usize,
                            },
                        ],
                    ),
                );
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::core::option::Option::Some(
                    ::skyloom::__private::Side::Template(
                        ::skyloom::__private::index_sort::<ByTotal>(),
                        ::skyloom::__private::Template(
                            &[
                                ::skyloom::__private::Piece::Part {
                                    attribute: "total",
                                    kind: <u64 as ::skyloom::Key>::TYPE,
                                    digits: 10usize,
                                },
                            ],
                        ),
                    ),
                );
            }
            const _: () = ::skyloom::__private::assert_index::<ByTotal, Order>(false, true);
            const _: () = ::skyloom::__private::assert_part::<CustomerId>(0usize);
            const _: () = ::skyloom::__private::assert_part::<String>(0usize);
            const _: () = ::skyloom::__private::assert_part::<u64>(8usize);
            const _: () = ::skyloom::__private::assert_part::<String>(0usize);
            const _: () = ::skyloom::__private::assert_part::<u64>(10usize);
            const _: () = {
                #[allow(unused_imports)]
                use ::skyloom::__private::NoTtl as _;
                ::skyloom::__private::assert_entity_ttl::<
                    Order,
                >("customer", ::skyloom::__private::Ttl::<CustomerId>::IS_SECONDS);
            };
            const _: () = {
                #[allow(unused_imports)]
                use ::skyloom::__private::NoTtl as _;
                ::skyloom::__private::assert_entity_ttl::<
                    Order,
                >("placedAt", ::skyloom::__private::Ttl::<String>::IS_SECONDS);
            };
            const _: () = {
                #[allow(unused_imports)]
                use ::skyloom::__private::NoTtl as _;
                ::skyloom::__private::assert_entity_ttl::<
                    Order,
                >("id", ::skyloom::__private::Ttl::<u64>::IS_SECONDS);
            };
            const _: () = {
                #[allow(unused_imports)]
                use ::skyloom::__private::NoTtl as _;
                ::skyloom::__private::assert_entity_ttl::<
                    Order,
                >("day", ::skyloom::__private::Ttl::<Option<String>>::IS_SECONDS);
            };
            const _: () = {
                #[allow(unused_imports)]
                use ::skyloom::__private::NoTtl as _;
                ::skyloom::__private::assert_entity_ttl::<
                    Order,
                >("total", ::skyloom::__private::Ttl::<u64>::IS_SECONDS);
            };
            const _: () = {
                ::skyloom::__private::assert_unreserved::<Order>("day");
                ::skyloom::__private::assert_unreserved::<Order>("total");
                ::skyloom::__private::assert_unreserved::<Order>("secret");
            };
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::ENTITIES)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::EntityEntry = ::skyloom::__private::EntityEntry::of::<
                    Order,
                >(::skyloom::__private::Source::here())
                    .with_item({
                        #[allow(unused_imports)]
                        use ::skyloom::__private::UnknownType as _;
                        ::skyloom::__private::ItemEntry {
                            attributes: &[
                                ::skyloom::__private::AttributeEntry::of(
                                    "day",
                                    ::skyloom::__private::TypeOf::<String>::STORED.optional(),
                                ),
                                ::skyloom::__private::AttributeEntry::of(
                                        "total",
                                        ::skyloom::__private::TypeOf::<u64>::STORED,
                                    )
                                    .optional()
                                    .read_as(&["sum"]),
                                ::skyloom::__private::AttributeEntry::of(
                                    "secret",
                                    ::skyloom::__private::FieldType::UNKNOWN,
                                ),
                            ],
                            open: true,
                        }
                    });
            };
        "##]],
    );
}

#[test]
fn an_entity_may_be_nothing_but_its_key() {
    check(
        derive(quote! {
            #[entity(table = shop::Shop, partition = "TAG#{tag}", sort = "TAG")]
            struct Tag { tag: String }
        }),
        expect![[r#"
            impl ::skyloom::__private::FromItem for Tag {
                fn from_item(
                    item: ::skyloom::__private::Item,
                ) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    ::skyloom::__private::from_stored::<Self, Self>(item)
                }
            }
            impl ::skyloom::Table for Tag {
                const NAME: &'static str = <shop::Shop as ::skyloom::__private::SharedTable>::NAME;
                const PARTITION_KEY: &'static str = <shop::Shop as ::skyloom::__private::SharedTable>::PARTITION_KEY;
                const SORT_KEY: ::core::option::Option<&'static str> = ::core::option::Option::Some(
                    <shop::Shop as ::skyloom::__private::SharedTable>::SORT_KEY,
                );
                type Shape = ::skyloom::__private::PartitionOnly<String>;
                const PARTITION: ::skyloom::__private::Side = ::skyloom::__private::Side::Template(
                    <shop::Shop as ::skyloom::__private::SharedTable>::PARTITION_KEY,
                    ::skyloom::__private::Template(
                        &[
                            ::skyloom::__private::Piece::Text("TAG#"),
                            ::skyloom::__private::Piece::Part {
                                attribute: "tag",
                                kind: <String as ::skyloom::Key>::TYPE,
                                digits: 0usize,
                            },
                        ],
                    ),
                );
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::core::option::Option::Some(
                    ::skyloom::__private::Side::Template(
                        <shop::Shop as ::skyloom::__private::SharedTable>::SORT_KEY,
                        ::skyloom::__private::Template(&[::skyloom::__private::Piece::Text("TAG")]),
                    ),
                );
                const LAYOUT: ::skyloom::__private::Layout = ::skyloom::__private::Layout {
                    entity: ::core::option::Option::Some(::skyloom::__private::Discriminator {
                        attribute: <shop::Shop as ::skyloom::__private::SharedTable>::DISCRIMINATOR,
                        name: "Tag",
                    }),
                    indexes: &[],
                    unstored: &["tag"],
                };
                fn to_item(
                    &self,
                ) -> ::core::result::Result<
                    ::skyloom::__private::Item,
                    ::skyloom::__private::ItemError,
                > {
                    ::skyloom::__private::to_stored(self)
                }
            }
            impl ::skyloom::__private::Entity for Tag {
                type Shared = shop::Shop;
            }
            impl ::skyloom::__private::ItemOf<shop::Shop> for Tag {
                const KINDS: ::skyloom::__private::Kinds = ::skyloom::__private::kinds::<Tag>();
            }
            impl ::skyloom::__private::bridge::Stored for Tag {
                type Handle = ::skyloom::__private::TestTable<Tag>;
                fn open(environment: &::skyloom::__private::bridge::Environment) -> Self::Handle {
                    ::skyloom::__private::open_for_test(environment)
                }
            }
            #[allow(private_interfaces, dead_code)]
            impl Tag {
                ///The part `tag` of the key.
                const TAG: ::skyloom::__private::KeyPart<Tag, String> = ::skyloom::__private::KeyPart::new(
                    "tag",
                );
            }
            const _: () = ::skyloom::__private::assert_part::<String>(0usize);
            const _: () = {
                #[allow(unused_imports)]
                use ::skyloom::__private::NoTtl as _;
                ::skyloom::__private::assert_entity_ttl::<
                    Tag,
                >("tag", ::skyloom::__private::Ttl::<String>::IS_SECONDS);
            };
            const _: () = {
                #[::skyloom::__private::linkme::distributed_slice(::skyloom::__private::ENTITIES)]
                #[linkme(crate = ::skyloom::__private::linkme)]
                #[allow(clippy::needless_update)]
                static __SKYLOOM_ENTRY: ::skyloom::__private::EntityEntry = ::skyloom::__private::EntityEntry::of::<
                    Tag,
                >(::skyloom::__private::Source::here())
                    .with_item({
                        #[allow(unused_imports)]
                        use ::skyloom::__private::UnknownType as _;
                        ::skyloom::__private::ItemEntry {
                            attributes: &[],
                            open: false,
                        }
                    });
            };
        "#]],
    );
}

fn errors(attributes: proc_macro2::TokenStream, expected: Expect) {
    check_errors(
        derive(quote! { #attributes struct Order { customer: String, id: u64, note: Option<String> } }),
        expected,
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    errors(
        quote! {},
        expect![[r#"
        an entity is in a table that several share: write `#[entity(table = Shop, …)]`
        an entity says what its partition key is made of: write `#[entity(table = …, partition = "ORDER#{id}")]`
        an entity says what its sort key is made of: write `#[entity(table = …, sort = "ORDER#{id}")]`"#]],
    );
    errors(
        quote! { #[entity(table = "Shop", partition = "CUSTOMER#", sort = "{number}", kind = "order")] #[index(ByDay)] },
        expect![[r#"
            `kind` is no option of `#[entity(…)]`: there are `table`, `partition`, `sort`, `name`
            `table` is the type of the table that entities share: write `table = Shop`
            all items would be in one partition: put a field into the template, `USER#{id}`
            there is no field `number`: there are `customer`, `id`, `note`
            write what the index is keyed by: `#[index(ByDay, partition = "DAY#{day}")]`"#]],
    );
    errors(
        quote! {
            #[entity(table = Shop, partition = "{customer}{id}", sort = "ORDER#{note}", name = 5)]
            #[index(ByDay, partition = "DAY#{dya}", local)]
        },
        expect![[r#"
            where `customer` ends and `id` begins cannot be told: write text between them, `{customer}#{id}`
            each item of a table has its key: remove the `Option`
            `name` is a string: write `name = "Order"`
            `local` is no option of `#[index(…)]`: there are `partition`, `sort`
            there is no field `dya`: there are `customer`, `id`, `note`"#]],
    );
    check_errors(
        derive(quote! {
            #[entity(table = Shop, partition = "CUSTOMER#{id}", sort = "PROFILE")]
            struct Customer<T> { #[partition_key] id: String, #[sort_key] of: T }
        }),
        expect![[r#"
            `Entity` stands for one thing in the cloud: the type has no parameters
            the key of an entity is made by templates: `#[entity(partition = "USER#{id}", …)]`
            the key of an entity is made by templates: `#[entity(partition = "USER#{id}", …)]`"#]],
    );
    check_errors(
        derive(quote! { #[entity(table = Shop)] enum Order { A } }),
        expect![[r#"
        `Entity` is derived for structs with named fields: `struct Order { … }`
        an entity says what its partition key is made of: write `#[entity(table = …, partition = "ORDER#{id}")]`
        an entity says what its sort key is made of: write `#[entity(table = …, sort = "ORDER#{id}")]`"#]],
    );
}
