use expect_test::expect;
use quote::quote;

use super::derive;
use crate::snapshot::{check, check_errors};

#[test]
fn a_collection_is_what_one_partition_of_the_table_holds() {
    check(
        derive(quote! { pub enum CustomerItems { Customer(Customer), Order(shop::Order) } }),
        expect![[r#"
            impl ::skyloom::__private::FromItem for CustomerItems {
                fn from_item(
                    item: ::skyloom::__private::Item,
                ) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    let kind = ::skyloom::__private::kind_of::<Customer>(&item)?;
                    if kind == ::skyloom::__private::entity_name::<Customer>() {
                        return ::skyloom::__private::FromItem::from_item(item)
                            .map(CustomerItems::Customer);
                    }
                    if kind == ::skyloom::__private::entity_name::<shop::Order>() {
                        return ::skyloom::__private::FromItem::from_item(item)
                            .map(CustomerItems::Order);
                    }
                    ::core::result::Result::Err(
                        ::skyloom::__private::not_in_collection(
                            &kind,
                            &[
                                ::skyloom::__private::entity_name::<Customer>(),
                                ::skyloom::__private::entity_name::<shop::Order>(),
                            ],
                        ),
                    )
                }
            }
            impl ::skyloom::__private::ItemOf<<Customer as ::skyloom::__private::Entity>::Shared>
            for CustomerItems {
                const KINDS: ::skyloom::__private::Kinds = ::core::option::Option::Some((
                    <<Customer as ::skyloom::__private::Entity>::Shared as ::skyloom::__private::SharedTable>::DISCRIMINATOR,
                    &[
                        ::skyloom::__private::entity_name::<Customer>(),
                        ::skyloom::__private::entity_name::<shop::Order>(),
                    ],
                ));
            }
            impl ::skyloom::__private::Collection for CustomerItems {
                type First = Customer;
                const ENTITIES: &'static [&'static str] = &[
                    ::skyloom::__private::entity_name::<Customer>(),
                    ::skyloom::__private::entity_name::<shop::Order>(),
                ];
            }
            const _: () = ::skyloom::__private::assert_same_partition(
                <Customer as ::skyloom::Table>::PARTITION,
                <shop::Order as ::skyloom::Table>::PARTITION,
            );
            const _: () = ::skyloom::__private::assert_same_table::<Customer, shop::Order>();
            const _: () = ::skyloom::__private::assert_another_name::<
                shop::Order,
            >(&[::skyloom::__private::entity_name::<Customer>()]);
            const _: () = ::skyloom::__private::assert_entity::<Customer>();
        "#]],
    );
}

#[test]
fn a_collection_of_an_index_is_read_through_it() {
    check(
        derive(quote! { #[collection(index = ByDay)] enum OfDay { Order(Order), Shipment(Shipment) } }),
        expect![[r#"
            impl ::skyloom::__private::FromItem for OfDay {
                fn from_item(
                    item: ::skyloom::__private::Item,
                ) -> ::core::result::Result<Self, ::skyloom::__private::ItemError> {
                    let kind = ::skyloom::__private::kind_of::<Order>(&item)?;
                    if kind == ::skyloom::__private::entity_name::<Order>() {
                        return ::skyloom::__private::FromItem::from_item(item).map(OfDay::Order);
                    }
                    if kind == ::skyloom::__private::entity_name::<Shipment>() {
                        return ::skyloom::__private::FromItem::from_item(item).map(OfDay::Shipment);
                    }
                    ::core::result::Result::Err(
                        ::skyloom::__private::not_in_collection(
                            &kind,
                            &[
                                ::skyloom::__private::entity_name::<Order>(),
                                ::skyloom::__private::entity_name::<Shipment>(),
                            ],
                        ),
                    )
                }
            }
            impl ::skyloom::__private::ItemOf<<Order as ::skyloom::__private::Entity>::Shared>
            for OfDay {
                const KINDS: ::skyloom::__private::Kinds = ::core::option::Option::Some((
                    <<Order as ::skyloom::__private::Entity>::Shared as ::skyloom::__private::SharedTable>::DISCRIMINATOR,
                    &[
                        ::skyloom::__private::entity_name::<Order>(),
                        ::skyloom::__private::entity_name::<Shipment>(),
                    ],
                ));
            }
            impl ::skyloom::__private::IndexOf<OfDay> for ByDay {
                type Table = Order;
                type Shape = ::skyloom::__private::CollectionShape<
                    <ByDay as ::skyloom::__private::IndexOf<Order>>::Shape,
                >;
                const PARTITION: ::skyloom::__private::Side = <ByDay as ::skyloom::__private::IndexOf<
                    Order,
                >>::PARTITION;
                const SORT: ::core::option::Option<::skyloom::__private::Side> = ::skyloom::__private::raw_sort::<
                    ByDay,
                >();
                const KINDS: ::skyloom::__private::Kinds = ::core::option::Option::Some((
                    <<Order as ::skyloom::__private::Entity>::Shared as ::skyloom::__private::SharedTable>::DISCRIMINATOR,
                    &[
                        ::skyloom::__private::entity_name::<Order>(),
                        ::skyloom::__private::entity_name::<Shipment>(),
                    ],
                ));
            }
            const _: () = ::skyloom::__private::assert_same_partition(
                <ByDay as ::skyloom::__private::IndexOf<Order>>::PARTITION,
                <ByDay as ::skyloom::__private::IndexOf<Shipment>>::PARTITION,
            );
            const _: () = ::skyloom::__private::assert_same_table::<Order, Shipment>();
            const _: () = ::skyloom::__private::assert_another_name::<
                Shipment,
            >(&[::skyloom::__private::entity_name::<Order>()]);
            const _: () = ::skyloom::__private::assert_entity::<Order>();
        "#]],
    );
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    check_errors(
        derive(quote! {
            #[collection(index = "ByDay", table = Shop)]
            enum Items<T> { Customer, Order(Order, u64), Line { line: T } }
        }),
        expect![[r#"
            `Collection` stands for one thing in the cloud: the type has no parameters
            `table` is no option of `#[collection(…)]`: there are `index`
            `index` is the type of an index of the table: write `index = ByDate`
            a variant has an entity: write `Customer(Customer)`
            a variant has an entity: write `Order(Order)`
            a variant has an entity: write `Line(Line)`"#]],
    );
    check_errors(
        derive(quote! { enum Items {} }),
        expect!["an item collection is an enum of entities: `enum CustomerItems { Customer(Customer), Order(Order) }`"],
    );
    check_errors(
        derive(quote! { struct Items { orders: Vec<Order> } }),
        expect!["an item collection is an enum of entities: `enum CustomerItems { Customer(Customer), Order(Order) }`"],
    );
    check_errors(
        derive(quote! { enum Items { Order(Order), Again(Order) } }),
        expect!["this entity is read as `Order` already: remove one of the variants"],
    );
}
