//! Competitors who need support.

use super::members::{LoadedRoster, Member};
use crate::rules::support::{in_order, median};

/// A competitor who needs support.
pub(super) struct SupportView {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) class: &'static str,
    pub(super) heading: String,
    pub(super) sentence: String,
}

/// Returns the competitors of a roster who need support, in the order of the rule.
pub(super) fn support(loaded: &LoadedRoster) -> Vec<SupportView> {
    let known = || loaded.members.iter().filter(|member| member.is_known());
    let median = median(known().map(|member| member.total.solves));
    let key = |member: &Member| (member.name.to_lowercase(), member.name.clone(), member.address());
    let facts = known().map(|member| (key(member), member.facts.clone()));
    let view = |(need, (_, name, address)): (
        crate::rules::support::SupportNeed,
        (String, String, String),
    )| {
        SupportView {
            class: need.class(),
            heading: need.heading(loaded.now),
            sentence: need.sentence(&name, median, loaded.now),
            name,
            address,
        }
    };
    in_order(facts, median, loaded.now).into_iter().map(view).collect()
}
