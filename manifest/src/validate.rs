mod apis;
mod deployment;
mod destination;
mod entities;
mod function_options;
mod guards;
mod identity_pools;
mod indexes;
mod integrations;
mod items;
mod oauth;
mod openings;
mod parameters;
mod pool_triggers;
mod secrets;
mod sockets;
mod stream;
mod table_options;
#[cfg(test)]
mod tests;
mod url;
mod user_pools;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fmt,
    ops::RangeInclusive,
};

use serde::{Deserialize, Serialize};

use crate::{Api, Auth, FORMAT_VERSION, Function, Manifest, Resource, SourceLocation, Trigger, rules};

/// A rule that an application breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What breaks it: a function's, table's, pool's, API's or secret's name, or nothing for the whole application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceLocation>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// A problem of the whole application.
    pub fn new(message: impl Into<String>) -> Self {
        Self { subject: None, source: None, message: message.into() }
    }

    fn at(subject: &str, source: &SourceLocation, message: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), source: Some(source.clone()), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.source {
            write!(f, "{source}: ")?;
        }
        if let Some(subject) = &self.subject {
            write!(f, "`{subject}`: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Manifest {
    /// Checks every rule that can be known without AWS and returns all that are broken.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.version != FORMAT_VERSION {
            problems.push(Problem::new(format!(
                "the manifest has format {}, but this version of Skyloom reads {FORMAT_VERSION}: use the same version of `skyloom` and `skyloom-xtask`",
                self.version
            )));
            return problems;
        }
        self.check_application(&mut problems);
        self.check_unique_names(&mut problems);
        apis::check(self, &mut problems);
        sockets::check(self, &mut problems);
        integrations::check(self, &mut problems);
        for function in &self.functions {
            self.check_function(function, &mut problems);
        }
        self.check_tables(&mut problems);
        for pool in &self.identity_pools {
            identity_pools::check(self, pool, &mut |message| {
                problems.push(Problem::at(&pool.name, &pool.source, message))
            });
        }
        for pool in &self.user_pools {
            let mut report = |message| problems.push(Problem::at(&pool.name, &pool.source, message));
            user_pools::check(pool, &mut report);
            pool_triggers::check_flows(self, pool, &mut report);
        }
        for secret in &self.secrets {
            secrets::check(secret, &mut |message| problems.push(Problem::at(&secret.name, &secret.source, message)));
        }
        oauth::check(self, &mut problems);
        problems
    }

    fn check_application(&self, problems: &mut Vec<Problem>) {
        if self.functions.is_empty() {
            problems.push(Problem::new(if self.integrations.is_empty() {
                "the application has no handler: annotate one with `#[handler]`, and name its library in `skyloom::main!`"
            } else {
                "the application has routes without a function only, and so nothing to build: annotate a handler with `#[handler]`"
            }));
        }
    }

    fn check_unique_names(&self, problems: &mut Vec<Problem>) {
        let functions = self.functions.iter().map(|it| ("handler", &it.name, &it.source));
        let tables = self.tables.iter().map(|it| ("table", &it.name, &it.source));
        let pools = self.user_pools.iter().map(|it| ("user pool", &it.name, &it.source));
        let apis = self.apis.iter().filter_map(|it| Some(("API", &it.name, it.source.as_ref()?)));
        let secrets = self.secrets.iter().map(|it| ("secret", &it.name, &it.source));
        let integrations = self.integrations.iter().map(|it| ("route without a function", &it.name, &it.source));
        let identities = self.identity_pools.iter().map(|it| ("identity pool", &it.name, &it.source));
        let mut seen: BTreeMap<(&str, &String), &SourceLocation> = BTreeMap::new();
        for (kind, name, source) in
            functions.chain(tables).chain(pools).chain(apis).chain(secrets).chain(identities).chain(integrations)
        {
            match seen.entry((kind, name)) {
                Entry::Occupied(first) => problems.push(Problem::at(
                    name,
                    source,
                    format!("there is another {kind} of this name at {}: rename one of them", first.get()),
                )),
                Entry::Vacant(place) => _ = place.insert(source),
            }
        }
    }

    fn check_function(&self, function: &Function, problems: &mut Vec<Problem>) {
        let mut report = |message: String| problems.push(Problem::at(&function.name, &function.source, message));
        match &function.trigger {
            Trigger::Http { auth, .. } => self.check_auth(auth, &mut report),
            Trigger::Stream(stream) => stream::check(self, stream, &mut report),
            Trigger::Schedule { expression } => rules::check_schedule(expression).unwrap_or_else(&mut report),
            Trigger::Authorizer { .. } | Trigger::Invoke => {}
            Trigger::Hook => deployment::check_hook(self, function, &mut report),
            Trigger::Url { auth, cors } => url::check(auth, cors.as_ref(), &mut report),
            Trigger::WebSocket { auth, .. } => auth.iter().for_each(|auth| self.check_auth(auth, &mut report)),
            Trigger::UserPool { pool, on, .. } => pool_triggers::check(self, function, (pool, *on), &mut report),
        }
        function_options::check(self, function, &mut report);
        parameters::check(self, function, &mut report);
        for (what, value, range, unit) in numbers(self, function) {
            rules::check_range(what, value.into(), &range, unit).unwrap_or_else(&mut report);
        }
        deployment::check(self, function, &mut report);
        url::check_streaming(self, function, &mut report);
        for permission in &function.permissions {
            self.check_permission(&permission.resource, &mut report);
        }
    }

    fn check_auth(&self, auth: &Auth, report: &mut impl FnMut(String)) {
        match auth {
            Auth::Public | Auth::Iam | Auth::ApiKey => {}
            Auth::UserPool { pool, groups, .. } => match self.user_pool(pool) {
                None => report(format!("its `auth` is the user pool `{pool}`, which the application does not have")),
                Some(pool) => {
                    for group in groups.iter().filter(|group| !pool.groups.contains(group)) {
                        let hint = rules::nearest(group, pool.groups.iter().map(String::as_str))
                            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                        report(format!("the user pool `{}` has no group `{group}`{hint}", pool.name));
                    }
                }
            },
            Auth::Authorizer { function: name } => match self.function(name).map(|it| &it.trigger) {
                Some(Trigger::Authorizer { .. }) => {}
                _ => report(format!("its `auth` is the authorizer `{name}`, which the application does not have")),
            },
        }
    }

    fn check_permission(&self, resource: &Resource, report: &mut impl FnMut(String)) {
        match resource {
            Resource::Table { table } => {
                if self.table(table).is_none() {
                    report(format!("it uses the table `{table}`, which the application does not have"));
                }
            }
            Resource::Index { table, index } => {
                if self.table(table).and_then(|it| it.index(index)).is_none() {
                    report(format!("it uses the index `{index}` of `{table}`, which the application does not have"));
                }
            }
            Resource::Secret { secret } => {
                if self.secret(secret).is_none() {
                    report(format!("it reads the secret `{secret}`, which the application does not have"));
                }
            }
            Resource::Connections { api, .. } => {
                if self.api(api).and_then(Api::websocket).is_none() {
                    report(format!("it sends to connections of `{api}`, which is no WebSocket API of the application"));
                }
            }
            Resource::Arn { arn } => {
                if !arn.starts_with("arn:") {
                    report(format!("`{arn}` is no ARN: a permission names its resource, `arn:…`"));
                }
            }
        }
    }

    fn check_tables(&self, problems: &mut Vec<Problem>) {
        for table in &self.tables {
            let mut report = |message: String| problems.push(Problem::at(&table.name, &table.source, message));
            table_options::check(table, &mut report);
            entities::check(table, &mut report);
            items::check(table, &mut report);
            indexes::check(table, &mut report);
        }
    }
}

/// The numbers of a function that AWS limits: the option, its value, the range, and the unit.
fn numbers(manifest: &Manifest, function: &Function) -> Vec<(&'static str, u32, RangeInclusive<u64>, &'static str)> {
    let timeout = match &function.trigger {
        Trigger::Http { api, .. } if manifest.api(api).is_some_and(|api| api.rest().is_some()) => {
            if function.streaming { rules::TIMEOUT } else { rules::REST_TIMEOUT }
        }
        Trigger::Http { .. } => rules::HTTP_TIMEOUT,
        Trigger::WebSocket { .. } => rules::SOCKET_TIMEOUT,
        Trigger::Authorizer { .. } => rules::AUTHORIZER_TIMEOUT,
        Trigger::UserPool { .. } => rules::USER_POOL_TIMEOUT,
        Trigger::Stream(_) | Trigger::Schedule { .. } | Trigger::Invoke | Trigger::Hook | Trigger::Url { .. } => {
            rules::TIMEOUT
        }
    };
    let mut numbers =
        vec![("`memory`", function.memory, rules::MEMORY, " MB"), ("`timeout`", function.timeout, timeout, " s")];
    numbers.extend(function.concurrency.map(|it| ("`concurrency`", it, rules::CONCURRENCY, "")));
    let provisioned = function.options.provisioned_concurrency;
    numbers.extend(provisioned.map(|it| ("`provisioned_concurrency`", it, rules::PROVISIONED_CONCURRENCY, "")));
    match &function.trigger {
        Trigger::Stream(stream) => {
            numbers.extend([
                ("`batch_size`", stream.batch_size, rules::STREAM_BATCH_SIZE, ""),
                ("`batch_window`", stream.batch_window, rules::STREAM_BATCH_WINDOW, " s"),
                ("`parallelization`", stream.parallelization, rules::STREAM_PARALLELIZATION, ""),
            ]);
            numbers.extend(stream.retries.map(|it| ("`retries`", it, rules::STREAM_RETRIES, "")));
            let window = stream.tumbling_window;
            numbers.extend(window.map(|it| ("`tumbling_window`", it, rules::STREAM_TUMBLING_WINDOW, " s")));
            numbers.extend(stream.max_record_age.map(|it| ("`max_record_age`", it, rules::STREAM_RECORD_AGE, " s")));
        }
        Trigger::Authorizer { cache, .. } => numbers.push(("`cache`", *cache, rules::AUTHORIZER_CACHE, " s")),
        Trigger::Http { .. }
        | Trigger::Schedule { .. }
        | Trigger::Invoke
        | Trigger::Hook
        | Trigger::Url { .. }
        | Trigger::WebSocket { .. }
        | Trigger::UserPool { .. } => {}
    }
    numbers
}
