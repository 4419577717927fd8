//! The facts that contradicting statements of one second allow. GitHub's times are whole seconds, so only GitHub itself can
//! tell which of them is right.

use std::collections::BTreeSet;

use kernel::Timestamp;

use super::{
    account::GHOST,
    fold::{Folded, is_tied, ranked_until},
};
use crate::model::{Facts, Version};

/// The number of alternatives that are considered. A fact with too many values keeps the folded one.
const MOST: usize = 64;

/// Returns the facts of a fold up to `until`, and then the same facts with every combination of the values that
/// statements of the deciding seconds contain. The result depends only on the set of statements.
#[must_use]
pub fn alternatives(versions: &[Version], folded: &Folded, until: Option<Timestamp>) -> Vec<Facts> {
    let ranked = ranked_until(versions, until);
    let mut all = vec![folded.facts.clone()];
    vary(&mut all, &ranked, |f| f.labels.clone(), |f, labels| f.labels = Some(labels));
    vary(&mut all, &ranked, size, |f, size| {
        (f.additions, f.deletions, f.changed_files) = size;
    });
    vary(&mut all, &ranked, |f| f.title.clone(), |f, title| f.title = Some(title));
    vary(
        &mut all,
        &ranked,
        |f| f.merged_by_id.filter(|id| *id != GHOST),
        |f, id| f.merged_by_id = Some(id),
    );
    vary(&mut all, &ranked, |f| f.auto_merge, |f, request| f.auto_merge = Some(request));
    vary(&mut all, &ranked, |f| f.merge_queue, |f, request| f.merge_queue = Some(request));
    vary(&mut all, &ranked, |f| f.author_is_bot, |f, is_bot| f.author_is_bot = Some(is_bot));
    all
}

type Size = (Option<i64>, Option<i64>, Option<i64>);

/// Returns the numbers of lines and files, which belong together.
fn size(facts: &Facts) -> Option<Size> {
    let is_known = facts.additions.is_some() && facts.deletions.is_some();
    is_known.then_some((facts.additions, facts.deletions, facts.changed_files))
}

/// Adds the alternatives with the other values of one fact.
fn vary<T: Ord + Clone>(
    all: &mut Vec<Facts>,
    ranked: &[&Version],
    value: impl Fn(&Facts) -> Option<T>,
    set: impl Fn(&mut Facts, T),
) {
    let stated = |version: &&&Version| value(&version.facts).is_some();
    let Some(decides) = ranked.iter().find(stated) else {
        return;
    };
    let same_second = ranked.iter().filter(|version| is_tied(version, decides));
    let values: BTreeSet<T> = same_second.filter_map(|version| value(&version.facts)).collect();
    if values.len() * all.len() > MOST {
        return;
    }
    let with = |facts: &Facts, value: &T| {
        let mut other = facts.clone();
        set(&mut other, value.clone());
        other
    };
    let others: Vec<Facts> = all
        .iter()
        .flat_map(|facts| {
            let own = value(facts);
            let others = values.iter().filter(move |other| Some(*other) != own.as_ref());
            others.map(move |other| with(facts, other))
        })
        .collect();
    all.extend(others);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fold::fold;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_790_000_000 + second, 0).expect("an instant")
    }

    fn version(second: i64, digest: u8, title: Option<&str>, labels: &[&str]) -> Version {
        Version {
            instant: at(second),
            digest: vec![digest],
            facts: Facts {
                title: title.map(str::to_owned),
                labels: Some(labels.iter().map(|&label| label.to_owned()).collect()),
                closed: Some(false),
                ..Facts::default()
            },
        }
    }

    /// Returns the distinct titles and labels.
    fn found(versions: &[Version], until: Option<i64>) -> BTreeSet<(Option<String>, Vec<String>)> {
        let until = until.map(at);
        let folded = fold(versions, until).expect("facts");
        let all = alternatives(versions, &folded, until);
        assert_eq!(all[0], folded.facts, "the fold comes first");
        all.into_iter().map(|facts| (facts.title, facts.labels.unwrap_or_default())).collect()
    }

    #[test]
    fn one_statement_a_second_leaves_no_choice() {
        let versions = [version(1, 1, Some("A"), &["bug"]), version(2, 2, Some("B"), &[])];
        assert_eq!(found(&versions, None).len(), 1);
    }

    #[test]
    fn statements_of_the_deciding_second_are_alternatives() {
        let tie = [version(5, 1, Some("A"), &["spam"]), version(5, 2, Some("A"), &[])];
        let labels: Vec<_> = found(&tie, None).into_iter().map(|found| found.1).collect();
        assert_eq!(labels, [vec![], vec!["spam".to_owned()]]);
        // A newer statement decides, unless it comes after the closing or leaves the fact out.
        let newer = version(6, 3, Some("A"), &["bug"]);
        let all = [tie[0].clone(), tie[1].clone(), newer];
        assert_eq!(found(&all, None).len(), 1);
        assert_eq!(found(&all, Some(5)).len(), 2);
    }

    #[test]
    fn contradictions_of_several_facts_are_combined() {
        let tie = [version(5, 1, Some("A"), &["spam"]), version(5, 2, Some("B"), &[])];
        assert_eq!(found(&tie, None).len(), 4);
        let reversed = [tie[1].clone(), tie[0].clone(), tie[1].clone()];
        assert_eq!(found(&tie, None), found(&reversed, None));
    }

    #[test]
    fn the_number_of_alternatives_is_limited() {
        let many: Vec<Version> =
            (0..=255).map(|digest| version(5, digest, Some(&format!("T{digest}")), &[])).collect();
        assert_eq!(found(&many, None).len(), 1);
    }
}
