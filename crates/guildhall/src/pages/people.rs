use std::collections::HashMap;
use ui::{
    Address, Asked, PageError, PageResult,
    charts::{self, Bars, Squares},
    csv::{self, Cell},
    format::{self, Instant, Number, Signed},
    show,
};

use askama::Template;
use axum::{extract::State, response::Response};
use contributions::{reads::Contribution, rules::Explanation};
use github::reads::PullRequest;
use identity::model::Person;
use identity::model::UserId;
use kernel::{Month, Timestamp};
use platform::Context;
use recognition::{
    model::{GLOBAL, RankPosition},
    reads::EntryWithExplanation,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    pulls::{List, Pull, PullLink, ROWS, place},
    words,
};
use crate::api;

/// Where the two lists go on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PersonQuery {
    #[serde(default)]
    points: String,
    #[serde(default)]
    pulls: String,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    login: String,
    address: String,
    encoded: String,
    tint: &'static str,
    initials: String,
    kind: String,
    total: Number,
    standing: Option<RankPositions>,
    months: Bars,
    days: Squares,
    entries: List<Entry>,
    pulls: List<Pull>,
}

/// Where a person stands among everybody.
struct RankPositions {
    rank: Number,
    is_tied: bool,
    people: String,
    top: String,
    to_next: Option<Number>,
    points: Number,
    /// Points of the next better rank; as many as one has at the top.
    goal: Number,
}

struct Entry {
    earned: Instant,
    posted: Instant,
    kind: &'static str,
    is_reversal: bool,
    reason: String,
    pull: Option<PullLink>,
    is_private: bool,
    sentences: Vec<String>,
    points: Signed,
}

/// `GET /people/{login}`.
pub(super) async fn person(
    State(context): State<Context>,
    Address(login): Address<String>,
    Asked(query): Asked<PersonQuery>,
) -> PageResult {
    let person = api::person(&context, &login).await?;
    let id = person.id.into();
    let since = first_instant(&context);
    let stood = recognition::reads::standing_and_days(&context.db, GLOBAL, id, since).await?;
    let (standing, days) = stood.unzip();
    let days = read_days(days.unwrap_or_default());
    let entries = entries(&context, id, &query.points).await?;
    let found = pulls(&context, id, &query.pulls).await?;
    let sources = entries.rows.iter().map(|entry| entry.source_id);
    let named = sources.chain(found.rows.iter().map(|row| row.pull_request_id));
    let names = api::names(&context, named).await?;
    let today = context.now().date_naive();
    show(&PersonPage {
        address: format!("/people/{}", format::segment(&person.login)),
        encoded: format::segment(&person.login),
        tint: format::tint(&person.login),
        initials: format::initials(&person.login),
        kind: person.kind.clone(),
        total: Number(person.total_points),
        standing: standing.as_ref().map(RankPositions::of),
        months: Bars::of(&days, Month::of(context.now())),
        days: Squares::of(&days, today),
        entries: entries.map(|row| Some(Entry::of(&row, &names))),
        pulls: shown(found, &names, &person),
        login: person.login,
    })
}

/// `GET /people/{login}/ledger.csv`.
pub(super) async fn ledger_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
    Asked(query): Asked<PersonQuery>,
) -> Result<Response, PageError> {
    let person = api::person(&context, &login).await?;
    let entries = entries(&context, person.id.into(), &query.points).await?;
    let names = api::names(&context, entries.rows.iter().map(|entry| entry.source_id)).await?;
    let entries = entries.map(|row| Some(Entry::of(&row, &names)));
    let name = format!("{}-ledger", person.login);
    let rows = entries.rows.into_iter().map(Entry::cells);
    Ok(csv::file(&name, Entry::HEAD, rows))
}

/// `GET /people/{login}/pull-requests.csv`.
pub(super) async fn pulls_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
    Asked(query): Asked<PersonQuery>,
) -> Result<Response, PageError> {
    let person = api::person(&context, &login).await?;
    let found = pulls(&context, person.id.into(), &query.pulls).await?;
    let names = api::names(&context, found.rows.iter().map(|row| row.pull_request_id)).await?;
    let name = format!("{}-pull-requests", person.login);
    let pulls = shown(found, &names, &person);
    Ok(csv::file(
        &name,
        Pull::HEAD,
        pulls.rows.into_iter().map(Pull::cells),
    ))
}

/// `GET /people/{login}/days.csv`.
pub(super) async fn days_csv(
    State(context): State<Context>,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    let person = api::person(&context, &login).await?;
    let since = first_instant(&context);
    let days = recognition::reads::days(&context.db, person.id.into(), since).await?;
    let rows = read_days(days)
        .into_iter()
        .rev()
        .map(|(day, points)| [day.to_string().into(), points.into()]);
    Ok(csv::file(
        &format!("{}-days", person.login),
        ["day", "points"],
        rows,
    ))
}

async fn entries(
    context: &Context,
    id: UserId,
    cursor: &str,
) -> Result<List<EntryWithExplanation>, PageError> {
    let rows = recognition::reads::of_person(&context.db, id, place(cursor)?, ROWS + 1).await?;
    Ok(List::cut(rows, cursor, |row| (row.occurred_at, row.id)))
}

async fn pulls(
    context: &Context,
    id: UserId,
    cursor: &str,
) -> Result<List<Contribution>, PageError> {
    let rows = contributions::reads::of_person(&context.db, id, place(cursor)?, ROWS + 1).await?;
    Ok(List::cut(rows, cursor, |row| (row.opened_at, row.id)))
}

/// Since when the charts show days.
fn first_instant(context: &Context) -> Timestamp {
    let first = charts::first_day(context.now().date_naive());
    first.and_time(chrono::NaiveTime::MIN).and_utc()
}

fn read_days(found: Vec<recognition::reads::Day>) -> Vec<charts::Day> {
    let day = |found: recognition::reads::Day| Some((found.day.parse().ok()?, found.points));
    found.into_iter().filter_map(day).collect()
}

fn shown(
    found: List<Contribution>,
    names: &HashMap<Uuid, PullRequest>,
    author: &Person,
) -> List<Pull> {
    let logins = HashMap::from([(author.id.into(), author.login.clone())]);
    found.map(|row| Pull::of(&row, names, &logins))
}

impl RankPositions {
    fn of(standing: &RankPosition) -> Self {
        let missing = standing.points_to_next_rank.unwrap_or(0);
        Self {
            rank: Number(standing.rank),
            is_tied: standing.sharing > 1,
            people: Number(standing.people).of("person", "people"),
            top: format::top(standing.percentile),
            to_next: standing.points_to_next_rank.map(Number),
            points: Number(standing.points),
            goal: Number(standing.points.saturating_add(missing)),
        }
    }
}

impl Entry {
    fn of(entry: &EntryWithExplanation, names: &HashMap<Uuid, PullRequest>) -> Self {
        let pull = names.get(&entry.source_id).map(PullLink::of);
        Self {
            earned: Instant(entry.occurred_at),
            posted: Instant(entry.created_at),
            kind: words::kind(&entry.kind),
            is_reversal: entry.kind == "REVERSAL",
            reason: words::reason(&entry.reason),
            is_private: pull.is_none() && entry.source_kind == contributions::model::SOURCE,
            pull,
            sentences: sentences(&entry.explanation),
            points: Signed(entry.points),
        }
    }

    const HEAD: [&'static str; 7] = [
        "earned_at",
        "posted_at",
        "entry",
        "reason",
        "pull_request",
        "why",
        "points",
    ];

    fn cells(self) -> [Cell; 7] {
        [
            self.earned.0.into(),
            self.posted.0.into(),
            self.kind.into(),
            self.reason.into(),
            self.pull.map(|pull| pull.label).unwrap_or_default().into(),
            self.sentences.join(" ").into(),
            self.points.0.into(),
        ]
    }
}

/// The sentences of an entry's own award: what else the explanation says stands with the pull request.
fn sentences(explanation: &str) -> Vec<String> {
    let awards = serde_json::from_str(explanation).map(|own: Explanation| own.awards);
    let sentence = |award: contributions::rules::explanation::Award| {
        format::with_real_minus(&award.sentence())
    };
    awards
        .unwrap_or_default()
        .into_iter()
        .map(sentence)
        .collect()
}
