//! The rules of event source mappings.

use super::destination;
use crate::{
    Image, Manifest, StreamFilter, StreamTrigger, StreamView, Term,
    rules::{self, Occasion},
};

pub(super) fn check(manifest: &Manifest, stream: &StreamTrigger, report: &mut impl FnMut(String)) {
    check_table(manifest, stream, report);
    let (count, most) = (stream.filters.len(), rules::STREAM_FILTERS);
    if count > most {
        report(format!("it has {count} filters, but a mapping takes {most}"));
    }
    stream.filters.iter().for_each(|filter| check_filter(filter, report));
    if stream.tumbling_window.is_some() && stream.parallelization > 1 {
        report("the state of a tumbling window is that of one shard: leave its `parallelization` out".into());
    }
    if let Some(destination) = &stream.on_failure {
        destination::check(manifest, destination, Occasion::StreamFailure, report);
    }
}

fn check_table(manifest: &Manifest, stream: &StreamTrigger, report: &mut impl FnMut(String)) {
    let Some(table) = manifest.table(&stream.table) else {
        return report(format!("it reads the stream of `{}`, which the application does not have", stream.table));
    };
    let Some(view) = table.stream else {
        return report(format!(
            "the table `{}` has no stream: write `#[table(stream = \"new-and-old-images\")]` at {}",
            table.name, table.source
        ));
    };
    for (image, what) in [(Image::New, "new"), (Image::Old, "old")] {
        if !has(view, image) && stream.filters.iter().any(|filter| is_about(filter, image)) {
            report(format!(
                "a filter of it is about `{what}`, but the stream of `{}` at {} has no {what} images",
                table.name, table.source
            ));
        }
    }
}

fn has(view: StreamView, image: Image) -> bool {
    match image {
        Image::New => matches!(view, StreamView::NewImage | StreamView::NewAndOldImages),
        Image::Old => matches!(view, StreamView::OldImage | StreamView::NewAndOldImages),
        Image::Key => true,
    }
}

fn is_about(filter: &StreamFilter, wanted: Image) -> bool {
    filter.terms.iter().any(|term| match term {
        Term::Attribute { image, .. } => *image == wanted,
        Term::Any { of } => of.iter().any(|filter| is_about(filter, wanted)),
        Term::Event { .. } => false,
    })
}

fn check_filter(filter: &StreamFilter, report: &mut impl FnMut(String)) {
    let (length, most) = (filter.pattern().to_string().len(), rules::STREAM_FILTER_PATTERN);
    if length > most {
        report(format!(
            "a filter of it has {length} characters, but Lambda takes {most}: test some of it in the handler"
        ));
    }
}
