//! AWS's limits and grammars, as functions of plain strings and numbers.
//!
//! The macros ask them at compile time, [`Manifest::validate`](crate::Manifest::validate) asks them again.

mod attribute;
mod deployment;
mod destination;
mod function;
mod guards;
mod identity_pool;
mod integration;
mod mapping;
mod oauth;
mod path;
mod rest;
mod schedule;
mod secret;
mod selection;
mod stage_variable;
mod table;
mod user_pool;
mod variable;
mod websocket;

use std::ops::RangeInclusive;

pub use self::{
    attribute::{
        ATTRIBUTE_LENGTH, CUSTOM_ATTRIBUTE, CUSTOM_ATTRIBUTES, DeclaredAttribute, OTHER_ATTRIBUTES,
        WRITABLE_ATTRIBUTES, check_attribute_bounds, check_attribute_length, check_attribute_name, check_claim,
        check_mapped_attribute, check_required_attribute,
    },
    deployment::{SHIFT_MINUTES, SHIFT_PERCENTAGE, check_linear, interval, percentage},
    destination::{Occasion, check_destination, check_destination_name, service_of_destination},
    function::{
        ENVIRONMENT_BYTES, EPHEMERAL_STORAGE, EVENT_AGE, EVENT_RETRIES, LAYERS, check_environment_size, check_layer,
        check_layers, check_log_retention,
    },
    guards::{
        CACHE_OF_STREAM, CACHE_SIZES, GATEWAY_RESPONSES, GATEWAY_STATUS, REPLY_CACHE, THROTTLE_OF_ANY, THROTTLE_RATE,
        TemplatePart, check_expression, check_header_name, check_identity_context, check_parameter_name,
        check_response_header, check_socket_context, template_parts,
    },
    identity_pool::check_classic_flow,
    integration::{ANSWER_STATUS, check_answer_header, check_attribute_value, check_upstream, no_queue},
    mapping::{Change, ChangeAction, MappedParameter, split_status},
    oauth::{
        IDENTITY_SCOPES, check_callback, check_domain_prefix, check_issuer, check_provider_name, check_resource_server,
        check_scope_name,
    },
    path::{PathTemplate, Segment},
    rest::{
        DEFAULT_ROUTE, MINIMUM_COMPRESSION, REST_RESOURCES, REST_TIMEOUT, USAGE_QUOTA, USAGE_RATE, check_media_type,
        check_network, check_rest_path, rest_resources,
    },
    schedule::check_schedule,
    secret::{SECRET_LENGTH, check_secret_id},
    selection::{CONTEXT, Piece, Selection, Variable},
    stage_variable::check_stage_variable,
    table::{
        CAPACITY, CAPACITY_TARGET, RECOVERY_DAYS, TAGS, check_kinesis_stream, check_kms_key, check_region,
        check_tag_key, check_tag_value, in_region, is_key_of_many_regions, region_of,
    },
    user_pool::{
        GROUP_PRECEDENCE, PASSWORD_LENGTH, REFRESH_TOKEN_LIFE, ROTATION_GRACE, TEMPORARY_PASSWORD, TOKEN_LIFE,
        check_email_identity, check_group, check_role, check_token_lives,
    },
    variable::check_variable,
    websocket::{
        ROUTE_SELECTION, SOCKET_AUTHORIZERS, SOCKET_ROUTES, SOCKET_TIMEOUT, check_route_key, check_route_selection,
        selected_member,
    },
};

/// Memory of a function, in MB. <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const MEMORY: RangeInclusive<u64> = 128..=10_240;
/// Timeout of a function, in seconds.
pub const TIMEOUT: RangeInclusive<u64> = 1..=900;
/// Timeout of a function behind an HTTP API, in seconds: the API stops waiting then.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html>
pub const HTTP_TIMEOUT: RangeInclusive<u64> = 1..=30;
/// Timeout of an authorizer function, in seconds: the API stops waiting then.
pub const AUTHORIZER_TIMEOUT: RangeInclusive<u64> = 1..=10;
/// Timeout of a function that a user pool asks, in seconds: Cognito stops waiting then, and asks again.
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html>
pub const USER_POOL_TIMEOUT: RangeInclusive<u64> = 1..=5;
/// How long an authorizer's answer may be reused, in seconds.
pub const AUTHORIZER_CACHE: RangeInclusive<u64> = 0..=3_600;
/// Reserved concurrency; 0 would switch the function off.
pub const CONCURRENCY: RangeInclusive<u64> = 1..=1_000_000;
/// Execution environments that are started before anybody calls.
pub const PROVISIONED_CONCURRENCY: RangeInclusive<u64> = 1..=1_000_000;
/// Records in a batch of a DynamoDB stream.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html>
pub const STREAM_BATCH_SIZE: RangeInclusive<u64> = 1..=10_000;
/// Wait for a full batch, in seconds.
pub const STREAM_BATCH_WINDOW: RangeInclusive<u64> = 0..=300;
/// Retries of a failed batch.
pub const STREAM_RETRIES: RangeInclusive<u64> = 0..=10_000;
/// Age from which a record is no longer tried, in seconds.
pub const STREAM_RECORD_AGE: RangeInclusive<u64> = 60..=604_800;
/// Batches of one shard at once.
pub const STREAM_PARALLELIZATION: RangeInclusive<u64> = 1..=10;
/// A tumbling window, in seconds. <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html>
pub const STREAM_TUMBLING_WINDOW: RangeInclusive<u64> = 1..=900;
/// Characters of the pattern of a filter.
pub const STREAM_FILTER_PATTERN: usize = 4_096;
/// Filters of an event source mapping. <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>
pub const STREAM_FILTERS: usize = 5;
/// Global secondary indexes of a table.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
pub const GLOBAL_INDEXES: usize = 20;
/// Local secondary indexes of a table.
pub const LOCAL_INDEXES: usize = 5;
/// Attributes of one side of a global index's key.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html>
pub const INDEX_KEY_ATTRIBUTES: usize = 4;
/// Attributes that the projection of an index names.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html>
pub const PROJECTED_ATTRIBUTES_OF_INDEX: usize = 20;
/// Attributes that the projections of all indexes of a table name; one that two of them name counts twice.
pub const PROJECTED_ATTRIBUTES: usize = 100;
/// Routes of an HTTP API.
pub const ROUTES: usize = 300;

/// What a function has when it says nothing.
pub mod defaults {
    /// Memory, in MB.
    pub const MEMORY: u32 = 256;
    /// Timeout, in seconds, of a function that no API waits for.
    pub const TIMEOUT: u32 = 60;
    /// Timeout behind an HTTP API, in seconds.
    pub const HTTP_TIMEOUT: u32 = 30;
    /// Timeout behind a REST API, in seconds.
    pub const REST_TIMEOUT: u32 = 29;
    /// Timeout behind a WebSocket API, in seconds.
    pub const SOCKET_TIMEOUT: u32 = 29;
    /// Timeout of an authorizer, in seconds.
    pub const AUTHORIZER_TIMEOUT: u32 = 10;
    /// Timeout of a function that a user pool asks, in seconds.
    pub const USER_POOL_TIMEOUT: u32 = 5;
    /// Records in a batch.
    pub const STREAM_BATCH_SIZE: u32 = 100;
}

/// Says what is wrong with a number that has to lie in a range, or nothing.
///
/// # Errors
/// A sentence that names the value, the range and the unit.
pub fn check_range(what: &str, value: u64, range: &RangeInclusive<u64>, unit: &str) -> Result<(), String> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(format!("{what} is {value}{unit}, but has to be from {} to {}{unit}", range.start(), range.end()))
}

/// The candidate that a mistyped word most likely meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count().max(3) / 2;
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("memroy", ["memory", "timeout"]), Some("memory"));
        assert_eq!(nearest("Timeout", ["memory", "timeout"]), Some("timeout"));
        assert_eq!(nearest("colour", ["memory", "timeout"]), None);
    }

    #[test]
    fn a_number_outside_its_range_is_named_with_the_range() {
        assert_eq!(check_range("`memory`", 128, &MEMORY, " MB"), Ok(()));
        assert_eq!(
            check_range("`memory`", 64, &MEMORY, " MB"),
            Err("`memory` is 64 MB, but has to be from 128 to 10240 MB".into())
        );
    }
}
