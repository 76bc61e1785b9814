//! The rules of a table's options, which the macros check at the user's own tokens.

use std::ops::RangeInclusive;

use crate::{Capacity, Encryption, Index, PointInTimeRecovery, StreamView, Table, TableOptions, Throughput, rules};

/// Reports all that AWS would refuse.
pub(super) fn check(table: &Table, report: &mut impl FnMut(String)) {
    let options = &table.options;
    check_throughput("the table", options.throughput, report);
    if let PointInTimeRecovery::Days(days) = options.point_in_time_recovery {
        rules::check_range("`recovery_days`", days.into(), &rules::RECOVERY_DAYS, "").unwrap_or_else(&mut *report);
    }
    if let Encryption::Key(arn) = &options.encryption {
        rules::check_kms_key(arn).unwrap_or_else(&mut *report);
    }
    if let Some(kinesis) = &options.kinesis {
        rules::check_kinesis_stream(&kinesis.stream).unwrap_or_else(&mut *report);
    }
    check_tags(options, report);
    for index in &table.indexes {
        check_index(index, options.throughput, report);
    }
    if !options.replicas.is_empty() {
        check_replicas(table, report);
    }
}

fn check_throughput(what: &str, throughput: Throughput, report: &mut impl FnMut(String)) {
    let mut check = |name: &str, value: u32, range: &RangeInclusive<u64>| {
        let name = format!("`{name}` of {what}");
        rules::check_range(&name, value.into(), range, "").unwrap_or_else(&mut *report);
    };
    match throughput {
        Throughput::OnDemand { max_reads, max_writes } => {
            for (name, most) in [("max_reads", max_reads), ("max_writes", max_writes)] {
                check(name, most.unwrap_or(1), &rules::CAPACITY);
            }
        }
        Throughput::Provisioned { reads, writes } => {
            for (name, capacity) in [("reads", reads), ("writes", writes)] {
                check(name, capacity.initial(), &rules::CAPACITY);
                if let Capacity::Scaled { min, max, target } = capacity {
                    check(name, max, &(u64::from(min)..=*rules::CAPACITY.end()));
                    check("target", target, &rules::CAPACITY_TARGET);
                }
            }
        }
    }
}

fn check_tags(options: &TableOptions, report: &mut impl FnMut(String)) {
    let count = options.tags.len();
    if count > rules::TAGS {
        report(format!("it has {count} tags, but a table takes {}", rules::TAGS));
    }
    for (key, value) in &options.tags {
        let checked = rules::check_tag_key(key).and_then(|()| rules::check_tag_value(value));
        checked.unwrap_or_else(|message| report(format!("the tag `{key}`: {message}")));
    }
}

fn check_index(index: &Index, table: Throughput, report: &mut impl FnMut(String)) {
    let name = &index.name;
    if index.local && index.options != Default::default() {
        report(format!("the index `{name}` is local, and so has no settings of its own"));
    }
    let Some(throughput) = index.options.throughput else { return };
    check_throughput(&format!("the index `{name}`"), throughput, report);
    if std::mem::discriminant(&throughput) != std::mem::discriminant(&table) {
        report(format!(
            "the index `{name}` is paid for in another way than its table: make both on demand or provisioned"
        ));
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html>
fn check_replicas(table: &Table, report: &mut impl FnMut(String)) {
    let options = &table.options;
    for (at, region) in options.replicas.iter().enumerate() {
        rules::check_region(region).unwrap_or_else(&mut *report);
        if options.replicas[..at].contains(region) {
            report(format!("the replica in `{region}` is there twice: remove one of them"));
        }
    }
    if table.stream != Some(StreamView::NewAndOldImages) {
        report("a table with replicas has `stream = \"new-and-old-images\"`: they are kept equal through it".into());
    }
    let global = table.indexes.iter().filter(|index| !index.local).map(|index| table.throughput_of(index));
    let fixed = |it: Throughput| matches!(it, Throughput::Provisioned { writes: Capacity::Fixed(_), .. });
    if std::iter::once(options.throughput).chain(global).any(fixed) {
        report(
            "the write capacity of a table with replicas is scaled: give `writes` a range, `writes = 5..=500`".into(),
        );
    }
    if let Encryption::Key(arn) = &options.encryption
        && !rules::is_key_of_many_regions(arn)
    {
        report(format!(
            "`{arn}` is a key of one region: with replicas name a multi-Region key, `key/mrk-…`, or an alias"
        ));
    }
}
