//! Converts an order again and again, for `benches/items.rs` to count: `items put|get WAY COUNT`.

use std::{env, hint::black_box};

use skyloom_benches::items::{self, Way};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [direction, way, count] = arguments.as_slice() else { panic!("items put|get WAY COUNT") };
    let way: Way = way.parse().expect("a way");
    for _ in 0..count.parse().expect("a count") {
        match direction.as_str() {
            "put" => put(way),
            "get" => get(way),
            _ => panic!("a direction is put or get"),
        }
    }
}

fn put(way: Way) {
    match way {
        Way::Skyloom => drop(black_box(items::measured_put_skyloom(black_box(&items::order())))),
        Way::SerdeDynamo => drop(black_box(items::measured_put_serde_dynamo(black_box(&items::order())))),
        Way::ByHand => drop(black_box(items::measured_put_by_hand(black_box(&items::order())))),
    }
}

fn get(way: Way) {
    let item = black_box(items::measured_put_by_hand(&items::order()));
    match way {
        Way::Skyloom => drop(black_box(items::measured_get_skyloom(item))),
        Way::SerdeDynamo => drop(black_box(items::measured_get_serde_dynamo(item))),
        Way::ByHand => drop(black_box(items::measured_get_by_hand(item))),
    }
}
