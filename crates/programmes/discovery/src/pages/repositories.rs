//! Followed repositories: their list, and the page of each.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use identity::access::MaybePerson;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString, Tag,
    format::{self, Instant, Number},
    show,
};
use uuid::Uuid;

use super::{explained::HealthPart, words};
use crate::{
    access::{self, RepositoryQuery},
    model::RepositoryFacts,
    reads::{self, OpportunityView, RepositoryOrder, RepositoryView},
    rules::{
        health::{AnswerTime, duration_words, first_answer, merge_rate},
        listing::numbered_cursor,
    },
};

const ALL: &str = "/discover/repositories";

/// The number of repositories, or of issues, on a page.
const ROWS: i64 = 20;

/// The number of topics of a repository in a list.
const TOPICS: usize = 5;

pub(super) fn routes() -> Router<Context> {
    Router::new().route(ALL, get(list)).route("/discover/repositories/{owner}/{name}", get(one))
}

#[derive(Template)]
#[template(path = "repositories.html")]
struct ListPage {
    query: RepositoryQuery,
    rows: Vec<ListedRepository>,
    next: Option<String>,
    first: String,
    is_unused: bool,
}

struct ListedRepository {
    name: String,
    description: Option<String>,
    language: Option<String>,
    topics: Vec<String>,
    health: i64,
    tag: Tag,
    response: Option<String>,
    opportunities: Number,
}

impl ListedRepository {
    fn of(own: RepositoryView) -> Self {
        Self {
            name: own.full_name,
            description: own.facts.description,
            language: own.facts.languages.into_iter().next().map(|(name, _)| name),
            topics: own.facts.topics.into_iter().take(TOPICS).collect(),
            health: own.health.health,
            tag: words::health(own.health.health),
            response: own.health.response_words,
            opportunities: Number(own.opportunities),
        }
    }
}

impl ListPage {
    fn has_filter(&self) -> bool {
        let query = &self.query;
        [&query.q, &query.language, &query.topic].iter().any(|text| !text.is_empty())
    }
}

fn address(query: &RepositoryQuery, cursor: &str) -> String {
    let fields = [
        ("q", query.q.as_str()),
        ("language", &query.language),
        ("topic", &query.topic),
        ("cursor", cursor),
    ];
    format::address(ALL, fields)
}

/// `GET /discover/repositories`.
async fn list(
    State(context): State<Context>,
    QueryString(query): QueryString<RepositoryQuery>,
) -> PageResult {
    let filter = query.filter(RepositoryOrder::Health).map_err(WebError::from)?;
    let (found, next) = reads::repositories(&context.db, &filter, ROWS).await?;
    show(&ListPage {
        is_unused: found.is_empty() && reads::is_unused(&context.db).await?,
        rows: found.into_iter().map(ListedRepository::of).collect(),
        next: next.map(|place| address(&query, &numbered_cursor(place))),
        first: address(&query, ""),
        query,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IssuesQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "repository.html")]
struct RepositoryPage {
    own: RepositoryView,
    address: String,
    health: HealthPart,
    response: String,
    merges: String,
    languages: Vec<(String, String)>,
    stars: Number,
    forks: Number,
    total: Number,
    issues: Vec<Issue>,
    next: Option<String>,
    is_first: bool,
    is_signed_in: bool,
    /// The viewer's watch.
    watch: Option<Uuid>,
    now: Instant,
}

struct Issue {
    address: String,
    title: String,
    number: i64,
    status: Tag,
    level: &'static str,
    hours: String,
    worth: String,
}

impl Issue {
    fn of(own: &OpportunityView) -> Self {
        Self {
            address: own.address(),
            title: own.title.clone(),
            number: own.number,
            status: words::status(own.status),
            level: words::level(own.analysis.complexity),
            hours: words::hours(own.analysis.hours),
            worth: format!("{:.1}", own.analysis.overall),
        }
    }
}

/// `GET /discover/repositories/{owner}/{name}`.
async fn one(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
    Address((owner, name)): Address<(String, String)>,
    QueryString(query): QueryString<IssuesQuery>,
) -> Result<Response, PageError> {
    let after = access::numbered(&query.cursor).map_err(WebError::from)?;
    let asked = format!("{owner}/{name}");
    let own = access::repository_named(&context, &asked).await?;
    let address = format!("{ALL}/{}", own.full_name);
    if own.full_name != asked {
        return Ok(Redirect::permanent(&address).into_response());
    }
    let watch = match &viewer {
        Some(viewer) => reads::watch_of(&context.db, viewer.user_id, &own.full_name).await?,
        None => None,
    };
    let (issues, next) = reads::opportunities_of(&context.db, own.id, after, ROWS).await?;
    let page = RepositoryPage {
        next: next.map(|place| format!("{address}?cursor={}", numbered_cursor(place))),
        address,
        health: HealthPart::of(&own.health),
        response: response(&own.facts),
        merges: merges(&own.facts),
        languages: languages(&own.facts),
        stars: Number(own.facts.stars),
        forks: Number(own.facts.forks),
        total: Number(own.opportunities),
        issues: issues.iter().map(Issue::of).collect(),
        is_first: after.is_none(),
        is_signed_in: viewer.is_some(),
        watch,
        now: Instant(context.now()),
        own,
    };
    Ok(show(&page)?.into_response())
}

fn response(facts: &RepositoryFacts) -> String {
    match first_answer(facts) {
        AnswerTime::Unknown => "Unknown".to_owned(),
        AnswerTime::Rare => "Most new issues have none".to_owned(),
        AnswerTime::Minutes(minutes) => duration_words(minutes),
    }
}

fn merges(facts: &RepositoryFacts) -> String {
    let percent = |rate: f64| format!("{:.0} %", (rate * 100.0).round());
    merge_rate(facts).map_or_else(|| "Unknown".to_owned(), percent)
}

/// Returns the languages with their share of the code.
fn languages(facts: &RepositoryFacts) -> Vec<(String, String)> {
    let all: i64 = facts.languages.iter().map(|(_, size)| size.max(&0)).sum();
    let share = |size: i64| size.max(0) as f64 * 100.0 / all.max(1) as f64;
    let shown = facts.languages.iter().map(|(name, size)| match share(*size) {
        small if small < 1.0 => (name.clone(), "under 1 %".to_owned()),
        share => (name.clone(), format!("{share:.0} %")),
    });
    shown.collect()
}
