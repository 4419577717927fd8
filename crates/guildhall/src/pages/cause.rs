//! What a reversal takes back, and what is now seen otherwise. A reversal stores which entry it takes
//! back; the cause is what differs between the reasons of that entry and of what stands instead.

use std::mem::discriminant;

use contributions::rules::{Explanation, explanation::Award};

use super::{
    format::{Instant, Number, Signed, exact, with_real_minus},
    words,
};
use crate::api::EntryView;

/// Why the ledger says what an entry says, in sentences.
/// `entries` are all of the source, `parts` its reckoning as it is now.
pub(super) fn of(entry: &EntryView, entries: &[EntryView], parts: &[&Explanation]) -> Vec<String> {
    match entry.explanation["reverses_generation"].as_i64() {
        Some(generation) => reversal(entry, generation, entries, parts),
        None => own_sentences(entry),
    }
    .iter()
    .map(|sentence| with_real_minus(sentence))
    .collect()
}

/// The sentences of its own award: what else the explanation says stands above the reckoning.
fn own_sentences(entry: &EntryView) -> Vec<String> {
    let awards = read(entry).map(|own| own.awards).unwrap_or_default();
    awards.iter().map(Award::sentence).collect()
}

fn read(entry: &EntryView) -> Option<Explanation> {
    serde_json::from_value(entry.explanation.clone()).ok()
}

fn reversal(
    entry: &EntryView,
    generation: i64,
    entries: &[EntryView],
    parts: &[&Explanation],
) -> Vec<String> {
    let of_generation = |generation: i64| {
        entries
            .iter()
            .find(|other| other.reason == entry.reason && other.generation == generation)
    };
    let Some(before) = of_generation(generation) else {
        return Vec::new();
    };
    let mut sentences = vec![format!(
        "It takes back the {} of {}.",
        words::kind(&before.kind).to_lowercase(),
        Signed(before.points)
    )];
    let old = read(before);
    match of_generation(entry.generation + 1) {
        Some(after) => sentences.extend(differences(old.as_ref(), read(after).as_ref())),
        None => sentences.extend(nothing_instead(entry, parts)),
    }
    sentences
}

/// Why nothing stands instead.
fn nothing_instead(entry: &EntryView, parts: &[&Explanation]) -> Vec<String> {
    let excluded = parts.iter().find_map(|part| part.excluded.as_ref());
    if let Some(excluded) = excluded {
        return vec![excluded.sentence()];
    }
    let mut awards = parts.iter().flat_map(|part| &part.awards);
    match awards.find(|award| award.reason.code() == entry.reason) {
        Some(award) if award.points == 0 => {
            vec![format!("It now comes to nothing: {}.", award.sentence())]
        }
        Some(_) => vec!["It is pending until it matures.".to_owned()],
        None => vec!["What it was earned for is no longer so.".to_owned()],
    }
}

/// What differs between the reasons of two entries, each difference a sentence.
fn differences(old: Option<&Explanation>, new: Option<&Explanation>) -> Vec<String> {
    let again = || vec!["It is settled again.".to_owned()];
    let (Some(old), Some(new)) = (old, new) else {
        return again();
    };
    let mut found = Vec::new();
    if old.at != new.at {
        let (new, old) = (Instant(new.at).minute(), Instant(old.at).minute());
        found.push(format!("It was earned on {new}, not on {old}."));
    }
    if old.rules != new.rules {
        let (new, old) = (new.rules.pull, old.rules.pull);
        found.push(format!(
            "It is scored by version {new} of the rules, not {old}."
        ));
    }
    if let (Some(old), Some(new)) = (old.awards.first(), new.awards.first()) {
        found.extend(steps(old, new));
        found.extend(ends(old, new));
    }
    if found.is_empty() { again() } else { found }
}

fn steps(old: &Award, new: &Award) -> Vec<String> {
    let changed = |after: &contributions::rules::explanation::Step| {
        let kind = discriminant(&after.evidence);
        let before = old
            .steps
            .iter()
            .find(|step| discriminant(&step.evidence) == kind);
        let (name, _) = words::step(&after.evidence);
        match before {
            Some(before)
                if before == after
                    || before.evidence == after.evidence && before.factor == after.factor =>
            {
                None
            }
            Some(before) => Some(format!(
                "Now: {name}, {}; before: {}, {}.",
                exact(after.factor),
                words::step(&before.evidence).0,
                exact(before.factor)
            )),
            None => Some(format!("Now: {name}, {}.", exact(after.factor))),
        }
    };
    new.steps.iter().filter_map(changed).collect()
}

fn ends(old: &Award, new: &Award) -> Vec<String> {
    let mut found = Vec::new();
    match (&old.low_value, &new.low_value) {
        (None, Some(_)) => found.push("It is of low value now.".to_owned()),
        (Some(_), None) => found.push("It is no longer of low value.".to_owned()),
        _ => {}
    }
    let bites = |award: &Award| {
        award
            .cap
            .filter(|cap| cap.granted < cap.asked)
            .map(|cap| cap.left)
    };
    match (bites(old), bites(new)) {
        (before, Some(left)) if before != Some(left) => {
            found.push(format!("The monthly cap leaves {} of it.", Number(left)));
        }
        (Some(_), None) => found.push("The monthly cap no longer cuts it.".to_owned()),
        _ => {}
    }
    found
}
