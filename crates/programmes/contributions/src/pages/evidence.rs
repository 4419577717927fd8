//! Names of factors and their evidence.

use ui::format::Number;

use crate::rules::{
    EntryReason,
    explanation::{Evidence, SpamSign, TypeSource},
    ordinal,
};

pub(crate) fn award(reason: EntryReason) -> &'static str {
    match reason {
        EntryReason::PrOpened => "Award for opening",
        EntryReason::PrMerged => "Award for merging",
        EntryReason::SizeBonus => "Size bonus",
        EntryReason::Spam => "Penalty for spam",
    }
}

/// Returns the name of a factor and the evidence for it.
#[must_use]
pub(crate) fn step(evidence: &Evidence) -> (String, String) {
    match evidence {
        Evidence::Opened => said("Opened", "ready for review"),
        Evidence::Merged => said("Merged", "base award"),
        Evidence::Decision => said("Decision", "set for the whole pull request"),
        Evidence::Size { lines, band } => size(*lines, *band),
        Evidence::Penalty { by } => ("Spam".to_owned(), sign(by)),
        Evidence::Spam { by } => ("Spam".to_owned(), format!("{}; earns no points", sign(by))),
        Evidence::Rating { median: None, .. } => said("Rating", "not rated by a maintainer"),
        Evidence::Rating { median: Some(median), count } => {
            (format!("Rated {median}"), raters(*count))
        }
        Evidence::Tests { touched } => touch("Tests", *touched),
        Evidence::Docs { touched } => touch("Documentation", *touched),
        Evidence::Type { name: None, .. } => said("Type", "no type in the labels or the title"),
        Evidence::Type { name: Some(name), from } => {
            (format!("Type: {name}"), type_source(*from).to_owned())
        }
        Evidence::Diminishing { place, full } => diminishing(*place, *full),
        Evidence::Frequency { openings, limit } => (
            format!("{} pull request opened in 24 hours", ordinal(*openings)),
            format!("over the limit of {limit}; earns no points"),
        ),
    }
}

/// Returns how many people the median is of. Explanations of earlier versions do not say it.
fn raters(count: Option<u32>) -> String {
    match count {
        None => "median of the maintainers’ ratings".to_owned(),
        Some(1) => "one maintainer’s rating".to_owned(),
        Some(count) => format!("median of {count} maintainers’ ratings"),
    }
}

fn said(step: &str, evidence: &str) -> (String, String) {
    (step.to_owned(), evidence.to_owned())
}

fn size(lines: Option<i64>, band: Option<i64>) -> (String, String) {
    let evidence = match (lines, band) {
        (None, _) => "size unknown".to_owned(),
        (Some(_), None) => "below the smallest band".to_owned(),
        (Some(_), Some(band)) => format!("band: {} or more", Number(band).of("line", "lines")),
    };
    let step = match lines {
        Some(lines) => format!("Size: {}", Number(lines).of("line", "lines")),
        None => "Size".to_owned(),
    };
    (step, evidence)
}

fn touch(what: &str, touched: Option<bool>) -> (String, String) {
    let evidence = match touched {
        Some(true) => "changed together with code",
        Some(false) => "not changed together with code",
        None => "changed files unknown",
    };
    said(what, evidence)
}

fn type_source(from: Option<TypeSource>) -> &'static str {
    match from {
        Some(TypeSource::Label) => "from a label",
        Some(TypeSource::Title) => "from the title’s prefix",
        None => "",
    }
}

fn diminishing(place: u32, full: u32) -> (String, String) {
    let step = format!("{} merge of the month", ordinal(place));
    let evidence = if place <= full {
        match full {
            1 => "the first merge in this repository counts in full".to_owned(),
            _ => format!("the first {full} merges in this repository count in full"),
        }
    } else {
        let merges = Number(full.into()).of("merge", "merges");
        format!("after {merges} in this repository, each merge counts less than the one before")
    };
    (step, evidence)
}

fn sign(by: &SpamSign) -> String {
    match by {
        SpamSign::Mark => "marked by a maintainer".to_owned(),
        SpamSign::Label(label) => format!("label {label}"),
        SpamSign::Flag(number) => format!("a moderator confirmed flag F-{number}"),
    }
}
