use kernel::{Problem, ProblemKind, Timestamp};

use super::{PullEnd, ReviewState, Reviewer};
use crate::{model::ReviewAction, rules::State};

/// An action that someone wants to take on a pull request.
#[derive(Clone, Copy, Debug)]
pub struct ReviewRequest<'a> {
    pub action: ReviewAction,
    /// The person.
    pub by: Reviewer,
    pub review_state: &'a ReviewState,
    /// Its end on GitHub.
    pub ended: PullEnd,
    /// True if a maintainer's mark as spam holds.
    pub is_spam: bool,
    /// True if a maintainer's mark as low value holds.
    pub is_low_value: bool,
    /// When its facts close; absent while it is open.
    pub closes_at: Option<Timestamp>,
}

/// Checks whether the state of a pull request permits an action at a time.
///
/// # Errors
/// When it does not. The error names the present state and the next step.
pub fn permit(asked: &ReviewRequest<'_>, now: Timestamp) -> Result<(), Problem> {
    if asked.closes_at.is_some_and(|closes_at| closes_at < now) {
        let detail = "Reviews of this pull request are closed, because its facts are final. \
                      They close 7 days after the merge or close, or when its points mature, if that is later.";
        return Err(Problem::new(ProblemKind::Conflict, "REVIEWS_CLOSED", detail));
    }
    match asked.action {
        ReviewAction::Commented | ReviewAction::Rated => Ok(()),
        ReviewAction::MarkedSpam => marks(!asked.is_spam, "It is already marked as spam."),
        ReviewAction::UnmarkedSpam => marks(asked.is_spam, "No maintainer marked it as spam."),
        ReviewAction::MarkedLowValue => {
            marks(!asked.is_low_value, "It is already marked as low value.")
        }
        ReviewAction::UnmarkedLowValue => {
            marks(asked.is_low_value, "No maintainer marked it as low value.")
        }
        ReviewAction::Overrode => overrides(asked),
        ReviewAction::Started => moves(asked, State::UnderReview),
        ReviewAction::RequestedChanges => moves(asked, State::ChangesRequested),
        ReviewAction::Approved => moves(asked, State::Approved),
        ReviewAction::Rejected => moves(asked, State::Closed),
        ReviewAction::Released => releases(asked),
    }
}

fn marks(is_change: bool, detail: &str) -> Result<(), Problem> {
    if is_change { Ok(()) } else { Err(not_possible(detail)) }
}

fn not_possible(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Conflict, "REVIEW_NOT_POSSIBLE", detail)
}

/// Refuses what GitHub has ended.
fn is_open(asked: &ReviewRequest<'_>) -> Result<(), Problem> {
    if asked.ended.merged_at.is_some() {
        return Err(not_possible(
            "It is merged, which is final. You can still rate it and comment on it.",
        ));
    }
    if asked.ended.closed_at.is_some() {
        return Err(not_possible("It is closed on GitHub. Reopen it there first."));
    }
    Ok(())
}

/// Checks a change of the state by the table. A person whose own review has begun may decide, whatever others decided
/// meanwhile: the majority of the votes is then the state.
fn moves(asked: &ReviewRequest<'_>, to: State) -> Result<(), Problem> {
    is_open(asked)?;
    let ReviewState { state, under_review, .. } = asked.review_state;
    let from = match state {
        State::Approved | State::ChangesRequested if under_review.contains_key(&asked.by) => {
            State::UnderReview
        }
        state => *state,
    };
    if from.may_become(to) {
        return Ok(());
    }
    let next = match (state, to) {
        (State::Closed, _) => "Reopen it first.",
        (State::Approved, _) => "Request changes, or approve it too.",
        _ => "Start a review first.",
    };
    Err(not_possible(format!("It is {}. {next}", state.words())))
}

fn releases(asked: &ReviewRequest<'_>) -> Result<(), Problem> {
    moves(asked, State::Open)?;
    let ReviewState { votes, under_review, is_rejected, state, .. } = asked.review_state;
    let is_theirs = votes.contains_key(&asked.by) || under_review.contains_key(&asked.by);
    if is_theirs || *is_rejected {
        return Ok(());
    }
    Err(not_possible(format!(
        "It is {}, and you have no review of it to give back.",
        state.words()
    )))
}

fn overrides(asked: &ReviewRequest<'_>) -> Result<(), Problem> {
    is_open(asked)?;
    if asked.review_state.has_conflict() && !asked.review_state.is_rejected {
        return Ok(());
    }
    Err(not_possible(format!(
        "It is {}, and no reviews contradict each other. Only a conflict can be overridden.",
        asked.review_state.state.words()
    )))
}
