//! An application of a hundred handlers, to see whether a start depends on their number.

use serde::Deserialize;
use skyloom::{Created, Json, UserPool, handler};
use skyloom_benches::{NewOrder, Placed};

#[derive(UserPool, Deserialize)]
struct Shopper {
    sub: String,
    email: String,
}

macro_rules! handlers {
    ($($name:ident $path:literal)*) => {$(
        #[handler(POST $path, auth = Shopper)]
        async fn $name(shopper: Shopper, Json(order): Json<NewOrder>) -> Created<Json<Placed>> {
            Created(Json(order.place(shopper.sub, shopper.email)))
        }
    )*};
}

handlers! {
    place_order "/orders"
    h01 "/h01"
    h02 "/h02"
    h03 "/h03"
    h04 "/h04"
    h05 "/h05"
    h06 "/h06"
    h07 "/h07"
    h08 "/h08"
    h09 "/h09"
    h10 "/h10"
    h11 "/h11"
    h12 "/h12"
    h13 "/h13"
    h14 "/h14"
    h15 "/h15"
    h16 "/h16"
    h17 "/h17"
    h18 "/h18"
    h19 "/h19"
    h20 "/h20"
    h21 "/h21"
    h22 "/h22"
    h23 "/h23"
    h24 "/h24"
    h25 "/h25"
    h26 "/h26"
    h27 "/h27"
    h28 "/h28"
    h29 "/h29"
    h30 "/h30"
    h31 "/h31"
    h32 "/h32"
    h33 "/h33"
    h34 "/h34"
    h35 "/h35"
    h36 "/h36"
    h37 "/h37"
    h38 "/h38"
    h39 "/h39"
    h40 "/h40"
    h41 "/h41"
    h42 "/h42"
    h43 "/h43"
    h44 "/h44"
    h45 "/h45"
    h46 "/h46"
    h47 "/h47"
    h48 "/h48"
    h49 "/h49"
    h50 "/h50"
    h51 "/h51"
    h52 "/h52"
    h53 "/h53"
    h54 "/h54"
    h55 "/h55"
    h56 "/h56"
    h57 "/h57"
    h58 "/h58"
    h59 "/h59"
    h60 "/h60"
    h61 "/h61"
    h62 "/h62"
    h63 "/h63"
    h64 "/h64"
    h65 "/h65"
    h66 "/h66"
    h67 "/h67"
    h68 "/h68"
    h69 "/h69"
    h70 "/h70"
    h71 "/h71"
    h72 "/h72"
    h73 "/h73"
    h74 "/h74"
    h75 "/h75"
    h76 "/h76"
    h77 "/h77"
    h78 "/h78"
    h79 "/h79"
    h80 "/h80"
    h81 "/h81"
    h82 "/h82"
    h83 "/h83"
    h84 "/h84"
    h85 "/h85"
    h86 "/h86"
    h87 "/h87"
    h88 "/h88"
    h89 "/h89"
    h90 "/h90"
    h91 "/h91"
    h92 "/h92"
    h93 "/h93"
    h94 "/h94"
    h95 "/h95"
    h96 "/h96"
    h97 "/h97"
    h98 "/h98"
    h99 "/h99"
}

fn main() -> std::process::ExitCode {
    skyloom::__private::main("benches")
}
