use expect_test::expect;
use quote::quote;

use super::super::handler;
use crate::snapshot::{check, check_errors};

#[test]
fn a_connect_handler_says_who_may_connect_for_the_whole_api() {
    check(
        handler(
            quote! { websocket = "$connect", api = Chat, auth = Member },
            quote! { async fn connect(member: Member) -> Result<(), Error> { enter(member).await } },
        ),
        expect![[r#""#]],
    );
}

#[test]
fn a_route_of_messages_replies_if_its_type_does() {
    check(
        handler(
            quote! { websocket = "say", api = Chat },
            quote! { async fn say(connection: Connection, Json(line): Json<Line>) -> Json<Line> { Json(line) } },
        ),
        expect![[r#""#]],
    );
}

#[test]
fn all_that_is_wrong_with_a_route_is_said_at_once() {
    check_errors(
        handler(
            quote! { websocket = "$conect", auth = Public, scopes = ["a"] },
            quote! { async fn connect(Json(a): Json<A>, text: String) -> impl SocketReply { a } },
        ),
        expect![[r#""#]],
    );
    check_errors(
        handler(
            quote! { websocket = "$connect", api = Chat },
            quote! { async fn connect(connection: Option<Connection>, text: String) {} },
        ),
        expect![[r#""#]],
    );
    check_errors(
        handler(
            quote! { websocket = "say", api = Chat, auth = Public },
            quote! { async fn say(a: Bytes, b: Json<B>) {} },
        ),
        expect![[r#""#]],
    );
    check_errors(handler(quote! { websocket = Chat }, quote! { async fn connect() {} }), expect![[r#""#]]);
}
