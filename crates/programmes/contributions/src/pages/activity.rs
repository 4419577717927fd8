//! The work of a person by day, and the evidence of their skills. The files contain the same numbers.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{extract::State, response::Response};
use chrono::Days;
use github::reads::PullRequest;
use identity::model::UserId;
use kernel::listed;
use platform::{Context, db::DbError};
use ui::{
    Address, PageError,
    charts::{self, Squares},
    csv,
    format::{Instant, Number, segment},
};
use uuid::Uuid;

use super::pulls::PullLink;
use crate::{
    reads::{self, PersonActivity},
    rules::{
        skills::{Evidence, evidence, skills},
        spellings::spelled,
    },
};

/// The number of skills shown, with that of reviewing, and of those that the person is learning; the file has all.
const SKILLS: usize = 4;

/// The number of projects that the evidence of a skill names.
const NAMED: usize = 3;

#[derive(Template)]
#[template(path = "panel_activity.html")]
pub(super) struct ActivityPanel {
    login: String,
    address: String,
    /// The skills of which there is much evidence.
    skills: Vec<SkillView>,
    /// The skills with little evidence.
    learning: Vec<SkillView>,
    merged: i64,
    reviews: Option<Reviews>,
    year: Count,
    /// The numbers of the weeks that a narrow page shows.
    narrow: Count,
    since: Instant,
    days: Squares,
}

struct SkillView {
    name: String,
    merged: i64,
    is_little: bool,
    /// The merges of all, in words.
    share: String,
    projects: String,
    /// The pull request of the last merge; absent if a repository with it may be private now, or an earlier skill links it.
    last: Option<PullLink>,
}

/// The reviews that a person gave.
struct Reviews {
    count: String,
    /// The first, as `YYYY-MM-DD` and in words.
    first: Option<(String, String)>,
    projects: String,
}

/// Numbers of some days.
struct Count {
    contributions: String,
    days: String,
    run: String,
}

impl Count {
    /// Counts days, which are in order and not empty.
    fn of(days: &[charts::Day]) -> Self {
        let sum: i64 = days.iter().map(|(_, count)| *count).sum();
        let whole = |count: usize| Number(i64::try_from(count).unwrap_or(i64::MAX));
        Self {
            contributions: Number(sum).of("contribution", "contributions"),
            days: whole(days.len()).of("day", "days"),
            run: whole(longest_run(days)).of("day", "days"),
        }
    }
}

/// Returns the largest number of days in a row.
fn longest_run(days: &[charts::Day]) -> usize {
    let is_next = |one: &charts::Day, next: &charts::Day| {
        one.0.checked_add_days(Days::new(1)) == Some(next.0)
    };
    days.chunk_by(is_next).map(<[_]>::len).max().unwrap_or(0)
}

/// Names the first of some projects, and counts the others.
fn named(projects: &[String]) -> String {
    let (shown, rest) = projects.split_at(projects.len().min(NAMED));
    let mut shown = shown.to_vec();
    if !rest.is_empty() {
        let others = i64::try_from(rest.len()).unwrap_or(i64::MAX);
        shown.push(Number(others).of("other project", "other projects"));
    }
    listed(&shown, "and")
}

impl SkillView {
    fn of(evidence: &Evidence, merged: i64, names: &HashMap<Uuid, PullRequest>) -> Self {
        let all = Number(merged);
        let projects: Vec<String> = evidence.projects.iter().map(|it| it.0.clone()).collect();
        let pulls = evidence.projects.iter().map(|(_, last)| names.get(&(*last)?));
        let pulls: Option<Vec<_>> = pulls.collect();
        let last = pulls.and_then(|it| it.into_iter().max_by_key(|pull| pull.merged_at));
        Self {
            name: spelled(&evidence.tag),
            merged: evidence.merged,
            is_little: evidence.is_little(),
            share: format!("{} of {all} merged", Number(evidence.merged)),
            projects: named(&projects),
            last: last.map(PullLink::of),
        }
    }

    /// Leaves each pull request to the first skill that links it.
    fn link_once<'a>(skills: impl Iterator<Item = &'a mut Self>) {
        let mut linked = HashSet::new();
        for skill in skills {
            skill.last = skill.last.take().filter(|pull| linked.insert(pull.address.clone()));
        }
    }
}

impl Reviews {
    fn of(activity: &PersonActivity) -> Option<Self> {
        let count: i64 = activity.reviews.iter().map(|(_, count, _)| count).sum();
        let projects: Vec<String> = activity.reviews.iter().map(|it| it.0.clone()).collect();
        let first = activity.reviews.iter().map(|it| it.2.as_str()).min();
        let day = |first: &str| {
            let day: chrono::NaiveDate = first.parse().ok()?;
            Some((first.to_owned(), day.format("%B %Y").to_string()))
        };
        (count > 0).then(|| Self {
            count: Number(count).of("review", "reviews"),
            first: first.and_then(day),
            projects: named(&projects),
        })
    }
}

impl ActivityPanel {
    /// Shows what a person did; `names` has the pull requests that the evidence links.
    pub(super) fn of(
        context: &Context,
        login: &str,
        activity: &PersonActivity,
        names: &HashMap<Uuid, PullRequest>,
    ) -> Self {
        let today = context.now().date_naive();
        let (days, since) = (days(activity), charts::first_day_when_narrow(today));
        let narrow = days.iter().position(|(day, _)| *day >= since).unwrap_or(days.len());
        let merged = activity.projects.iter().map(|it| it.merged).sum();
        let reviews = Reviews::of(activity);
        let shown = SKILLS - usize::from(reviews.is_some());
        let found = evidence(&activity.projects);
        let (little, much): (Vec<_>, Vec<_>) = found.iter().partition(|it| it.is_little());
        let view = |it: &Evidence| SkillView::of(it, merged, names);
        let mut skills: Vec<SkillView> = much.into_iter().take(shown).map(view).collect();
        let mut learning: Vec<SkillView> = little.into_iter().take(SKILLS).map(view).collect();
        SkillView::link_once(skills.iter_mut().chain(&mut learning));
        Self {
            address: format!("/people/{}", segment(login)),
            login: login.to_owned(),
            skills,
            learning,
            merged,
            reviews,
            year: Count::of(&days),
            narrow: Count::of(&days[narrow..]),
            since: Instant(since.and_time(chrono::NaiveTime::MIN).and_utc()),
            days: Squares::of_year(&days, today, "pull requests"),
        }
    }
}

/// Reads what a person did, with the days of the chart.
pub(super) async fn activity(context: &Context, person: UserId) -> Result<PersonActivity, DbError> {
    let first = charts::first_day_of_year(context.now().date_naive());
    let since = first.and_time(chrono::NaiveTime::MIN).and_utc();
    reads::activity(&context.db, person, since).await
}

fn days(activity: &PersonActivity) -> Vec<charts::Day> {
    let day = |(day, count): &(String, i64)| Some((day.parse().ok()?, *count));
    activity.days.iter().filter_map(day).collect()
}

/// `GET /people/{login}/contributions.csv`: the days of the chart.
pub(super) async fn days_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let activity = activity(&context, person.id.into()).await?;
    let rows = days(&activity)
        .into_iter()
        .rev()
        .map(|(day, count)| [day.to_string().into(), count.into()]);
    let name = format!("{}-contributions", person.login);
    Ok(csv::file(&name, ["day", "pull_requests"], rows))
}

/// `GET /people/{login}/skills.csv`.
pub(super) async fn skills_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = identity::reads::find_public(&context.db, &login).await?;
    let activity = activity(&context, person.id.into()).await?;
    let rows = skills(&activity.projects).into_iter().map(|skill| {
        let percent = skill.strength.round() as i64;
        [skill.tag.into(), percent.into(), skill.pull_requests.into(), skill.points.into()]
    });
    let name = format!("{}-skills", person.login);
    let head = ["skill", "strength_percent", "pull_requests", "points"];
    Ok(csv::file(&name, head, rows))
}
