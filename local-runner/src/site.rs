use skyloom_manifest::{Api, HttpMethod};

/// The version of every function that has versions.
pub(crate) const VERSION: &str = "1";
/// The alias by which a function with versions is called, as in the template.
pub(crate) const ALIAS: &str = "live";

/// The stage of every WebSocket API: the template's where none is named.
pub(crate) const SOCKET_STAGE: &str = "default";

/// So many letters and digits that are the same for the same text.
pub(crate) fn short_id(text: &str, length: usize) -> String {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(length).map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).collect()
}

/// Where the emulated resources are said to be.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// `us-east-1`, unless told otherwise.
    pub(crate) region: String,
    /// Twelve digits.
    pub(crate) account: String,
    /// The application's name; physical names begin with it.
    pub(crate) application: String,
}

impl Site {
    pub(crate) fn new(application: &str, region: &str) -> Self {
        Self { region: region.into(), account: "000000000000".into(), application: application.into() }
    }

    /// Where an application is in its tests.
    pub(crate) fn of_test(application: &str) -> Self {
        Self::new(application, "us-east-1")
    }

    /// The ARN of a regional resource: `arn:aws:{service}:{region}:{account}:{resource}`.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{resource}", self.region, self.account)
    }

    /// An ARN whose `${AWS::Region}` and the like are those of here.
    pub(crate) fn filled_in(&self, arn: &str) -> String {
        arn.replace("${AWS::Partition}", "aws")
            .replace("${AWS::Region}", &self.region)
            .replace("${AWS::AccountId}", &self.account)
    }

    /// The physical name of a table or function: `orders-Order`.
    pub(crate) fn physical_name(&self, name: &str) -> String {
        format!("{}-{name}", self.application)
    }

    pub(crate) fn table_arn(&self, table: &str) -> String {
        self.arn("dynamodb", &format!("table/{}", self.physical_name(table)))
    }

    /// The ARN of the version of a function that is at work here, of which there is one.
    pub(crate) fn version_arn(&self, function: &str) -> String {
        format!("{}:{VERSION}", self.function_arn(function))
    }

    /// The id of an API: the same for the same application, so that ARNs and URLs can be written down.
    pub(crate) fn api_id(&self, api: &Api) -> String {
        let application = &self.application;
        let text = if api.default { application.clone() } else { format!("{application}/{}", api.name) };
        short_id(&text, 10)
    }

    /// `arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5`
    pub(crate) fn api_arn(&self, api: &Api) -> String {
        self.arn("execute-api", &self.api_id(api))
    }

    /// What happens so on a WebSocket API: `…/default/$connect`.
    pub(crate) fn socket_arn(&self, api: &Api, route: &str) -> String {
        format!("{}/{SOCKET_STAGE}/{route}", self.api_arn(api))
    }

    /// What is done so to a connection of a WebSocket API, or to any: `…/default/POST/@connections/*`.
    pub(crate) fn connection_arn(&self, api: &Api, method: HttpMethod, connection: &str) -> String {
        format!("{}/{SOCKET_STAGE}/{}/@connections/{connection}", self.api_arn(api), method.as_str())
    }

    pub(crate) fn function_arn(&self, function: &str) -> String {
        self.arn("lambda", &format!("function:{}", self.physical_name(function)))
    }
}
