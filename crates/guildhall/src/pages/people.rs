use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use contributions::{reads::Contribution, rules::Explanation};
use github::reads::PullRequest;
use kernel::Timestamp;
use platform::{Context, web::ListQuery};
use recognition::{
    model::{GLOBAL, Standing},
    reads::EntryWithExplanation,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    PageError,
    extract::{Address, Asked},
    format::{self, Instant, Number, Signed},
    layout::{PageResult, Section, show},
    words::{self, Shield},
};
use crate::api;

/// Entries and pull requests shown at once.
const ROWS: i64 = 25;

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
    section: Section,
    login: String,
    address: String,
    kind: String,
    total: Number,
    standing: Option<Stood>,
    entries: List<Entry>,
    pulls: List<Pull>,
}

/// Where a person stands among everybody.
struct Stood {
    rank: Number,
    is_tied: bool,
    people: String,
    top: String,
    to_next: Option<Number>,
    row: i64,
}

/// A part of a list.
struct List<T> {
    rows: Vec<T>,
    next: Option<String>,
    is_first: bool,
}

/// A pull request as a link.
#[derive(Clone)]
struct PullLink {
    address: String,
    label: String,
    title: String,
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

struct Pull {
    link: PullLink,
    state: Shield,
    opened: Instant,
    merged: Option<Instant>,
    points: Number,
    pending: Number,
}

/// `GET /people/{login}`.
pub(super) async fn person(
    State(context): State<Context>,
    Address(login): Address<String>,
    Asked(query): Asked<PersonQuery>,
) -> PageResult {
    let db = &context.db;
    let person = api::person(&context, &login).await?;
    let id = person.id.into();
    let standing = recognition::reads::standing(db, GLOBAL, id).await?;
    let (before, entries_first) = place(&query.points)?;
    let entries = recognition::reads::of_person(db, id, before, ROWS + 1).await?;
    let (entries, more_entries) = api::cut(entries, ROWS, |row| (row.occurred_at, row.id));
    let (before, pulls_first) = place(&query.pulls)?;
    let found = contributions::reads::of_person(db, id, before, ROWS + 1).await?;
    let (found, more_pulls) = api::cut(found, ROWS, |row| (row.opened_at, row.id));
    let sources = entries.iter().map(|entry| entry.source_id);
    let named = sources.chain(found.iter().map(|row| row.pull_request_id));
    let names = api::names(&context, named).await?;
    show(&PersonPage {
        section: Section::Elsewhere,
        address: format!("/people/{}", format::segment(&person.login)),
        login: person.login,
        kind: person.kind,
        total: Number(person.total_points),
        standing: standing.as_ref().map(Stood::of),
        entries: List {
            rows: entries.iter().map(|row| Entry::of(row, &names)).collect(),
            next: more_entries,
            is_first: entries_first,
        },
        pulls: List {
            rows: found
                .iter()
                .filter_map(|row| Pull::of(row, &names))
                .collect(),
            next: more_pulls,
            is_first: pulls_first,
        },
    })
}

/// Where a list goes on, and whether that is its beginning.
fn place(cursor: &str) -> Result<(Option<(Timestamp, Uuid)>, bool), PageError> {
    let query = ListQuery {
        limit: None,
        cursor: (!cursor.is_empty()).then(|| cursor.to_owned()),
    };
    let before = query.place()?;
    Ok((before, before.is_none()))
}

impl Stood {
    fn of(standing: &Standing) -> Self {
        Self {
            rank: Number(standing.rank),
            is_tied: standing.sharing > 1,
            people: Number(standing.people).of("person", "people"),
            top: format::top(standing.percentile),
            to_next: standing.points_to_next_rank.map(Number),
            row: standing.rank,
        }
    }
}

impl PullLink {
    fn of(pull: &PullRequest) -> Self {
        let name = pull.full_name.split('/').map(format::segment);
        let path = name.collect::<Vec<_>>().join("/");
        Self {
            address: format!("/pull-requests/{path}/{}", pull.number),
            label: format!("{} #{}", pull.full_name, pull.number),
            title: pull.title.clone(),
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
            is_private: pull.is_none() && entry.source_kind == contributions::SOURCE,
            pull,
            sentences: sentences(&entry.explanation),
            points: Signed(entry.points),
        }
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

impl Pull {
    fn of(row: &Contribution, names: &HashMap<Uuid, PullRequest>) -> Option<Self> {
        Some(Self {
            link: PullLink::of(names.get(&row.pull_request_id)?),
            state: words::state(&row.state),
            opened: Instant(row.opened_at),
            merged: row.merged_at.map(Instant),
            points: Number(row.score),
            pending: Number(row.opening_pending + row.merge_pending),
        })
    }
}
