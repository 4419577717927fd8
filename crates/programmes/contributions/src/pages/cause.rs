//! Causes of ledger entries. A reversal stores which entry it reverses. Its cause is the difference between
//! the explanations of that entry and of the entry that replaces it.

use std::mem::discriminant;

use kernel::Timestamp;
use recognition::model::EntryWithExplanation;
use serde::Deserialize;
use ui::format::{Instant, Number, Signed, exact, with_real_minus};

use super::evidence;
use crate::rules::{
    Exact, Explanation,
    explanation::{Award, CalculationStep},
};

/// The stored explanation of a reversal.
#[derive(Deserialize)]
struct Reversal {
    reverses_generation: i64,
}

/// The explanations of a pull request that hold now.
#[derive(Clone, Copy, Debug)]
pub struct CurrentExplanations<'a> {
    pub parts: &'a [&'a Explanation],
    /// The instant of the decision that overrides the points, if there is one.
    pub decided: Option<Timestamp>,
}

/// Returns the cause of an entry as sentences. `entries` are all entries of its source, and `current` the
/// explanations of the pull request that hold now.
#[must_use]
pub fn cause(
    entry: &EntryWithExplanation,
    entries: &[EntryWithExplanation],
    current: CurrentExplanations<'_>,
) -> Vec<String> {
    let reversal: Option<Reversal> = serde_json::from_str(&entry.explanation).ok();
    match reversal.map(|reversal| reversal.reverses_generation) {
        Some(generation) => of_reversal(entry, generation, entries, current),
        None => own_sentences(entry),
    }
    .iter()
    .map(|sentence| with_real_minus(sentence))
    .collect()
}

/// Returns the sentences of the entry's own award. The rest of the explanation belongs to the pull request.
fn own_sentences(entry: &EntryWithExplanation) -> Vec<String> {
    let awards = read(entry).map(|own| own.awards).unwrap_or_default();
    awards.iter().map(Award::sentence).collect()
}

fn read(entry: &EntryWithExplanation) -> Option<Explanation> {
    Explanation::read(&entry.explanation).ok()
}

fn of_reversal(
    entry: &EntryWithExplanation,
    generation: i64,
    entries: &[EntryWithExplanation],
    current: CurrentExplanations<'_>,
) -> Vec<String> {
    let of_generation = |generation: i64| {
        entries.iter().find(|other| other.reason == entry.reason && other.generation == generation)
    };
    let Some(before) = of_generation(generation) else {
        return Vec::new();
    };
    let mut sentences = vec![format!(
        "This entry reverses the {} of {}.",
        before.kind_word().to_lowercase(),
        Signed(before.points)
    )];
    let old = read(before);
    match of_generation(entry.generation + 1) {
        Some(after) => {
            sentences.extend(replaced_later(entry, after));
            sentences.extend(differences(old.as_ref(), read(after).as_ref()));
        }
        None => sentences.push(not_replaced(entry, entries, current)),
    }
    sentences
}

/// Says when the replacement was posted, unless it was posted together with the reversal.
fn replaced_later(entry: &EntryWithExplanation, after: &EntryWithExplanation) -> Option<String> {
    (after.created_at > entry.created_at).then(|| {
        let again = Instant(after.created_at).minute();
        format!("A new entry was posted on {again}.")
    })
}

/// Says why no entry replaces the reversed one: because of the decision that the entries of the same time state, or what
/// holds now if nothing changed since.
fn not_replaced(
    entry: &EntryWithExplanation,
    entries: &[EntryWithExplanation],
    current: CurrentExplanations<'_>,
) -> String {
    let mut together = entries.iter().filter(|other| other.created_at == entry.created_at);
    if let Some(overridden) = together.find_map(|other| read(other)?.overridden) {
        return overridden.sentence();
    }
    let is_last = entries.iter().all(|other| other.created_at <= entry.created_at);
    let is_decided_later = current.decided.is_some_and(|at| at > entry.created_at);
    if is_last && !is_decided_later {
        reason_now(entry, current.parts)
    } else {
        "Replaced by a later calculation.".to_owned()
    }
}

/// Says why the current explanations award nothing for the reason of an entry.
fn reason_now(entry: &EntryWithExplanation, parts: &[&Explanation]) -> String {
    let excluded = parts.iter().find_map(|part| part.excluded.as_ref());
    if let Some(excluded) = excluded {
        return excluded.sentence();
    }
    if let Some(overridden) = parts.iter().find_map(|part| part.overridden) {
        return overridden.sentence();
    }
    let mut awards = parts.iter().flat_map(|part| &part.awards);
    match awards.find(|award| award.reason.code() == entry.reason) {
        Some(award) if award.points == 0 => {
            format!("The award is now 0: {}.", award.sentence())
        }
        Some(_) => "The points are pending until the pending period ends.".to_owned(),
        None => "The reason for the entry no longer applies.".to_owned(),
    }
}

/// Returns the differences between two explanations, one sentence each.
fn differences(old: Option<&Explanation>, new: Option<&Explanation>) -> Vec<String> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    match (old.overridden, new.overridden) {
        (old, Some(new)) if old != Some(new) => found.push(new.sentence()),
        (Some(_), None) => found.push("The decision about the points was lifted.".to_owned()),
        _ => {}
    }
    if old.at != new.at {
        let (new, old) = (Instant(new.at).minute(), Instant(old.at).minute());
        found.push(format!("The points were earned on {new}, not on {old}."));
    }
    if old.rules.pull != new.rules.pull {
        let (new, old) = (new.rules.pull, old.rules.pull);
        found.push(format!("The pull request is scored by version {new} of the rules, not {old}."));
    }
    if let (Some(old), Some(new)) = (old.awards.first(), new.awards.first()) {
        found.extend(steps(old, new));
        found.extend(ends(old, new));
    }
    found
}

/// Returns the steps with other evidence, points or factor than before. New factors that change nothing are left out.
fn steps(old: &Award, new: &Award) -> Vec<String> {
    let changed = |(place, now): (usize, &CalculationStep)| {
        let kind = discriminant(&now.evidence);
        let mut steps = old.steps.iter().enumerate();
        let before = steps.find(|(_, step)| discriminant(&step.evidence) == kind);
        match before {
            None if place > 0 && now.factor == Exact::ONE => None,
            None => Some(format!("Now: {}.", said(place, now))),
            Some((_, before)) if before.evidence == now.evidence && before.factor == now.factor => {
                None
            }
            Some((earlier, before)) => {
                Some(format!("Now: {}; before: {}.", said(place, now), said(earlier, before)))
            }
        }
    };
    new.steps.iter().enumerate().filter_map(changed).collect()
}

/// Names a step with its points, if it is the base, or its factor.
fn said(place: usize, step: &CalculationStep) -> String {
    let (name, _) = evidence::step(&step.evidence);
    let value = exact(step.factor);
    match (place, step.factor == Exact::ONE) {
        (0, true) => format!("{name}, {value} point"),
        (0, false) => format!("{name}, {value} points"),
        _ => format!("{name}, × {value}"),
    }
}

/// Returns the differences in low value and in the monthly cap.
fn ends(old: &Award, new: &Award) -> Vec<String> {
    let mut found = Vec::new();
    match (&old.low_value, &new.low_value) {
        (None, Some(_)) => found.push("The pull request now counts as low value.".to_owned()),
        (Some(_), None) => found.push("The pull request no longer counts as low value.".to_owned()),
        _ => {}
    }
    let bites =
        |award: &Award| award.cap.filter(|cap| cap.granted < cap.uncapped).map(|cap| cap.remaining);
    match (bites(old), bites(new)) {
        (before, Some(left)) if before != Some(left) => {
            found.push(format!(
                "The monthly cap limits the award to {}.",
                Number(left).of("point", "points")
            ));
        }
        (Some(_), None) => found.push("The monthly cap no longer limits the award.".to_owned()),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const NONE: CurrentExplanations<'static> = CurrentExplanations { parts: &[], decided: None };

    const fn of<'a>(parts: &'a [&'a Explanation]) -> CurrentExplanations<'a> {
        CurrentExplanations { parts, decided: None }
    }

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

    fn entry(
        generation: i64,
        kind: &str,
        points: i64,
        explanation: &Value,
    ) -> EntryWithExplanation {
        let at = "2026-11-09T14:20:00Z".parse().expect("an instant");
        EntryWithExplanation {
            id: Uuid::from_u128(generation.unsigned_abs().into()),
            source_kind: crate::model::SOURCE.to_owned(),
            source_id: Uuid::from_u128(1),
            kind: kind.to_owned(),
            reason: "pr_merged".to_owned(),
            points,
            occurred_at: at,
            created_at: at,
            generation,
            explanation: explanation.to_string(),
        }
    }

    #[test]
    fn a_reversal_names_the_changed_steps() {
        let entries = [
            entry(1, "AWARD", 40, &merged(6, "0.8", 40)),
            entry(2, "REVERSAL", -40, &json!({ "reverses_generation": 1 })),
            entry(3, "AWARD", 32, &merged(7, "0.64", 32)),
        ];
        assert_eq!(
            cause(&entries[1], &entries, NONE),
            [
                "This entry reverses the award of +40.",
                "Now: 7th merge of the month, × 0.64; before: 6th merge of the month, × 0.8.",
            ]
        );
        assert_eq!(
            cause(&entries[2], &entries, NONE),
            ["50 merged × 0.64 7th merge of the month = 32"]
        );
    }

    #[test]
    fn a_reversal_without_a_replacement_says_why() {
        let entries = [
            entry(1, "AWARD", 50, &merged(1, "1", 50)),
            entry(2, "REVERSAL", -50, &json!({ "reverses_generation": 1 })),
        ];
        let mut now = merged(1, "1", 50);
        now["awards"] = json!([]);
        now["excluded"] = json!({ "code": "self_merged" });
        let now: Explanation = serde_json::from_value(now).expect("an explanation");
        let said = cause(&entries[1], &entries, of(&[&now]));
        assert_eq!(
            said[1],
            "This pull request earns no points because its author merged it without a review by another person."
        );
    }

    /// Returns an explanation of points that a decision set, or of none.
    fn decided(points: i64) -> Value {
        let mut decided = merged(1, "1", points);
        decided["overridden"] = match points {
            0 => json!({ "code": "none" }),
            points => json!({ "code": "set", "points": points }),
        };
        decided["awards"][0]["steps"] = json!([
            { "evidence": { "code": "decision" }, "factor": "200", "product": "200" },
        ]);
        if points == 0 {
            decided["awards"] = json!([]);
        }
        decided
    }

    /// Returns the entries of a pull request whose points were set to 200, and then to none an hour later.
    fn set_then_none() -> [EntryWithExplanation; 6] {
        let reverses = |generation: i64| json!({ "reverses_generation": generation });
        let mut opened = entry(1, "AWARD", 10, &json!({}));
        let mut unopened = entry(2, "REVERSAL", -10, &reverses(1));
        for entry in [&mut opened, &mut unopened] {
            entry.reason = "pr_opened".to_owned();
        }
        let mut entries = [
            opened,
            entry(1, "AWARD", 50, &merged(1, "1", 50)),
            unopened,
            entry(2, "REVERSAL", -50, &reverses(1)),
            entry(3, "AWARD", 200, &decided(200)),
            entry(4, "REVERSAL", -200, &reverses(3)),
        ];
        for (entry, hours) in entries.iter_mut().zip([0, 0, 1, 1, 1, 2]) {
            entry.created_at += chrono::TimeDelta::hours(hours);
        }
        entries
    }

    #[test]
    fn a_reversal_keeps_its_reason_after_another_decision() {
        let entries = set_then_none();
        let none: Explanation = serde_json::from_value(decided(0)).expect("an explanation");
        let parts = [&none];
        let now = CurrentExplanations { parts: &parts, decided: Some(entries[5].created_at) };
        for reversal in [&entries[2], &entries[3]] {
            let said = cause(reversal, &entries, now);
            let set = "A decision set this pull request to 200 points.";
            assert_eq!(said[1], set, "{said:?}");
        }
        let said = cause(&entries[5], &entries, now);
        assert_eq!(said[1], "This pull request earns no points because of a decision.");
        let later = CurrentExplanations {
            decided: Some(entries[5].created_at + chrono::TimeDelta::hours(1)),
            ..now
        };
        let said = cause(&entries[5], &entries, later);
        assert_eq!(said[1], "Replaced by a later calculation.");
        let mut followed = entries.to_vec();
        let mut after = entry(1, "PENALTY", -20, &json!({}));
        after.reason = "spam".to_owned();
        after.created_at = entries[5].created_at + chrono::TimeDelta::hours(1);
        followed.push(after);
        let said = cause(&followed[5], &followed, now);
        assert_eq!(said[1], "Replaced by a later calculation.");
    }

    #[test]
    fn a_base_is_stated_as_points() {
        let reversal = json!({ "reverses_generation": 1 });
        for (old, new, expected) in [
            (merged(1, "1", 50), decided(200), "Now: Decision, 200 points."),
            (decided(200), merged(1, "1", 50), "Now: Merged, 50 points."),
        ] {
            let entries = [
                entry(1, "AWARD", 50, &old),
                entry(2, "REVERSAL", -50, &reversal),
                entry(3, "AWARD", 50, &new),
            ];
            let said = cause(&entries[1], &entries, NONE);
            assert_eq!(said[2..], [expected], "{said:?}");
        }
    }

    #[test]
    fn a_late_replacement_is_mentioned() {
        let mut again = entry(3, "AWARD", 50, &merged(1, "1", 50));
        again.created_at += chrono::TimeDelta::hours(1);
        let entries = [
            entry(1, "AWARD", 50, &merged(1, "1", 50)),
            entry(2, "REVERSAL", -50, &json!({ "reverses_generation": 1 })),
            again,
        ];
        let said = cause(&entries[1], &entries, NONE);
        assert!(said[1].contains("9 Nov 2026, 15:20 UTC"), "{said:?}");
    }

    #[test]
    fn an_entry_without_an_explanation_has_no_sentence() {
        let grant = entry(1, "AWARD", 5, &json!({ "seed": "granted" }));
        assert!(cause(&grant, std::slice::from_ref(&grant), NONE).is_empty());
    }
}
