//! `replicas = ["us-east-1"]`, and what a global table has to be.

use skyloom_manifest::rules;
use syn::LitStr;

use super::{
    TableOptions,
    protection::Encryption,
    throughput::{Kind, Throughput},
};
use crate::{errors::Errors, setting::Setting};

pub(super) fn read(setting: &Setting) -> syn::Result<Vec<LitStr>> {
    let regions = setting.texts("us-east-1")?;
    let mut errors = Errors::default();
    for region in &regions {
        errors.keep(rules::check_region(&region.value()).map_err(|message| syn::Error::new_spanned(region, message)));
    }
    errors.finish().map(|()| regions)
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html>
pub(super) fn check(options: &TableOptions, setting: &Setting, stream: Option<&str>, errors: &mut Errors) {
    if stream != Some("NewAndOldImages") {
        errors.push(
            &setting.name,
            "replicas are kept equal through the table's stream: write `stream = \"new-and-old-images\"` too",
        );
    }
    if let Some(throughput) = &options.throughput {
        check_writes(throughput, errors);
    }
    if let Some(Encryption::Key(arn)) = &options.encryption
        && !rules::is_key_of_many_regions(&arn.value())
    {
        errors.push(
            arn,
            "this key is of one region: with `replicas` name a multi-Region key, `key/mrk-…`, or an alias that each region has",
        );
    }
}

/// Each replica writes what the others do, so that AWS takes no fixed capacity for it.
pub(super) fn check_writes(throughput: &Throughput, errors: &mut Errors) {
    if let Kind::Provisioned { writes, .. } = &throughput.kind
        && writes.scaled.is_none()
    {
        let least = writes.least;
        errors
            .push(&writes.at, format!("with `replicas` the write capacity is scaled: write `writes = {least}..=500`"));
    }
}
