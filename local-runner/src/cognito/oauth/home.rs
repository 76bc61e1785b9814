use super::address;
use crate::cognito::pool::Pools;

/// Where a pool's domain takes browsers that come back from another provider.
const RETURN: &str = "/oauth2/idpresponse";

/// Registers the places that domains have here wherever those that they have at AWS are: a pool that is the provider of another one
/// names the latter, and a browser here comes back to the former.
pub(in crate::cognito) fn register(pools: &mut Pools, region: &str, endpoint: Option<&str>) {
    let Some(endpoint) = endpoint else { return };
    let domains = pools.iter().filter_map(|pool| pool.oauth.declared.domain.clone());
    let places: Vec<_> =
        domains.map(|prefix| (address::url(&prefix, region, None), places(&prefix, endpoint))).collect();
    for client in pools.iter_mut().flat_map(|pool| &mut pool.oauth.declared.clients) {
        for (at_aws, here) in &places {
            if client.callbacks.contains(&format!("{at_aws}{RETURN}")) {
                client.callbacks.extend(here.iter().map(|place| format!("{place}{RETURN}")));
            }
        }
    }
}

/// The URLs of a domain by all names that the own endpoint has.
fn places(prefix: &str, endpoint: &str) -> Vec<String> {
    let by_path = |endpoint: &str| address::url(prefix, "", Some(endpoint));
    let (scheme, authority) = endpoint.split_once("://").unwrap_or_default();
    let port = authority.rsplit_once(':').map_or(String::new(), |(_, port)| format!(":{port}"));
    let by_name = format!("{scheme}://localhost{port}");
    vec![by_path(endpoint), by_path(&by_name), format!("{scheme}://{prefix}.auth.localhost{port}")]
}
