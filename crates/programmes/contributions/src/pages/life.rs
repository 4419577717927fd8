//! The life of a pull request: its events on GitHub and its reviews here.

use github::reads::{LifeChange, LifeEvent};
use ui::{Tag, Who, format::Instant};

use super::state::state;
use crate::{
    model::{ReviewAction, ReviewVerdict},
    reads::{ExplainedPull, ReviewView},
    rules::{State, review::RELEASE_DAYS},
};

/// An event in the pull request's life.
pub(super) struct LifeRow {
    pub(super) shield: Tag,
    pub(super) words: String,
    /// The person who did it, if known.
    pub(super) by: Option<Who>,
    pub(super) at: Instant,
    /// The person's comment.
    pub(super) comment: Option<String>,
}

/// Returns every change of the pull request, oldest first.
pub(super) fn life(found: &ExplainedPull) -> Vec<LifeRow> {
    let moment = |code, words: &str, by, at: Option<_>| {
        at.map(|at| LifeRow {
            shield: state(code),
            words: words.to_owned(),
            by,
            at: Instant(at),
            comment: None,
        })
    };
    let contribution = &found.contribution;
    let closed = contribution.closed_at.filter(|_| contribution.merged_at.is_none());
    let author = found.author_who.clone();
    let began_as_draft =
        |event: &LifeEvent| event.change == LifeChange::Draft && event.at <= contribution.opened_at;
    let opened = if found.life.iter().any(began_as_draft) { "Opened as a draft" } else { "Opened" };
    let later = found.life.iter().filter(|event| !began_as_draft(event));
    let opened = moment(State::Open, opened, author, Some(contribution.opened_at));
    let merged = moment(State::Merged, "Merged", None, contribution.merged_at);
    let closed = moment(State::Closed, "Closed without a merge", None, closed);
    let later = later.map(|event| changed_by(event, found));
    let mut life: Vec<_> = opened.into_iter().chain(later).collect();
    life.extend(found.reviews.iter().map(reviewed));
    life.extend(merged.into_iter().chain(closed));
    // What happened at the same time stays in this order: opened, reviewed, ended.
    life.sort_by_key(|moment| moment.at);
    life
}

fn changed_by(event: &LifeEvent, found: &ExplainedPull) -> LifeRow {
    let (code, words) = match event.change {
        LifeChange::Draft => (State::Open, "Became a draft"),
        LifeChange::Ready => (State::Open, "Ready for review"),
        LifeChange::Approved => (State::Approved, "Approved"),
        LifeChange::ChangesRequested => (State::ChangesRequested, "Changes requested"),
        LifeChange::Commented => (State::UnderReview, "Reviewed"),
        LifeChange::Dismissed => (State::UnderReview, "Review dismissed"),
    };
    let who = event.by.and_then(|id| found.people.get(&id.into()));
    LifeRow {
        shield: state(code),
        words: words.to_owned(),
        by: who.cloned(),
        at: Instant(event.at),
        comment: None,
    }
}

/// Returns a review that was given here.
fn reviewed(review: &ReviewView) -> LifeRow {
    let words = match review.action {
        ReviewAction::Released if review.is_automatic => {
            format!("Review given back after {RELEASE_DAYS} idle days")
        }
        ReviewAction::Overrode => {
            let decision = review.decision.map_or("", |decision| decision.words());
            format!("Conflict decided: {decision}")
        }
        action => action.words().to_owned(),
    };
    let words = match (review.action, review.rating) {
        (_, None) => words,
        (ReviewAction::Rated, Some(rating)) => format!("{words} {rating}"),
        (_, Some(rating)) => format!("{words}, rated {rating},"),
    };
    LifeRow {
        shield: shield(review),
        words,
        by: (!review.is_automatic).then(|| review.who.clone()),
        at: Instant(review.at),
        comment: review.public_comment.clone(),
    }
}

fn shield(review: &ReviewView) -> Tag {
    let (class, word) = match review.action {
        ReviewAction::Started => return state(State::UnderReview),
        ReviewAction::RequestedChanges => return state(State::ChangesRequested),
        ReviewAction::Approved => return state(State::Approved),
        ReviewAction::Released => return state(State::Open),
        ReviewAction::Overrode => {
            return match review.decision {
                Some(ReviewVerdict::Approved) => state(State::Approved),
                Some(ReviewVerdict::ChangesRequested) => state(State::ChangesRequested),
                None => Tag { class: "t-argent", word: "Unknown" },
            };
        }
        ReviewAction::Rejected => ("t-sable", "Rejected"),
        ReviewAction::Commented => ("t-argent", "Comment"),
        ReviewAction::Rated => ("t-azure", "Rating"),
        ReviewAction::MarkedSpam => ("t-gules", "Spam"),
        ReviewAction::UnmarkedSpam => ("t-argent", "Not spam"),
        ReviewAction::MarkedLowValue => ("t-or", "Low value"),
        ReviewAction::UnmarkedLowValue => ("t-argent", "Mark removed"),
    };
    Tag { class, word }
}
