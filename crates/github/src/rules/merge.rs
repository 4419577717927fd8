//! The person who decided that a pull request is merged.

use crate::model::Facts;

/// The decision to merge a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergeDecision {
    /// GitHub's ID of the person.
    pub by: i64,
    pub way: MergeWay,
}

/// How a person decided that a pull request is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeWay {
    /// They enabled auto-merge.
    AutoMerge,
    /// They added it to the merge queue.
    MergeQueue,
    /// They merged it.
    Merge,
}

/// Returns who decided the merge: the person who enabled auto-merge, or else the person who added it to the merge
/// queue, or else the one who merged it. With auto-merge or a queue, GitHub names a bot as the merger, or the last
/// person who did something.
#[must_use]
pub fn decision(facts: &Facts) -> Option<MergeDecision> {
    let requested = |request: Option<crate::model::MergeRequest>, way| {
        let by = request?.by()?;
        Some(MergeDecision { by, way })
    };
    let merged = || Some(MergeDecision { by: facts.merged_by_id?, way: MergeWay::Merge });
    requested(facts.auto_merge, MergeWay::AutoMerge)
        .or_else(|| requested(facts.merge_queue, MergeWay::MergeQueue))
        .or_else(merged)
}

/// Returns whether a pull request left the merge queue because it was merged, by GitHub's reason.
#[must_use]
pub fn ends_in_merge(reason: Option<&str>) -> bool {
    let merged = ["MERGE", "MERGED", "ALREADY_MERGED"];
    reason.is_some_and(|reason| merged.iter().any(|merged| reason.eq_ignore_ascii_case(merged)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::MergeRequest::{self, By, Withdrawn};

    #[test]
    fn auto_merge_comes_before_the_queue_and_the_queue_before_the_merger() {
        use MergeWay::{AutoMerge, Merge, MergeQueue};
        type Case =
            (Option<MergeRequest>, Option<MergeRequest>, Option<i64>, Option<(i64, MergeWay)>);
        let cases: [Case; 9] = [
            (None, None, None, None),
            (None, None, Some(3), Some((3, Merge))),
            (Some(By(1)), None, None, Some((1, AutoMerge))),
            (Some(By(1)), Some(By(2)), Some(3), Some((1, AutoMerge))),
            (None, Some(By(2)), Some(3), Some((2, MergeQueue))),
            (Some(Withdrawn), Some(By(2)), Some(3), Some((2, MergeQueue))),
            (Some(Withdrawn), None, Some(3), Some((3, Merge))),
            (None, Some(Withdrawn), Some(3), Some((3, Merge))),
            (Some(Withdrawn), Some(Withdrawn), None, None),
        ];
        for (auto_merge, merge_queue, merged_by_id, expected) in cases {
            let facts = Facts { auto_merge, merge_queue, merged_by_id, ..Facts::default() };
            let found = decision(&facts).map(|decision| (decision.by, decision.way));
            assert_eq!(found, expected, "{auto_merge:?} {merge_queue:?} {merged_by_id:?}");
        }
    }

    #[test]
    fn a_conflict_is_not_a_merge() {
        for (reason, expected) in [
            (Some("MERGE"), true),
            (Some("merge"), true),
            (Some("ALREADY_MERGED"), true),
            (Some("MERGE_CONFLICT"), false),
            (Some("MANUAL"), false),
            (None, false),
        ] {
            assert_eq!(ends_in_merge(reason), expected, "{reason:?}");
        }
    }

    #[test]
    fn facts_without_requests_are_stored_as_before() {
        let stored = r#"{"merged_by_id":3}"#;
        let facts: Facts = serde_json::from_str(stored).expect("facts");
        assert_eq!((facts.auto_merge, facts.merge_queue), (None, None));
        assert_eq!(serde_json::to_string(&facts).expect("JSON"), stored);
        let facts = Facts { auto_merge: Some(By(1)), merge_queue: Some(Withdrawn), ..facts };
        let stored = serde_json::to_string(&facts).expect("JSON");
        assert_eq!(stored, r#"{"merged_by_id":3,"auto_merge":{"by":1},"merge_queue":"withdrawn"}"#);
        assert_eq!(serde_json::from_str::<Facts>(&stored).expect("facts"), facts);
    }
}
