//! Merges the statements about a review. The result depends only on their set, not on their order of arrival or their
//! repetition, and a statement that leaves something out never removes it.

use kernel::Timestamp;

use crate::model::{DISMISSED, StatedReview};

/// Merges two statements about a review. A dismissal is final, and counts from the first statement of it. Otherwise,
/// the state is the newest one. Everything else is what either states.
#[must_use]
pub(crate) fn merged(a: StatedReview, b: StatedReview) -> StatedReview {
    let (mut review, other) = if strength(&a) >= strength(&b) { (a, b) } else { (b, a) };
    if other.reviewer_github_id > review.reviewer_github_id {
        review.reviewer_github_id = other.reviewer_github_id;
        review.reviewer_id = other.reviewer_id;
    }
    review.reviewer_is_bot = review.reviewer_is_bot.max(other.reviewer_is_bot);
    review.submitted_at = review.submitted_at.min(other.submitted_at);
    review.seen_at = review.seen_at.max(other.seen_at);
    review.dismissed_at = earliest(review.dismissed_at, other.dismissed_at);
    if rights(&other) > rights(&review) {
        review.author_association = other.author_association;
    }
    review
}

/// Returns the sort key of a review's state: dismissed is final; then the newest wins; ties are broken by content.
fn strength(review: &StatedReview) -> (bool, Timestamp, &str) {
    let state = review.state.as_str();
    (state == DISMISSED, review.seen_at, state)
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.into_iter().chain(b).min()
}

/// GitHub's associations, from the fewest to the most rights in the repository.
const ASSOCIATIONS: [&str; 4] = ["CONTRIBUTOR", "COLLABORATOR", "MEMBER", "OWNER"];

/// Returns the sort key of a review's association: the reviewer keeps the most rights that they had. An unknown one
/// ranks below all known ones.
fn rights(review: &StatedReview) -> (Option<usize>, Option<&str>) {
    let association = review.author_association.as_deref();
    let known = association.and_then(|own| ASSOCIATIONS.iter().position(|known| *known == own));
    (known, association)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option, prelude::*, sample::select};
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_timestamp(1_790_000_000 + second, 0).expect("an instant")
    }

    fn stated(second: i64, state: &str) -> StatedReview {
        StatedReview {
            github_id: 1,
            pull_request_id: Uuid::nil(),
            reviewer_id: None,
            reviewer_github_id: None,
            reviewer_is_bot: None,
            state: state.to_owned(),
            submitted_at: at(second),
            author_association: None,
            seen_at: at(second),
            dismissed_at: (state == DISMISSED).then(|| at(second)),
        }
    }

    fn all(statements: &[StatedReview]) -> StatedReview {
        let mut statements = statements.iter().cloned();
        let first = statements.next().expect("a statement");
        statements.fold(first, merged)
    }

    #[test]
    fn a_partial_statement_removes_nothing() {
        let full = StatedReview {
            reviewer_github_id: Some(7),
            reviewer_id: Some(Uuid::max()),
            reviewer_is_bot: Some(true),
            author_association: Some("MEMBER".to_owned()),
            ..stated(1, "approved")
        };
        for statements in
            [[full.clone(), stated(9, "approved")], [stated(9, "approved"), full.clone()]]
        {
            let review = all(&statements);
            let expected = StatedReview { seen_at: at(9), ..full.clone() };
            assert_eq!(review, expected);
        }
    }

    #[test]
    fn a_dismissal_is_final_and_counts_from_its_first_statement() {
        let review = all(&[
            stated(9, DISMISSED),
            stated(1, "approved"),
            stated(5, DISMISSED),
            stated(12, "approved"),
        ]);
        assert_eq!((review.state.as_str(), review.dismissed_at), (DISMISSED, Some(at(5))));
        assert_eq!(all(&[stated(1, "approved")]).dismissed_at, None);
    }

    fn statement() -> impl Strategy<Value = StatedReview> {
        let states = select(vec!["approved", "commented", DISMISSED]);
        let associations = vec!["OWNER", "MEMBER", "CONTRIBUTOR", "NONE", "MANNEQUIN"];
        (
            0..4_i64,
            0..4_i64,
            states,
            option::of(1..3_u8),
            option::of(any::<bool>()),
            option::of(select(associations)),
        )
            .prop_map(|(second, submitted, state, who, is_bot, association)| {
                StatedReview {
                    reviewer_github_id: who.map(i64::from),
                    reviewer_id: who.map(|who| Uuid::from_u128(who.into())),
                    reviewer_is_bot: is_bot,
                    author_association: association.map(str::to_owned),
                    submitted_at: at(submitted),
                    ..stated(second, state)
                }
            })
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(
            statements in vec(statement(), 1..6),
            seed in vec(any::<prop::sample::Index>(), 0..8),
        ) {
            let mut shuffled: Vec<_> = seed.iter().map(|index| index.get(&statements).clone()).collect();
            shuffled.extend(statements.iter().rev().cloned());
            prop_assert_eq!(all(&statements), all(&shuffled));
        }
    }
}
