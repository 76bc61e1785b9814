//! From what the macros registered to the manifest.

mod oauth;

use std::collections::{BTreeMap, BTreeSet};

use skyloom_manifest::{
    Api, ApiKind, AttributeType, Auth, AuthFlow, AuthorizerOptions, Cors, Entity, FORMAT_VERSION, Function, Grants,
    Guards, IdentityPool, Index, Integration, KeyAttribute, Manifest, Operation, Permission, PoolTrigger, Problem,
    Projection, Resource, ResourcePolicy, RestApi, RuledRole, Secret, SecretOrigin, SourceLocation, StreamTrigger,
    Table, Trigger, UserPool, UserPoolClient, WebSocketApi,
    rules::{PathTemplate, defaults},
};

use crate::{
    Action, Needs,
    auth::PrincipalKind,
    openapi::{self, Schemas},
    registry::{
        self, APIS, ApiEntry, CacheEntry, CorsEntry, DestinationEntry, ENTITIES, GrantsEntry, HANDLERS, Handler,
        IDENTITY_POOLS, INTEGRATIONS, IdentityPoolEntry, IndexEntry, IntegrationEntry, ItemEntry, KeyEntry,
        ProjectionEntry, RestEntry, RuledRoleEntry, SECRETS, SOCKET_APIS, SecretEntry, SocketApiEntry, Source,
        StreamEntry, TABLES, TableEntry, TriggerEntry, USER_POOLS, UserPoolEntry,
    },
    stream,
};

/// The manifest of all that is linked into this process, valid, or all that is wrong with it.
pub(crate) fn of_linked(application: &str) -> Result<Manifest, Vec<Problem>> {
    let mut apis = apis();
    let mut operations = operations(&mut apis);
    let mut manifest = Manifest {
        version: FORMAT_VERSION,
        application: application.into(),
        functions: HANDLERS.iter().map(|handler| function(handler, &apis, &mut operations)).collect(),
        tables: TABLES.iter().map(table).collect(),
        user_pools: USER_POOLS.iter().map(user_pool).collect(),
        integrations: INTEGRATIONS.iter().map(|entry| integration(entry, &apis)).collect(),
        apis,
        secrets: SECRETS.iter().map(secret).collect(),
        identity_pools: IDENTITY_POOLS.iter().map(identity_pool).collect(),
    };
    allow_custom_sign_in(&mut manifest);
    manifest.sort();
    let mut problems = oauth::without_pool(&manifest);
    problems.extend(manifest.validate());
    if problems.is_empty() { Ok(manifest) } else { Err(problems) }
}

/// Those that are declared, or the one that an application with routes has all the same.
fn apis() -> Vec<Api> {
    let has_route = || HANDLERS.iter().any(|handler| matches!(handler.trigger, TriggerEntry::Http { .. }));
    let sockets = SOCKET_APIS.iter().map(socket_api);
    let mut apis: Vec<Api> = match &APIS[..] {
        [] => (has_route() || !INTEGRATIONS.is_empty()).then(Api::undeclared).into_iter().collect(),
        [only] => vec![Api { default: true, ..declared_api(only) }],
        several => several.iter().map(declared_api).collect(),
    };
    apis.extend(sockets);
    apis
}

fn socket_api(entry: &SocketApiEntry) -> Api {
    Api {
        name: entry.name.into(),
        default: false,
        kind: ApiKind::WebSocket(WebSocketApi { route_selection: entry.route_selection.into() }),
        cors: None,
        throttle: entry.throttle,
        source: Some(location(entry.source)),
        schemas: BTreeMap::new(),
        variables: variables(entry.variables),
    }
}

fn declared_api(entry: &ApiEntry) -> Api {
    Api {
        name: entry.name.into(),
        default: entry.default,
        kind: entry.rest.as_ref().map_or(ApiKind::Http, |rest| ApiKind::Rest(self::rest(rest))),
        cors: entry.cors.as_ref().map(cors),
        throttle: entry.throttle,
        source: Some(location(entry.source)),
        schemas: BTreeMap::new(),
        variables: variables(entry.variables),
    }
}

/// Of a stage.
fn variables(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn rest(entry: &RestEntry) -> RestApi {
    RestApi {
        endpoint: entry.endpoint,
        binary_media_types: strings(entry.binary_media_types),
        minimum_compression: entry.minimum_compression,
        validate: entry.validate,
        usage_plan: entry.usage_plan,
        cache_size: entry.cache_size.map(Into::into),
        gateway_responses: entry.gateway_responses.iter().map(|response| response.to_manifest()).collect(),
        policy: entry
            .policy
            .as_ref()
            .map(|policy| ResourcePolicy { allow_ips: strings(policy.allow_ips), deny_ips: strings(policy.deny_ips) }),
    }
}

/// The API that a route belongs to. That several have no default is said by `validate`.
fn api_of<'a>(named: Option<&str>, apis: &'a [Api]) -> Option<&'a Api> {
    match named {
        Some(name) => apis.iter().find(|api| api.name == name),
        None => apis.iter().find(|api| api.default).or(apis.iter().find(|api| api.websocket().is_none())),
    }
}

fn cors(entry: &CorsEntry) -> Cors {
    Cors {
        origins: strings(entry.origins),
        methods: strings(entry.methods),
        headers: strings(entry.headers),
        expose: strings(entry.expose),
        credentials: entry.credentials,
        max_age: entry.max_age,
    }
}

/// What routes take and give, by the name of their function; the schemas that they refer to become those of their API.
///
/// They are made in the order of names, so that two types of one name are told apart in the same way each time.
fn operations(apis: &mut [Api]) -> BTreeMap<&'static str, Operation> {
    let mut all = BTreeMap::new();
    if cfg!(not(debug_assertions)) {
        return all; // no handler has one, and the generator of schemas need not be linked
    }
    let names: Vec<_> = HANDLERS.iter().map(|handler| api_name(handler, apis)).collect();
    for api in apis {
        let of_api = HANDLERS.iter().zip(&names).filter(|(_, name)| name.as_deref() == Some(&api.name));
        let routes: BTreeMap<_, _> = of_api
            .filter_map(|(handler, _)| match handler.trigger {
                TriggerEntry::Http { path, operation: Some(describe), .. } => Some((handler.name, (path, describe))),
                _ => None,
            })
            .collect();
        let mut schemas = Schemas::default();
        let mut operations: BTreeMap<_, _> = routes
            .into_iter()
            .map(|(name, (path, describe))| (name, openapi::probe::of_route(describe, parameters(path), &mut schemas)))
            .collect();
        let components = schemas.finish();
        operations.values_mut().for_each(|operation| components.settle(operation));
        api.schemas = components.schemas;
        all.append(&mut operations);
    }
    all
}

fn api_name(handler: &Handler, apis: &[Api]) -> Option<String> {
    match handler.trigger {
        TriggerEntry::Http { api, .. } => api_of(api, apis).map(|api| api.name.clone()),
        _ => None,
    }
}

/// The names of a path's parameters. That a path is malformed is said by `validate`.
fn parameters(path: &str) -> Vec<String> {
    PathTemplate::parse(path).map_or_else(|_| Vec::new(), |path| path.parameters().map(Into::into).collect())
}

fn function(handler: &Handler, apis: &[Api], operations: &mut BTreeMap<&str, Operation>) -> Function {
    let timeout = match handler.trigger {
        TriggerEntry::Http { api, .. } => match api_of(api, apis).and_then(Api::rest) {
            Some(_) => defaults::REST_TIMEOUT,
            None => defaults::HTTP_TIMEOUT,
        },
        TriggerEntry::Authorizer { .. } => defaults::AUTHORIZER_TIMEOUT,
        TriggerEntry::WebSocket { .. } => defaults::SOCKET_TIMEOUT,
        TriggerEntry::UserPool { .. } => defaults::USER_POOL_TIMEOUT,
        TriggerEntry::Stream(_)
        | TriggerEntry::Schedule { .. }
        | TriggerEntry::Invoke
        | TriggerEntry::Hook
        | TriggerEntry::Url { .. } => defaults::TIMEOUT,
    };
    Function {
        name: handler.name.into(),
        description: (!handler.description.is_empty()).then(|| handler.description.into()),
        source: location(handler.source),
        trigger: trigger(&handler.trigger, apis),
        memory: handler.memory.unwrap_or(defaults::MEMORY),
        timeout: handler.timeout.unwrap_or(timeout),
        concurrency: handler.concurrency,
        options: handler.options.to_manifest(),
        streaming: handler.streams(),
        permissions: permissions(handler),
        operation: operations.remove(handler.name).map(Box::new),
    }
}

fn trigger(entry: &TriggerEntry, apis: &[Api]) -> Trigger {
    match entry {
        TriggerEntry::Http { method, path, auth, scopes, groups, api, operation: _, streams: _, throttle, cache } => {
            Trigger::Http {
                // One that is named and not there stays, so that `validate` can name it.
                api: api_of(*api, apis).map_or_else(|| api.unwrap_or_default().into(), |api| api.name.clone()),
                method: *method,
                path: (*path).into(),
                auth: self::auth(*auth, scopes, groups),
                guards: Box::new(Guards { throttle: *throttle, cache: cache.map(CacheEntry::to_manifest) }),
            }
        }
        TriggerEntry::Stream(stream) => Trigger::Stream(self::stream(stream)),
        TriggerEntry::Schedule { expression } => Trigger::Schedule { expression: (*expression).into() },
        TriggerEntry::Authorizer { principal, cache, identity, validation, policy, token_header, payload } => {
            let options = AuthorizerOptions {
                identity: identity.map(|sources| sources.iter().map(|source| source.to_manifest()).collect()),
                validation: validation.map(Into::into),
                policy: *policy,
                token_header: token_header.map(Into::into),
                payload: *payload,
            };
            Trigger::Authorizer { principal: (*principal).into(), cache: *cache, options: Box::new(options) }
        }
        TriggerEntry::Invoke => Trigger::Invoke,
        TriggerEntry::Hook => Trigger::Hook,
        TriggerEntry::Url { auth, cors, streams: _ } => {
            Trigger::Url { auth: self::auth(*auth, &[], &[]), cors: cors.as_ref().map(self::cors) }
        }
        TriggerEntry::WebSocket { api, route, auth, replies, throttle } => Trigger::WebSocket {
            api: (*api).into(),
            route: (*route).into(),
            auth: auth.map(|kind| self::auth(kind, &[], &[])),
            replies: *replies,
            throttle: *throttle,
        },
        TriggerEntry::UserPool { pool, on, version } => {
            Trigger::UserPool { pool: (*pool).into(), on: *on, version: *version }
        }
    }
}

fn integration(entry: &IntegrationEntry, apis: &[Api]) -> Integration {
    Integration {
        name: entry.name.into(),
        description: (!entry.description.is_empty()).then(|| entry.description.into()),
        source: location(entry.source),
        // One that is named and not there stays, so that `validate` can name it.
        api: api_of(entry.api, apis).map_or_else(|| entry.api.unwrap_or_default().into(), |api| api.name.clone()),
        method: entry.method,
        path: entry.path.into(),
        auth: auth(entry.auth, entry.scopes, &[]),
        target: entry.target.to_manifest(),
    }
}

fn auth(kind: PrincipalKind, scopes: &[&str], groups: &[&str]) -> Auth {
    match kind {
        PrincipalKind::Public => Auth::Public,
        PrincipalKind::Iam => Auth::Iam,
        PrincipalKind::ApiKey => Auth::ApiKey,
        PrincipalKind::UserPool(pool) => {
            Auth::UserPool { pool: pool.into(), scopes: strings(scopes), groups: strings(groups) }
        }
        PrincipalKind::Authorizer(function) => Auth::Authorizer { function: function.into() },
    }
}

fn stream(entry: &StreamEntry) -> StreamTrigger {
    StreamTrigger {
        table: entry.table.into(),
        batch_size: entry.batch_size.unwrap_or(defaults::STREAM_BATCH_SIZE),
        batch_window: entry.batch_window.unwrap_or(0),
        starting_position: entry.starting_position,
        retries: entry.retries,
        max_record_age: entry.max_record_age,
        bisect: entry.bisect,
        parallelization: entry.parallelization.unwrap_or(1),
        tumbling_window: entry.tumbling_window,
        on_failure: entry.on_failure.map(DestinationEntry::to_manifest),
        filters: stream::entities::filters(entry),
    }
}

/// What the arguments need and what `allow` adds, merged by resource.
fn permissions(handler: &Handler) -> Vec<Permission> {
    let mut granted = Granted::default();
    granted.add_needs(handler.needs, &leading_keys);
    for (action, arn) in handler.allow {
        granted.add(Resource::Arn { arn: (*arn).into() }, action, None);
    }
    granted.finish()
}

/// The pattern of all keys that begin so. IAM would take `*`, `?` and `$` in it for its own.
fn leading_keys(literal: &str) -> Option<String> {
    let own = literal.split(['*', '?', '$']).next().unwrap_or_default();
    (!own.is_empty()).then(|| format!("{own}*"))
}

/// The pattern of the keys of an identity's own items. What IAM would take for its own in the text, it is told not to.
fn own_keys(literal: &str) -> Option<String> {
    let escaped: String = literal.chars().map(escaped).collect();
    Some(escaped + "${cognito-identity.amazonaws.com:sub}")
}

fn escaped(letter: char) -> String {
    if matches!(letter, '*' | '?' | '$') { format!("${{{letter}}}") } else { letter.into() }
}

/// Actions by resource, and on which leading keys: all patterns for one action together, because a request may be about items
/// of several.
#[derive(Default)]
struct Granted(BTreeMap<(Resource, String), Option<BTreeSet<String>>>);

impl Granted {
    /// `leading_keys` makes the pattern of keys of the text that they begin with.
    fn add_needs(&mut self, needs: Needs, leading_keys: &dyn Fn(&str) -> Option<String>) {
        needs.visit(&mut |need| match need {
            Needs::Table { table, actions, leading_key } => actions.iter().for_each(|action| {
                // A scan is about no key, so that no condition would hold it back.
                let pattern = if *action == Action::Scan { None } else { leading_keys(leading_key) };
                self.add(Resource::Table { table: table.into() }, action.iam_name(), pattern);
            }),
            Needs::Index { table, index, actions } => actions.iter().for_each(|action| {
                self.add(Resource::Index { table: table.into(), index: index.into() }, action.iam_name(), None);
            }),
            Needs::Secret { secret } => {
                self.add(Resource::Secret { secret: secret.into() }, "secretsmanager:GetSecretValue", None);
            }
            Needs::Connections { api, methods } => methods.iter().for_each(|method| {
                let resource = Resource::Connections { api: api.into(), method: *method };
                self.add(resource, "execute-api:ManageConnections", None);
            }),
            Needs::Own(of) => self.add_needs(*of, &own_keys),
            Needs::Nothing | Needs::All(_) => {}
        });
    }

    fn add(&mut self, resource: Resource, action: &str, pattern: Option<String>) {
        let before = self.0.entry((resource, action.to_owned())).or_insert_with(|| Some(BTreeSet::new()));
        match (before.as_mut(), pattern) {
            (Some(patterns), Some(pattern)) => _ = patterns.insert(pattern),
            _ => *before = None,
        }
    }

    fn finish(self) -> Vec<Permission> {
        let mut actions: BTreeMap<(Resource, Vec<String>), Vec<String>> = BTreeMap::new();
        for ((resource, action), patterns) in self.0 {
            let patterns = patterns.unwrap_or_default().into_iter().collect();
            actions.entry((resource, patterns)).or_default().push(action);
        }
        let permission = |((resource, leading_keys), actions)| Permission { resource, actions, leading_keys };
        actions.into_iter().map(permission).collect()
    }
}

fn table(entry: &TableEntry) -> Table {
    Table {
        name: entry.name.into(),
        source: location(entry.source),
        partition_key: attribute(entry.partition_key.column()),
        sort_key: entry.sort_key.map(|entry| attribute(entry.column())),
        indexes: entry.indexes.iter().map(index).collect(),
        stream: entry.stream,
        ttl: entry.ttl.map(Into::into),
        discriminator: entry.discriminator.map(Into::into),
        entities: entities(entry),
        item: entry.item.map(ItemEntry::to_manifest),
        options: entry.options.to_manifest(),
    }
}

/// The kinds of its items whose keys templates make.
fn entities(table: &TableEntry) -> Vec<Entity> {
    let shared = ENTITIES.iter().filter(|entity| entity.table == table.name).map(|entity| Entity {
        name: entity.kind.into(),
        source: Some(location(entity.source)),
        partition: entity.partition.template().unwrap_or_default(),
        sort: entity.sort.template(),
        item: entity.item.map(ItemEntry::to_manifest),
    });
    let (partition, sort) = (table.partition_key.side.template(), table.sort_key.and_then(|key| key.side.template()));
    let own = (partition.is_some() || sort.is_some()).then(|| Entity {
        name: table.name.into(),
        source: None,
        partition: partition.unwrap_or_else(|| format!("{{{}}}", table.partition_key.side.name())),
        sort: sort.or_else(|| Some(format!("{{{}}}", table.sort_key?.side.name()))),
        item: None,
    });
    own.into_iter().chain(shared).collect()
}

fn index(entry: &IndexEntry) -> Index {
    Index {
        name: entry.name.into(),
        partition_key: key(&entry.partition_key).into(),
        sort_key: entry.sort_key.as_ref().map(|entry| key(entry).into()),
        projection: projection(entry.projection),
        local: entry.local,
        options: entry.options.to_manifest(),
    }
}

fn projection(entry: ProjectionEntry) -> Projection {
    match entry {
        ProjectionEntry::All => Projection::All,
        ProjectionEntry::KeysOnly => Projection::KeysOnly,
        ProjectionEntry::Include(attributes) => Projection::Include(strings(attributes)),
    }
}

fn key(entry: &KeyEntry) -> Vec<KeyAttribute> {
    entry.columns().into_iter().map(attribute).collect()
}

fn attribute((attribute, kind): (&str, AttributeType)) -> KeyAttribute {
    KeyAttribute { attribute: attribute.into(), kind }
}

/// A client of which nothing is said lets users sign in as the pool's handlers define it, if one does.
fn allow_custom_sign_in(manifest: &mut Manifest) {
    let defines = |pool: &str| manifest.asked_by(pool).any(|(_, on, _)| on == PoolTrigger::DefineAuthChallenge);
    let pools: Vec<_> = manifest.user_pools.iter().map(|pool| defines(&pool.name)).collect();
    for (pool, defines) in manifest.user_pools.iter_mut().zip(pools) {
        if defines && pool.client.flows == UserPoolClient::FLOWS {
            pool.client.flows.push(AuthFlow::Custom);
        }
    }
}

fn user_pool(entry: &UserPoolEntry) -> UserPool {
    let mut groups = strings(entry.groups);
    groups.sort();
    let options = entry.options;
    let mut group_options: Vec<_> = options.groups.iter().map(|group| group.to_manifest()).collect();
    group_options.sort_by(|a, b| a.group.cmp(&b.group));
    UserPool {
        name: entry.name.into(),
        source: location(entry.source),
        sign_in: entry.sign_in,
        self_sign_up: entry.self_sign_up,
        groups,
        group_options,
        mfa: options.mfa.map(|mfa| mfa.to_manifest()),
        password: options.password,
        client: options.client.to_manifest(),
        oauth: oauth::of(entry),
        devices: options.devices,
        custom_attributes: options.attributes.iter().map(|attribute| attribute.to_manifest()).collect(),
        required_attributes: strings(options.required),
    }
}

fn identity_pool(entry: &IdentityPoolEntry) -> IdentityPool {
    let role = |role: &RuledRoleEntry| RuledRole {
        name: role.name.into(),
        claim: role.claim.into(),
        match_type: role.match_type,
        value: role.value.into(),
        grants: grants(&role.grants),
    };
    IdentityPool {
        name: entry.name.into(),
        source: location(entry.source),
        providers: strings(entry.providers),
        authenticated: grants(&entry.authenticated),
        unauthenticated: entry.unauthenticated.as_ref().map(grants),
        roles: entry.roles.iter().map(role).collect(),
        classic_flow: entry.classic_flow,
        ambiguous_role_resolution: entry.ambiguous_role_resolution,
    }
}

fn grants(entry: &GrantsEntry) -> Grants {
    let mut granted = Granted::default();
    granted.add_needs(entry.needs, &leading_keys);
    let (routes, invalidate_cache) = (strings(entry.routes), strings(entry.invalidate_cache));
    Grants { permissions: granted.finish(), routes, invalidate_cache }
}

fn secret(entry: &SecretEntry) -> Secret {
    Secret {
        name: entry.name.into(),
        description: (!entry.description.is_empty()).then(|| entry.description.into()),
        source: location(entry.source),
        origin: match entry.origin {
            registry::SecretOrigin::Existing(id) => SecretOrigin::Existing { id: id.into() },
            registry::SecretOrigin::Empty => SecretOrigin::Empty,
            registry::SecretOrigin::Generated { length, punctuation } => {
                SecretOrigin::Generated { length, punctuation }
            }
        },
    }
}

fn location(source: Source) -> SourceLocation {
    SourceLocation { file: source.file.replace('\\', "/"), line: source.line }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
