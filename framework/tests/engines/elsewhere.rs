//! The same application with another DynamoDB.

use std::{collections::BTreeMap, sync::Arc, thread, time::SystemTime};

use aws_sdk_dynamodb::{
    Client,
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{BillingMode, GlobalSecondaryIndex, LocalSecondaryIndex, TableDescription},
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::{client::legacy, rt::TokioExecutor};
use skyloom_local::Local;
use skyloom_manifest::bridge::{CURSOR_KEY_VARIABLE, Environment, Invocation, Stored, Transport, table_variable};

use crate::{reads::Order, transcript::Lines};

/// Functions of this application whose calls of DynamoDB go over the network.
pub(crate) struct Elsewhere {
    environment: Environment,
    tables: Vec<TableDescription>,
}

impl Elsewhere {
    /// With the tables that the application has here.
    pub(crate) async fn like(app: &Local, endpoint: &str) -> Self {
        let tables = described(app.table::<Order>().client()).await;
        let mut variables = BTreeMap::from(
            [
                ("AWS_REGION", "us-east-1".to_owned()),
                ("AWS_ACCESS_KEY_ID", "elsewhere".to_owned()),
                ("AWS_SECRET_ACCESS_KEY", "elsewhere".to_owned()),
                ("AWS_ENDPOINT_URL_DYNAMODB", endpoint.to_owned()),
                (CURSOR_KEY_VARIABLE, "00".repeat(32)),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        for table in &app.manifest().tables {
            let ending = format!("-{}", table.name);
            let name = tables.iter().filter_map(|it| it.table_name()).find(|name| name.ends_with(&ending));
            variables.insert(table_variable(&table.name), name.expect("every table is there").to_owned());
        }
        let aws = over_the_network(endpoint.to_owned());
        let (log, now) = (Arc::new(|_: &str| {}), Arc::new(SystemTime::now));
        Self { environment: Environment { variables: Arc::new(variables), aws, log, now }, tables }
    }

    /// What each function answers. They have a thread of their own, because time stands still in this one.
    pub(crate) fn invoke_all(self, functions: &'static [&'static str]) -> Vec<(&'static str, Lines)> {
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("tokio starts").block_on(async {
                self.create_tables().await;
                let mut answers = Vec::new();
                for function in functions {
                    answers.push((*function, self.invoke(function).await));
                }
                answers
            })
        };
        thread::spawn(run).join().expect("the functions run to their end")
    }

    async fn create_tables(&self) {
        let orders = Order::open(&self.environment);
        for table in &self.tables {
            let create = create_like(orders.client(), table);
            create.send().await.unwrap_or_else(|error| panic!("{:?}: {error:?}", table.table_name()));
        }
    }

    async fn invoke(&self, function: &str) -> Lines {
        let start = skyloom::__private::application(env!("CARGO_PKG_NAME")).start;
        let instance = start(function, self.environment.clone()).expect("the function is linked");
        let invocation = Invocation {
            sink: None,
            request_id: "elsewhere".to_owned(),
            deadline: SystemTime::now() + std::time::Duration::from_secs(900),
            function_arn: format!("arn:aws:lambda:us-east-1:123456789012:function:{function}"),
            trace_id: None,
            payload: Bytes::from_static(b"null"),
        };
        let answer = instance.invoke(invocation).await.unwrap_or_else(|error| panic!("{function}: {error}"));
        serde_json::from_slice(&answer).expect("a handler answers with its lines")
    }
}

async fn described(client: &Client) -> Vec<TableDescription> {
    let names = client.list_tables().send().await.expect("the owner may list them").table_names.unwrap_or_default();
    let mut tables = Vec::new();
    for name in names {
        let described = client.describe_table().table_name(name).send().await.expect("it was listed");
        tables.extend(described.table);
    }
    tables
}

fn create_like(client: &Client, table: &TableDescription) -> CreateTableFluentBuilder {
    let local = table.local_secondary_indexes().iter().map(|index| {
        let like = LocalSecondaryIndex::builder().set_index_name(index.index_name.clone());
        let like = like.set_key_schema(index.key_schema.clone()).set_projection(index.projection.clone());
        like.build().expect("an index has a name and a key")
    });
    let global = table.global_secondary_indexes().iter().map(|index| {
        let like = GlobalSecondaryIndex::builder().set_index_name(index.index_name.clone());
        let like = like.set_key_schema(index.key_schema.clone()).set_projection(index.projection.clone());
        like.build().expect("an index has a name and a key")
    });
    let (local, global): (Vec<_>, Vec<_>) = (local.collect(), global.collect());
    client
        .create_table()
        .set_table_name(table.table_name.clone())
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(table.attribute_definitions.clone())
        .set_key_schema(table.key_schema.clone())
        .set_local_secondary_indexes((!local.is_empty()).then_some(local))
        .set_global_secondary_indexes((!global.is_empty()).then_some(global))
}

/// Sends every request as the SDK has made it for this endpoint.
fn over_the_network(endpoint: String) -> Transport {
    let client = legacy::Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    Arc::new(move |request| {
        let (client, endpoint) = (client.clone(), endpoint.clone());
        Box::pin(async move {
            let answer = client.request(request.map(Full::new)).await;
            let answer = answer.unwrap_or_else(|error| panic!("no answer of {endpoint}: {error}"));
            let (parts, body) = answer.into_parts();
            let body = body.collect().await.unwrap_or_else(|error| panic!("{endpoint} broke off: {error}"));
            http::Response::from_parts(parts, body.to_bytes())
        })
    })
}
