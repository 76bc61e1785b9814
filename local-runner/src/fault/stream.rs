//! Deliveries of a stream that come twice, or late.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;
use skyloom_manifest::{Manifest, Trigger};

use super::{Drawn, Faults, cause};
use crate::{
    event_log::Event,
    invoke::{Invoke, InvokeError},
};

#[derive(Clone, Copy)]
enum Fault {
    Delay,
    Duplicate,
}

impl Faults {
    /// What event source mappings invoke functions by: each delivery is in the log, and may have a fault. Within a lane
    /// the next delivery waits for this one, so the order of an item's changes is kept; other lanes overtake it.
    pub(crate) fn delivering(&self, manifest: &Manifest, invoke: Invoke) -> Invoke {
        let faults = self.clone();
        let tables = manifest.functions.iter().filter_map(|function| match &function.trigger {
            Trigger::Stream(stream) => Some((function.name.clone(), stream.table.clone())),
            _ => None,
        });
        let tables: Arc<BTreeMap<String, String>> = Arc::new(tables.collect());
        Arc::new(move |function, event| {
            let (faults, invoke) = (faults.clone(), invoke.clone());
            let table = tables.get(&function).cloned().unwrap_or_default();
            Box::pin(async move { faults.deliver(&table, function, event, &invoke).await })
        })
    }

    async fn deliver(
        &self,
        table: &str,
        function: String,
        event: Bytes,
        invoke: &Invoke,
    ) -> Result<Bytes, InvokeError> {
        let drawn = self.draw(&format!("{table} to {function}"), |rates| {
            vec![(Fault::Delay, rates.delay), (Fault::Duplicate, rates.duplicate)]
        });
        let deliver = || {
            let (function, records) = (function.clone(), count(&event));
            self.log.add(|| Event::Delivered { table: table.to_owned(), function: function.clone(), records });
            cause(format!("the stream of {table}"), invoke(function, event.clone()))
        };
        match drawn {
            Some(Drawn { fault: Fault::Delay, place, luck }) => {
                let late = Duration::from_millis(luck.between(1..=1_000));
                self.note(place, format!("{function}: a batch of {table} comes {} ms late", late.as_millis()));
                tokio::time::sleep(late).await;
            }
            // The mapping did not hear of the first answer.
            Some(Drawn { fault: Fault::Duplicate, place, .. }) => {
                let _lost = deliver().await;
                self.note(place, format!("{function}: a batch of {table} is delivered a second time"));
            }
            None => {}
        }
        deliver().await
    }
}

fn count(event: &[u8]) -> usize {
    #[derive(Deserialize)]
    struct Records {
        #[serde(rename = "Records", default)]
        records: Vec<IgnoredAny>,
    }
    serde_json::from_slice(event).map_or(0, |Records { records }| records.len())
}
