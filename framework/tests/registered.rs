//! What is annotated is in the manifest, with the values that were written.

use expect_test::{Expect, expect};
use serde::{Deserialize, Serialize};
use skyloom::{
    Api, BearerToken, Change, Context, Created, Error, Json, Key, NoContent, Path, Public, Read, ReadIndex, Scan,
    Table, Unauthorized, UserPool, Write, handler,
};
use skyloom_local::Local;

#[derive(Api)]
#[api(http, cors(origins = ["https://shop.example.com"], methods = ["GET"], credentials, max_age = "1h"))]
struct Shop;

#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "phone", self_sign_up, groups = ["staff"])]
struct Shopper {
    sub: String,
}

#[derive(Key, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Open,
    Paid,
}

#[derive(Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images", ttl = "expires_at")]
#[index(ByStatus, partition = "status", sort = "placed_at")]
#[index(ByPlace, local, sort = "place")]
#[serde(rename_all = "camelCase")]
struct Order {
    #[partition_key]
    shopper: String,
    #[sort_key]
    placed_at: u64,
    status: Option<Status>,
    #[serde(rename = "where")]
    place: String,
    expires_at: Option<u64>,
    gift: Option<bool>,
}

#[derive(Serialize, Deserialize)]
struct Partner {
    name: String,
}

/// Greets.
///
/// Whoever comes.
#[handler(GET "/hello/{name}", auth = Public, api = Shop)]
async fn hello(Path(name): Path<String>) -> String {
    format!("hello {name}")
}

#[handler(
    POST "/orders",
    auth = Shopper,
    scopes = ["orders/write"],
    groups = ["staff"],
    memory = 512,
    timeout = "10s",
    concurrency = 3,
    allow("ses:SendEmail", "arn:aws:ses:eu-central-1:123456789012:identity/example.com"),
)]
async fn place(
    shopper: Shopper,
    Json(mut order): Json<Order>,
    orders: Write<Order>,
    _: Option<Read<Order>>,
    _: ReadIndex<ByStatus>,
) -> Result<Created<Json<Order>>, Error> {
    order.shopper = shopper.sub;
    order.status = Some(Status::Open);
    orders.put(&order).await?;
    Ok(Created(Json(order)))
}

#[handler(GET "/feed", auth = Partner)]
async fn feed(partner: Partner) -> Json<String> {
    Json(partner.name)
}

#[handler(authorizer, cache = "5m")]
async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
    match token.as_str() {
        "secret" => Ok(Partner { name: "a partner".into() }),
        _ => Err(Unauthorized::new()),
    }
}

#[handler(
    stream = Order,
    filter(new.status = "paid", old.status = ["open", "held"], event = "modify"),
    filter(new.placed_at = [5, -1.50], new.gift = true),
    filter(key.placed_at in 10..=20, any(new.place starts_with "B", old.gift not exists)),
    batch_size = 10,
    batch_window = "5s",
    retries = 3,
    max_record_age = "1h",
    bisect,
    parallelization = 2,
    starting_position = "latest",
    on_failure = queue("DeadLetters"),
)]
async fn ship(change: Change<Order>) {
    drop(change);
}

#[handler(schedule = "rate(1 hour)", timeout = "15m")]
async fn report(orders: Scan<Order>, _: Context) -> Result<(), Error> {
    drop(orders);
    Ok(())
}

#[handler(invoke)]
async fn add(Json((a, b)): Json<(u32, u32)>) -> Result<Json<u32>, Error> {
    a.checked_add(b).map(Json).ok_or_else(|| Error::bad_request("too much"))
}

#[handler(DELETE "/orders", auth = Public)]
#[cfg(any())]
async fn not_compiled() -> NoWhere {}

fn check(app: &Local, function: &str, expected: Expect) {
    let function = app.manifest().function(function).expect("it is registered");
    let mut json = serde_json::to_value(function).expect("it is data");
    json.as_object_mut().map(|object| object.remove("source"));
    expected.assert_eq(&serde_json::to_string_pretty(&json).expect("it is JSON"));
}

#[skyloom_local::test]
async fn a_route_has_its_options_and_what_its_arguments_need(app: Local) {
    check(
        &app,
        "hello",
        expect![[r#"
            {
              "description": "Greets.\n\nWhoever comes.",
              "memory": 256,
              "name": "hello",
              "operation": {
                "parameters": [
                  {
                    "name": "name",
                    "place": "path",
                    "required": true,
                    "schema": {
                      "type": "string"
                    }
                  }
                ],
                "replies": [
                  {
                    "content-type": "text/plain",
                    "schema": {
                      "type": "string"
                    },
                    "status": 200
                  }
                ]
              },
              "permissions": [],
              "timeout": 30,
              "trigger": {
                "http": {
                  "api": "Shop",
                  "auth": "public",
                  "method": "GET",
                  "path": "/hello/{name}"
                }
              }
            }"#]],
    );
    check(
        &app,
        "place",
        expect![[r#"
            {
              "concurrency": 3,
              "memory": 512,
              "name": "place",
              "operation": {
                "body": {
                  "content-type": "application/json",
                  "required": true
                },
                "fails": true,
                "rejections": [
                  400,
                  415
                ],
                "replies": [
                  {
                    "content-type": "application/json",
                    "status": 201
                  }
                ],
                "undocumented": [
                  "registered::Order"
                ]
              },
              "permissions": [
                {
                  "actions": [
                    "dynamodb:BatchGetItem",
                    "dynamodb:BatchWriteItem",
                    "dynamodb:DeleteItem",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:Query",
                    "dynamodb:UpdateItem"
                  ],
                  "resource": {
                    "table": {
                      "table": "Order"
                    }
                  }
                },
                {
                  "actions": [
                    "dynamodb:Query"
                  ],
                  "resource": {
                    "index": {
                      "index": "ByStatus",
                      "table": "Order"
                    }
                  }
                },
                {
                  "actions": [
                    "ses:SendEmail"
                  ],
                  "resource": {
                    "arn": {
                      "arn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com"
                    }
                  }
                }
              ],
              "timeout": 10,
              "trigger": {
                "http": {
                  "api": "Shop",
                  "auth": {
                    "user-pool": {
                      "groups": [
                        "staff"
                      ],
                      "pool": "Shopper",
                      "scopes": [
                        "orders/write"
                      ]
                    }
                  },
                  "method": "POST",
                  "path": "/orders"
                }
              }
            }"#]],
    );
}

#[skyloom_local::test]
async fn a_stream_handler_has_its_mapping(app: Local) {
    check(
        &app,
        "ship",
        expect![[r#"
            {
              "memory": 256,
              "name": "ship",
              "permissions": [],
              "timeout": 60,
              "trigger": {
                "stream": {
                  "batch-size": 10,
                  "batch-window": 5,
                  "bisect": true,
                  "filters": [
                    {
                      "terms": [
                        {
                          "attribute": {
                            "attribute": "status",
                            "image": "new",
                            "test": {
                              "string": {
                                "equals": [
                                  "paid"
                                ]
                              }
                            }
                          }
                        },
                        {
                          "attribute": {
                            "attribute": "status",
                            "image": "old",
                            "test": {
                              "string": {
                                "equals": [
                                  "open",
                                  "held"
                                ]
                              }
                            }
                          }
                        },
                        {
                          "event": {
                            "names": [
                              "MODIFY"
                            ]
                          }
                        }
                      ]
                    },
                    {
                      "terms": [
                        {
                          "attribute": {
                            "attribute": "placedAt",
                            "image": "new",
                            "test": {
                              "number": {
                                "equals": [
                                  "5",
                                  "-1.5"
                                ]
                              }
                            }
                          }
                        },
                        {
                          "attribute": {
                            "attribute": "gift",
                            "image": "new",
                            "test": {
                              "bool": {
                                "equals": true
                              }
                            }
                          }
                        }
                      ]
                    },
                    {
                      "terms": [
                        {
                          "attribute": {
                            "attribute": "placedAt",
                            "image": "key",
                            "test": {
                              "numeric": {
                                "bounds": [
                                  {
                                    "is": "greater-or-equal",
                                    "than": "10"
                                  },
                                  {
                                    "is": "less-or-equal",
                                    "than": "20"
                                  }
                                ]
                              }
                            }
                          }
                        },
                        {
                          "any": {
                            "of": [
                              {
                                "terms": [
                                  {
                                    "attribute": {
                                      "attribute": "where",
                                      "image": "new",
                                      "test": {
                                        "prefix": {
                                          "of": [
                                            "B"
                                          ]
                                        }
                                      }
                                    }
                                  }
                                ]
                              },
                              {
                                "terms": [
                                  {
                                    "attribute": {
                                      "attribute": "gift",
                                      "image": "old",
                                      "test": {
                                        "not-exists": {
                                          "kind": "bool"
                                        }
                                      }
                                    }
                                  }
                                ]
                              }
                            ]
                          }
                        }
                      ]
                    }
                  ],
                  "max-record-age": 3600,
                  "on-failure": {
                    "queue": {
                      "name": "DeadLetters"
                    }
                  },
                  "parallelization": 2,
                  "retries": 3,
                  "starting-position": "latest",
                  "table": "Order"
                }
              }
            }"#]],
    );
}

#[skyloom_local::test]
async fn other_triggers_are_registered(app: Local) {
    check(
        &app,
        "partner",
        expect![[r#"
        {
          "memory": 256,
          "name": "partner",
          "permissions": [],
          "timeout": 10,
          "trigger": {
            "authorizer": {
              "cache": 300,
              "principal": "Partner"
            }
          }
        }"#]],
    );
    check(
        &app,
        "feed",
        expect![[r#"
            {
              "memory": 256,
              "name": "feed",
              "operation": {
                "replies": [
                  {
                    "content-type": "application/json",
                    "schema": {
                      "type": "string"
                    },
                    "status": 200
                  }
                ]
              },
              "permissions": [],
              "timeout": 30,
              "trigger": {
                "http": {
                  "api": "Shop",
                  "auth": {
                    "authorizer": {
                      "function": "partner"
                    }
                  },
                  "method": "GET",
                  "path": "/feed"
                }
              }
            }"#]],
    );
    check(
        &app,
        "report",
        expect![[r#"
        {
          "memory": 256,
          "name": "report",
          "permissions": [
            {
              "actions": [
                "dynamodb:Scan"
              ],
              "resource": {
                "table": {
                  "table": "Order"
                }
              }
            }
          ],
          "timeout": 900,
          "trigger": {
            "schedule": {
              "expression": "rate(1 hour)"
            }
          }
        }"#]],
    );
    check(
        &app,
        "add",
        expect![[r#"
        {
          "memory": 256,
          "name": "add",
          "permissions": [],
          "timeout": 60,
          "trigger": "invoke"
        }"#]],
    );
}

#[skyloom_local::test]
async fn tables_pools_and_apis_are_registered(app: Local) {
    let manifest = app.manifest();
    let mut json =
        serde_json::json!({ "apis": manifest.apis, "tables": manifest.tables, "pools": manifest.user_pools });
    for place in ["/apis/0/source", "/tables/0/source/line", "/pools/0/source/line"] {
        json.pointer_mut(place).map(serde_json::Value::take);
    }
    expect![[r#"
        {
          "apis": [
            {
              "cors": {
                "credentials": true,
                "headers": [],
                "max-age": 3600,
                "methods": [
                  "GET"
                ],
                "origins": [
                  "https://shop.example.com"
                ]
              },
              "default": true,
              "kind": "http",
              "name": "Shop",
              "source": null
            }
          ],
          "pools": [
            {
              "groups": [
                "staff"
              ],
              "name": "Shopper",
              "self-sign-up": true,
              "sign-in": "phone",
              "source": {
                "file": "framework/tests/registered.rs",
                "line": null
              }
            }
          ],
          "tables": [
            {
              "indexes": [
                {
                  "local": true,
                  "name": "ByPlace",
                  "partition-key": {
                    "attribute": "shopper",
                    "type": "S"
                  },
                  "projection": "all",
                  "sort-key": {
                    "attribute": "where",
                    "type": "S"
                  }
                },
                {
                  "local": false,
                  "name": "ByStatus",
                  "partition-key": {
                    "attribute": "status",
                    "type": "S"
                  },
                  "projection": "all",
                  "sort-key": {
                    "attribute": "placedAt",
                    "type": "N"
                  }
                }
              ],
              "item": {
                "attributes": {
                  "expiresAt": "N",
                  "gift": "BOOL",
                  "placedAt": "N",
                  "shopper": "S",
                  "status": "S",
                  "where": "S"
                },
                "optional": [
                  "expiresAt",
                  "gift",
                  "status"
                ]
              },
              "name": "Order",
              "partition-key": {
                "attribute": "shopper",
                "type": "S"
              },
              "sort-key": {
                "attribute": "placedAt",
                "type": "N"
              },
              "source": {
                "file": "framework/tests/registered.rs",
                "line": null
              },
              "stream": "new-and-old-images",
              "ttl": "expiresAt"
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&json).expect("it is JSON"));
}

#[skyloom_local::test]
async fn the_source_is_where_the_function_is_written(app: Local) {
    let source = &app.manifest().function("hello").expect("it is registered").source;
    let line = include_str!("registered.rs").lines().position(|line| line.starts_with("async fn hello"));
    assert!(source.file.ends_with("framework/tests/registered.rs"), "{source}");
    assert_eq!(Some(source.line as usize), line.map(|line| line + 1));
}

#[skyloom_local::test]
async fn what_an_authorizer_returns_is_the_principal_of_its_routes(app: Local) {
    let reply = app.get("/feed").header("authorization", "Bearer secret").send().await.expect(200);
    assert_eq!(reply.json::<String>(), "a partner");
    app.get("/feed").header("authorization", "Bearer guess").send().await.expect(403);
}

#[skyloom_local::test]
async fn a_test_may_return_a_result(app: Local) -> Result<(), String> {
    let sum: u32 = app.invoke("add", &(1, 2)).await?;
    assert_eq!(sum, 3);
    Ok(())
}

/// What a handler is called is still a function, that can be called.
#[skyloom_local::test]
async fn a_handler_is_still_a_function(_: Local) {
    assert_eq!(hello(Path("ann".into())).await, "hello ann");
    let _: NoContent = NoContent;
}

#[skyloom_local::test]
#[should_panic(expected = "404")]
async fn a_test_that_fails_fails(app: Local) {
    app.get("/nowhere").send().await.expect(200);
}
