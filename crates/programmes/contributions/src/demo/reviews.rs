//! Reviews and ratings by maintainers of the season, given like on the pages.

use chrono::TimeDelta;
use github::{model::PullRequestId, reads::PullRequest};
use identity::model::UserId;
use testkit::season::SeasonProject;

use super::stage::{DemoSeason, unless_over};
use crate::{
    actions::{NewReview, ReviewingMaintainer, give_review},
    model::ReviewAction::{
        self, Approved, Commented, MarkedSpam, Rated, Rejected, RequestedChanges, Started,
    },
    reads::{self, ContributionPart},
    rules::review::ReviewWords,
};

/// A review of highlights: their tag, the maintainer of their project, the action, the rating (0 for none), and the comments for
/// everyone and for maintainers.
struct PlannedReview {
    tag: &'static str,
    by: usize,
    action: ReviewAction,
    rating: i64,
    public: &'static str,
    internal: &'static str,
}

const fn planned(tag: &'static str, by: usize, action: ReviewAction) -> PlannedReview {
    PlannedReview { tag, by, action, rating: 0, public: "", internal: "" }
}

impl PlannedReview {
    const fn rated(self, rating: i64) -> Self {
        Self { rating, ..self }
    }

    const fn says(self, public: &'static str) -> Self {
        Self { public, ..self }
    }

    const fn notes(self, internal: &'static str) -> Self {
        Self { internal, ..self }
    }

    fn review(&self) -> NewReview {
        NewReview {
            action: self.action,
            rating: (self.rating > 0).then_some(self.rating),
            decision: None,
            words: ReviewWords {
                public_comment: Some(self.public.to_owned()),
                internal_comment: Some(self.internal.to_owned()),
            },
        }
    }
}

/// The reviews of highlights, in order.
const PLAN: &[PlannedReview] = &[
    planned("started", 0, Started),
    planned("changes", 0, Started),
    planned("changes", 0, RequestedChanges)
        .says("Please cover the reload with a test.")
        .notes("A first contribution: be specific."),
    planned("approved", 1, Started),
    planned("approved", 1, Approved).rated(4).says("Ready to be merged."),
    planned("conflict", 0, Started),
    planned("conflict", 0, Approved).says("Good for the next release."),
    planned("conflict", 2, RequestedChanges).says("The stored layouts need a migration."),
    planned("discussed", 2, Commented).says("Which browsers did you try?"),
    planned("discussed", 0, Commented).notes("Wait for the next release."),
    planned("rejected", 2, Rejected).says("A plugin belongs in a repository of its own."),
    planned("spam", 0, MarkedSpam).says("This adds nothing to the project."),
    planned("rated-twice", 1, Rated).rated(5).says("Clear, tested and easy to follow."),
    planned("rated-twice", 2, Rated).rated(4).notes("One more case could be tested."),
    planned("with-docs", 0, Rated).rated(5).says("Thank you for the documentation."),
    planned("refactoring", 1, Rated).rated(3),
    planned("untested", 2, Rated).rated(2).says("It works, but nothing tests it."),
    planned("careless", 0, Rated).rated(1).says("Half of the list is out of date."),
    planned("tests-only", 1, Rated).rated(4),
    planned("of-second", 2, Rated).rated(5),
    planned("of-third", 1, Rated).rated(5),
];

/// The number of recent merges of each project that are rated, at most one by each maintainer, and of those considered.
const RATED: usize = 3;
const CONSIDERED: i64 = 60;

/// Reviews close 7 days after a merge. One day is left, in which an interrupted demo can be continued.
const RECENT: TimeDelta = TimeDelta::days(6);

/// The ratings, by the number of the pull request.
const RATINGS: [i64; 7] = [4, 5, 3, 4, 2, 5, 4];

/// Of the older pull requests of the first project, those whose number it divides wait for the first maintainer; and the number of
/// those considered.
const WAITING: usize = 9;
const OLDER: i64 = 300;

/// The requests of its other maintainers in the older ones.
const ASKED: [&str; 4] = [
    "Good idea. Please add a test for the empty case.",
    "Can you split this? The renames hide the change.",
    "The guide still describes the old behavior. Please update it as well.",
    "This fails with two clocks that differ. See the note in the issue.",
];

/// Gives all reviews that were not given before.
pub(super) async fn give(stage: &DemoSeason<'_>) -> anyhow::Result<()> {
    for planned in PLAN {
        let by = stage.person(stage.maintainer(planned.by))?;
        for highlight in &stage.highlights.pulls {
            if highlight.tag == planned.tag {
                let pull = stage.pull(highlight).await?;
                give_once(stage, by, pull, planned.review()).await?;
            }
        }
    }
    for project in &stage.season.projects {
        rate_recent(stage, project).await?;
    }
    match stage.season.projects.first() {
        Some(project) => catch_up(stage, project).await,
        None => Ok(()),
    }
}

/// Lets the other maintainers of a project review its older pull requests, so that some are left for the first one.
async fn catch_up(stage: &DemoSeason<'_>, project: &SeasonProject) -> anyhow::Result<()> {
    let db = &stage.context.db;
    let Some(id) = reads::project_id(db, &project.slug).await? else {
        return Ok(());
    };
    let waiting = reads::of_project(db, id, ContributionPart::NeedsReview, None, OLDER).await?;
    let pulls = reads::pull_requests(db, &waiting).await?;
    let mut maintainers: Vec<UserId> = Vec::new();
    for account in &project.maintainers {
        maintainers.push(stage.person(account)?);
    }
    let Some((first, others)) = maintainers.split_first() else {
        return Ok(());
    };
    let pulls = waiting.iter().filter_map(|row| pulls.get(&row.pull_request_id));
    let pulls = pulls.filter(|pull| is_drawn(stage, pull) && author_of(pull) != Some(*first));
    for pull in pulls {
        let number = pull.number.unsigned_abs() as usize;
        let mut reviewers = others.iter().cycle().skip(number).take(others.len());
        let reviewer = reviewers.find(|own| author_of(pull) != Some(**own));
        let Some(by) = reviewer.filter(|_| !number.is_multiple_of(WAITING)) else {
            continue;
        };
        let decision = match is_update(pull) {
            true => planned("", 0, Approved).says("All checks pass."),
            false => planned("", 0, RequestedChanges).says(ASKED[number % ASKED.len()]),
        };
        give_once(stage, *by, pull.id.into(), planned("", 0, Started).review()).await?;
        give_once(stage, *by, pull.id.into(), decision.review()).await?;
    }
    Ok(())
}

/// Gives a review, unless the person took the same action before.
async fn give_once(
    stage: &DemoSeason<'_>,
    person: UserId,
    pull: PullRequestId,
    new: NewReview,
) -> anyhow::Result<()> {
    let earlier = reads::reviews(&stage.context.db, pull).await?;
    let is_same =
        |review: &reads::ReviewView| review.reviewer_id == person && review.action == new.action;
    if earlier.iter().any(is_same) {
        return Ok(());
    }
    let by = ReviewingMaintainer { person, may_override: false };
    unless_over(give_review(stage.context, by, pull, new).await)?;
    Ok(())
}

/// Has the maintainers of a project rate its latest merges in turn.
async fn rate_recent(stage: &DemoSeason<'_>, project: &SeasonProject) -> anyhow::Result<()> {
    let db = &stage.context.db;
    let Some(id) = reads::project_id(db, &project.slug).await? else {
        return Ok(());
    };
    let since = stage.context.now() - RECENT;
    let mut merged = reads::of_project(db, id, ContributionPart::Merged, None, CONSIDERED).await?;
    merged.retain(|row| row.merged_at.is_some_and(|at| at > since));
    let pulls = reads::pull_requests(db, &merged).await?;
    let mut maintainers: Vec<UserId> = Vec::new();
    for account in &project.maintainers {
        maintainers.push(stage.person(account)?);
    }
    let mut raters = maintainers.iter().take(RATED);
    for row in &merged {
        let Some(pull) = pulls.get(&row.pull_request_id) else {
            continue;
        };
        if !is_ratable(stage, pull, &maintainers) {
            continue;
        }
        let Some(rater) = raters.next() else { break };
        let rating = RATINGS[pull.number.unsigned_abs() as usize % RATINGS.len()];
        let review = planned("", 0, Rated).rated(rating).review();
        give_once(stage, *rater, pull.id.into(), review).await?;
    }
    Ok(())
}

/// Returns whether a merge is neither a highlight, nor by a maintainer, nor an update by an app, which earns nothing.
fn is_ratable(stage: &DemoSeason<'_>, pull: &PullRequest, maintainers: &[UserId]) -> bool {
    let is_own = author_of(pull).is_some_and(|author| maintainers.contains(&author));
    !is_own && !is_update(pull) && is_drawn(stage, pull)
}

fn author_of(pull: &PullRequest) -> Option<UserId> {
    pull.author_id.map(UserId::new)
}

/// Returns whether an app opened a pull request, to update a dependency.
fn is_update(pull: &PullRequest) -> bool {
    pull.title.starts_with("chore(deps)")
}

/// Returns whether a pull request is in no repository of the highlights.
fn is_drawn(stage: &DemoSeason<'_>, pull: &PullRequest) -> bool {
    let mut written = stage.highlights.pulls.iter();
    written.all(|own| own.repo.full_name() != pull.full_name)
}
