use skyloom::{Api, ApiKey, Iam, NoContent, Path, Public, handler};

#[derive(Api)]
#[api(
    rest, default, endpoint = "edge", binary_media_types = ["image/*", "*/*"], minimum_compression = 0, validate,
    usage_plan(rate = 10, burst = 20, quota = 10_000, period = "week"),
    cors(origins = ["*"], methods = ["*"])
)]
pub struct Partners;

#[derive(Api)]
#[api(http)]
pub struct Shop;

#[handler(GET "/orders/{id}", auth = ApiKey, api = Partners, timeout = "29s")]
async fn of_partner(Path(_id): Path<u64>) -> NoContent {
    NoContent
}

#[handler(ANY "/{rest+}", auth = Iam)]
async fn of_the_default(Path(_rest): Path<String>) -> NoContent {
    NoContent
}

#[handler(ANY "$default", auth = Public, api = Shop, timeout = "30s")]
async fn of_the_shop() -> NoContent {
    NoContent
}
