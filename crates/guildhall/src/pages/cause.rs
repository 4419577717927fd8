//! What a reversal takes back, and what is now seen otherwise. A reversal stores which entry it takes
//! back; the cause is what differs between the reasons of that entry and of what stands instead.

use std::mem::discriminant;
use ui::format::{Instant, Number, Signed, exact, with_real_minus};

use contributions::rules::{
    Explanation,
    explanation::{Award, Step},
};

use super::words;
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
        Some(after) => {
            sentences.extend(meanwhile(entry, after));
            sentences.extend(differences(old.as_ref(), read(after).as_ref()));
        }
        None => sentences.extend(nothing_instead(entry, parts)),
    }
    sentences
}

/// Says so when nothing stood instead for a while: what is posted at once replaces.
fn meanwhile(entry: &EntryView, after: &EntryView) -> Option<String> {
    (after.posted_at > entry.posted_at).then(|| {
        let again = Instant(after.posted_at).minute();
        format!("By what was known then it earned nothing; it is earned again, posted {again}.")
    })
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
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if old.at != new.at {
        let (new, old) = (Instant(new.at).minute(), Instant(old.at).minute());
        found.push(format!("It was earned on {new}, not on {old}."));
    }
    if old.rules.pull != new.rules.pull {
        let (new, old) = (new.rules.pull, old.rules.pull);
        found.push(format!(
            "It is scored by version {new} of the rules, not {old}."
        ));
    }
    if let (Some(old), Some(new)) = (old.awards.first(), new.awards.first()) {
        found.extend(steps(old, new));
        found.extend(ends(old, new));
    }
    found
}

/// Steps that rest on something else or count otherwise than before.
fn steps(old: &Award, new: &Award) -> Vec<String> {
    let changed = |now: &Step| {
        let kind = discriminant(&now.evidence);
        let mut steps = old.steps.iter();
        let before = steps.find(|step| discriminant(&step.evidence) == kind);
        match before {
            None => Some(format!("Now: {}.", said(now))),
            Some(before) if before.evidence == now.evidence && before.factor == now.factor => None,
            Some(before) => Some(format!("Now: {}; before: {}.", said(now), said(before))),
        }
    };
    new.steps.iter().filter_map(changed).collect()
}

fn said(step: &Step) -> String {
    let (name, _) = words::step(&step.evidence);
    format!("{name}, × {}", exact(step.factor))
}

/// What low value and the cap do otherwise than before.
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn merged(place: u32, factor: &str, points: i64) -> Value {
        json!({
            "part": "merge", "at": "2026-11-09T14:20:00Z", "month": "2026-11",
            "rules": { "pull": 7, "month": 7, "frequency": 7 },
            "awards": [{
                "reason": "pr_merged", "rounded": points, "points": points,
                "steps": [
                    { "evidence": { "code": "merged" }, "factor": "50", "product": "50" },
                    {
                        "evidence": { "code": "diminishing", "place": place, "full": 5 },
                        "factor": factor, "product": points.to_string(),
                    },
                ],
            }],
        })
    }

    fn entry(generation: i64, kind: &str, points: i64, explanation: Value) -> EntryView {
        let at = "2026-11-09T14:20:00Z".parse().expect("an instant");
        EntryView {
            id: uuid::Uuid::from_u128(generation.unsigned_abs().into()),
            kind: kind.to_owned(),
            reason: "pr_merged".to_owned(),
            points,
            occurred_at: at,
            posted_at: at,
            generation,
            explanation,
        }
    }

    #[test]
    fn a_reversal_says_what_counts_otherwise_now() {
        let entries = [
            entry(1, "AWARD", 40, merged(6, "0.8", 40)),
            entry(2, "REVERSAL", -40, json!({ "reverses_generation": 1 })),
            entry(3, "AWARD", 32, merged(7, "0.64", 32)),
        ];
        assert_eq!(
            of(&entries[1], &entries, &[]),
            [
                "It takes back the award of +40.",
                "Now: 7th merge of the month, × 0.64; before: 6th merge of the month, × 0.8.",
            ]
        );
        assert_eq!(
            of(&entries[2], &entries, &[]),
            ["50 merged × 0.64 7th merge of the month = 32"]
        );
    }

    #[test]
    fn a_reversal_without_a_successor_says_why_nothing_is_earned() {
        let entries = [
            entry(1, "AWARD", 50, merged(1, "1", 50)),
            entry(2, "REVERSAL", -50, json!({ "reverses_generation": 1 })),
        ];
        let mut now = merged(1, "1", 50);
        now["awards"] = json!([]);
        now["excluded"] = json!({ "code": "self_merged" });
        let now: Explanation = serde_json::from_value(now).expect("an explanation");
        let said = of(&entries[1], &entries, &[&now]);
        assert_eq!(
            said[1],
            "It scores nothing: its author merged it without another person's review."
        );
    }

    #[test]
    fn what_stood_for_nothing_a_while_is_told() {
        let mut again = entry(3, "AWARD", 50, merged(1, "1", 50));
        again.posted_at += chrono::TimeDelta::hours(1);
        let entries = [
            entry(1, "AWARD", 50, merged(1, "1", 50)),
            entry(2, "REVERSAL", -50, json!({ "reverses_generation": 1 })),
            again,
        ];
        let said = of(&entries[1], &entries, &[]);
        assert!(said[1].contains("9 November 2026, 15:20 UTC"), "{said:?}");
    }

    #[test]
    fn what_no_programme_here_reckoned_has_no_sentence() {
        let grant = entry(1, "AWARD", 5, json!({ "seed": "granted" }));
        assert!(of(&grant, std::slice::from_ref(&grant), &[]).is_empty());
    }
}
