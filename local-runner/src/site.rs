/// The version of every function that has versions.
pub(crate) const VERSION: &str = "1";
/// The alias by which a function with versions is called, as in the template.
pub(crate) const ALIAS: &str = "live";

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

    pub(crate) fn function_arn(&self, function: &str) -> String {
        self.arn("lambda", &format!("function:{}", self.physical_name(function)))
    }
}
