//! The parts of the page that visitors see first, as data of modules: the application composes it.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::BoxFuture;
use kernel::Timestamp;
use uuid::Uuid;

use super::{EventDate, EventMoment};
use crate::{Context, flags::Flag, web::WebError};

/// A module's part of the visitors' page.
#[derive(Clone, Copy, Debug)]
pub struct FrontSource {
    /// The flag that hides it unless it is on for everyone.
    pub flag: Option<&'static Flag>,
    pub read: FrontFn,
    /// Finds who reviews the issues of all modules; absent if the module knows no reviewers.
    pub reviewers: Option<ReviewersFn>,
}

/// A function that reads a module's part of the visitors' page, which is cached and the same for everyone.
pub type FrontFn =
    for<'a> fn(&'a Context, &'a axum::http::Extensions) -> BoxFuture<'a, Result<Front, WebError>>;

/// A function that finds the people who review what others do in repositories, by repository, those to name first before others.
pub type ReviewersFn =
    for<'a> fn(
        &'a Context,
        Vec<Uuid>,
    ) -> BoxFuture<'a, Result<HashMap<Uuid, Vec<FrontReviewer>>, WebError>>;

/// The parts of the visitors' page, from one module or from all.
#[derive(Clone, Debug, Default)]
pub struct Front {
    /// Seasons and events that run now, come, or were over lately.
    pub running: Vec<FrontEvent>,
    /// Issues that people can claim, best first.
    pub issues: Vec<FrontIssue>,
    /// Moments of the last days.
    pub moments: Vec<FrontMoment>,
    /// The number of open issues in the list behind them.
    pub open_issues: Option<i64>,
}

impl Front {
    /// Adds the parts of another module.
    pub fn add(&mut self, other: Self) {
        self.running.extend(other.running);
        self.issues.extend(other.issues);
        self.moments.extend(other.moments);
        self.open_issues = self.open_issues.or(other.open_issues);
    }

    /// Adds the reviewers of the issues that a module knows. Without issues, it is not asked.
    pub(super) async fn add_reviewers(
        &mut self,
        context: &Context,
        find: ReviewersFn,
    ) -> Result<(), WebError> {
        let repositories: BTreeSet<Uuid> =
            self.issues.iter().map(|issue| issue.repository_id).collect();
        if repositories.is_empty() {
            return Ok(());
        }
        let found = find(context, repositories.into_iter().collect()).await?;
        for issue in &mut self.issues {
            issue.reviewers.extend(found.get(&issue.repository_id).into_iter().flatten().cloned());
        }
        Ok(())
    }
}

/// A season or an event.
#[derive(Clone, Debug)]
pub struct FrontEvent {
    pub title: String,
    pub address: String,
    /// A line about it.
    pub line: String,
    pub moment: EventMoment,
    /// The date that comes next, else the last one.
    pub date: EventDate,
    /// True if people can join it now.
    pub takes_people: bool,
    /// The text of its button.
    pub action: &'static str,
    /// The number reached, the number of all, and their words, such as "places taken".
    pub progress: Option<(i64, i64, &'static str)>,
    /// The consequence of the progress, in a sentence; may be empty.
    pub note: String,
    /// A few words beside its button, such as "38 people are in"; may be empty.
    pub aside: String,
    /// The kind and the name of the picture that is drawn for it.
    pub picture: (&'static str, String),
    /// The path of its own picture, which is shown instead.
    pub stored: Option<String>,
}

/// An issue that people can claim.
#[derive(Clone, Debug)]
pub struct FrontIssue {
    pub title: String,
    pub address: String,
    /// A line of its description.
    pub line: String,
    pub language: Option<String>,
    /// The difficulty and the time, such as "easy, 1–2 h".
    pub effort: String,
    pub repository: String,
    pub repository_id: Uuid,
    /// How soon its maintainers answer, or whom it suits; may be empty.
    pub answers: String,
    /// The reviewers of it, of whom a page names the first that it may. The module of the issue leaves them out, and those that
    /// know reviewers add them.
    pub reviewers: Vec<FrontReviewer>,
}

/// A person who reviews what others do in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontReviewer {
    pub person: Uuid,
    /// The part of their profile that this shows, by code: if they hide it, they are not named.
    pub part: &'static str,
    /// The person's part there, in words that follow the name.
    pub words: String,
}

/// Something that happened. The page leaves out whom it may not name: modules offer more than it shows.
#[derive(Clone, Debug)]
pub struct FrontMoment {
    pub at: Timestamp,
    /// The kind of news: a page shows some of each.
    pub kind: &'static str,
    /// True for what happens every day, of which a page shows one.
    pub is_routine: bool,
    /// The part of people's profiles that this shows, by code: who hides it is not named.
    pub part: &'static str,
    /// The person, whose name comes first; absent for things.
    pub person: Option<Uuid>,
    /// The event in words that follow the name of the person.
    pub words: String,
    /// The title of what it happened to, with the path of its page.
    pub link: (String, String),
    /// A line about it; may be empty.
    pub line: String,
    /// The kind and the name of the picture that is drawn for it, if it has one.
    pub picture: Option<(&'static str, String)>,
    /// The path of its own picture, which is shown instead.
    pub stored: Option<String>,
    /// The people who did it together.
    pub people: Vec<Uuid>,
    /// The moment without a person, which is shown if the person may not be named; absent if nothing is.
    pub otherwise: Option<Box<Self>>,
}
