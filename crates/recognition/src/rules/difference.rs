use std::{collections::BTreeMap, sync::Arc};

use serde_json::json;

use crate::model::{Entitlement, Entry, EntryKind, Posting, Source};

/// Identifies an entitlement. At most one per key is live at a time.
pub type EntitlementKey = (Source, &'static str);

/// Returns the entries that make the ledger's `posted` entries of the keys in `scope` match `wanted`. A key
/// in `scope` that is not wanted is reversed.
#[must_use]
pub fn difference(
    scope: &[EntitlementKey],
    posted: &[Entry],
    wanted: Vec<Entitlement>,
) -> Vec<Posting> {
    let last = last_entries(posted);
    let mut wanted: BTreeMap<EntitlementKey, Entitlement> = wanted
        .into_iter()
        .map(|entitlement| ((entitlement.source, entitlement.reason), entitlement))
        .collect();
    let mut scope: Vec<EntitlementKey> =
        scope.iter().copied().chain(wanted.keys().copied()).collect();
    scope.sort_unstable();
    scope.dedup();
    let mut postings = Vec::new();
    for key in scope {
        let last = last.get(&(key.0.kind, key.0.id, key.1)).copied();
        reconcile(key, last, wanted.remove(&key), &mut postings);
    }
    postings
}

/// Returns the entry with the highest generation of each source and reason.
fn last_entries(posted: &[Entry]) -> BTreeMap<(&str, uuid::Uuid, &str), &Entry> {
    let mut last: BTreeMap<_, &Entry> = BTreeMap::new();
    for entry in posted {
        let slot = last
            .entry((entry.source_kind.as_str(), entry.source_id, entry.reason.as_str()))
            .or_insert(entry);
        if entry.generation > slot.generation {
            *slot = entry;
        }
    }
    last
}

fn reconcile(
    key: EntitlementKey,
    last: Option<&Entry>,
    wanted: Option<Entitlement>,
    postings: &mut Vec<Posting>,
) {
    let mut generation = last.map_or(0, |entry| entry.generation);
    let live = last.filter(|entry| entry.kind != EntryKind::Reversal.as_str());
    if let (Some(live), Some(wanted)) = (live, &wanted)
        && is_same(live, wanted)
    {
        return;
    }
    if let Some(live) = live {
        generation += 1;
        postings.push(reversal(key, live, generation));
    }
    if let Some(entitlement) = wanted {
        generation += 1;
        postings.push(Posting {
            kind: entitlement.kind,
            entitlement,
            generation,
            reverses_id: None,
        });
    }
}

fn is_same(live: &Entry, wanted: &Entitlement) -> bool {
    live.user_id == wanted.user_id.0
        && live.kind == wanted.kind.as_str()
        && live.points == wanted.points
        && live.occurred_at == wanted.occurred_at
        && live_boards(live) == *wanted.boards
}

fn live_boards(live: &Entry) -> Vec<String> {
    serde_json::from_str(&live.boards).unwrap_or_default()
}

fn reversal((source, reason): EntitlementKey, live: &Entry, generation: i64) -> Posting {
    Posting {
        kind: EntryKind::Reversal,
        generation,
        reverses_id: Some(live.id),
        entitlement: Entitlement {
            user_id: live.user_id.into(),
            identity_id: live.identity_id.into(),
            source,
            reason,
            kind: EntryKind::Reversal,
            points: -live.points,
            occurred_at: live.occurred_at,
            boards: Arc::from(live_boards(live)),
            explanation: json!({ "reverses_generation": live.generation }).to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const KEY: EntitlementKey =
        (Source { kind: "pull_request", id: Uuid::from_u128(7) }, "pr_merged");

    fn wanted(points: i64) -> Entitlement {
        Entitlement {
            user_id: Uuid::from_u128(1).into(),
            identity_id: Uuid::from_u128(2).into(),
            source: KEY.0,
            reason: KEY.1,
            kind: EntryKind::Award,
            points,
            occurred_at: "2026-10-02T08:00:00Z".parse().expect("an instant"),
            boards: Arc::from(["global".to_owned()]),
            explanation: String::new(),
        }
    }

    /// Returns the ledger after `postings` are written to `posted`.
    fn written(mut posted: Vec<Entry>, postings: Vec<Posting>) -> Vec<Entry> {
        for posting in postings {
            let Posting { entitlement, kind, generation, .. } = posting;
            posted.push(Entry {
                id: Uuid::from_u128(generation.unsigned_abs().into()),
                user_id: entitlement.user_id.0,
                identity_id: entitlement.identity_id.0,
                source_kind: entitlement.source.kind.to_owned(),
                source_id: entitlement.source.id,
                reason: entitlement.reason.to_owned(),
                generation,
                kind: kind.as_str().to_owned(),
                points: entitlement.points,
                occurred_at: entitlement.occurred_at,
                boards: serde_json::to_string(&*entitlement.boards).expect("JSON"),
            });
        }
        posted
    }

    fn kinds(ledger: &[Entry]) -> Vec<(&str, i64)> {
        ledger.iter().map(|entry| (entry.kind.as_str(), entry.points)).collect()
    }

    #[test]
    fn only_the_difference_is_posted() {
        let ledger = written(vec![], difference(&[KEY], &[], vec![wanted(50)]));
        assert_eq!(kinds(&ledger), [("AWARD", 50)]);
        assert_eq!(difference(&[KEY], &ledger, vec![wanted(50)]), []);

        let ledger = written(ledger.clone(), difference(&[KEY], &ledger, vec![wanted(60)]));
        assert_eq!(kinds(&ledger), [("AWARD", 50), ("REVERSAL", -50), ("AWARD", 60)]);
        assert_eq!(difference(&[KEY], &ledger, vec![wanted(60)]), []);

        let ledger = written(ledger.clone(), difference(&[KEY], &ledger, vec![]));
        assert_eq!(ledger.iter().map(|entry| entry.points).sum::<i64>(), 0);
        assert_eq!(difference(&[KEY], &ledger, vec![]), []);

        let again = difference(&[KEY], &ledger, vec![wanted(60)]);
        assert_eq!((again.len(), again[0].generation), (1, 5));
    }

    #[test]
    fn an_award_with_another_time_is_posted_again() {
        let ledger = written(vec![], difference(&[KEY], &[], vec![wanted(50)]));
        let later = Entitlement {
            occurred_at: "2026-11-02T08:00:00Z".parse().expect("an instant"),
            ..wanted(50)
        };
        let postings = difference(&[KEY], &ledger, vec![later]);
        assert_eq!(postings.len(), 2);
        assert_eq!(postings[0].reverses_id, Some(ledger[0].id));
        assert_eq!(postings[0].entitlement.occurred_at, ledger[0].occurred_at);
    }

    #[test]
    fn keys_out_of_scope_are_unchanged() {
        let ledger = written(vec![], difference(&[KEY], &[], vec![wanted(50)]));
        assert_eq!(difference(&[], &ledger, vec![]), []);
    }
}
