//! The state of discovery for operators, and the dictionary of labels.

use std::collections::BTreeMap;

use askama::Template;
use axum::{Extension, Router, extract::State, routing::get};
use github::{
    gateway::{Call, Clients, GithubApi, RateLimit},
    reads::{IssueSyncRow, issue_sync_rows},
};
use identity::access::Admin;
use platform::{
    Context,
    web::{List, WebError},
};
use serde::Deserialize;
use ui::{
    PageResult, QueryString, Tag,
    format::{Instant, Number},
    show,
};

use super::words;
use crate::{
    access::numbered,
    reads::{self, MOST_SEARCHES, Progress},
    rules::{
        listing::numbered_cursor,
        unknown::{next_step, spellings, unknown_labels},
    },
};

/// The number of repositories on a page.
const ROWS: i64 = 20;

/// The number of names that are shown without being folded.
const FEW_NAMES: usize = 8;

/// The number of unknown labels that are shown.
const MOST_UNKNOWN: usize = 50;

/// The most characters of a search for labels.
const LONGEST_SEARCH: usize = 100;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/admin/discovery", get(state))
        .route("/admin/discovery/labels", get(labels))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StateQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "admin_discovery.html")]
struct StatePage {
    progress: Progress,
    /// The statements of people about issues: the kind, and how often.
    feedback: Vec<(&'static str, Number)>,
    unfound: Vec<UnfoundNames>,
    limits: Result<Vec<GithubLimit>, String>,
    rows: Vec<Row>,
    next: Option<String>,
    is_first: bool,
    now: Instant,
}

/// Names that were not found for the same reason.
struct UnfoundNames {
    why: String,
    names: Vec<String>,
}

impl UnfoundNames {
    /// Returns the names by their reasons, each in the order of the list.
    fn grouped(names: Vec<reads::UnfoundName>) -> Vec<Self> {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for own in names {
            groups.entry(own.last_error).or_default().push(own.name);
        }
        let groups = groups.into_iter();
        groups.map(|(why, names)| Self { why, names }).collect()
    }
}

/// A limit of GitHub on requests.
struct GithubLimit {
    name: &'static str,
    left: Number,
    of: Number,
    resets: Instant,
}

impl GithubLimit {
    fn of(name: &'static str, stated: RateLimit) -> Self {
        Self {
            name,
            left: Number(stated.remaining),
            of: Number(stated.limit),
            resets: Instant(stated.resets_at),
        }
    }
}

/// A repository, and how far it is read.
struct Row {
    name: String,
    state: Tag,
    error: Option<String>,
    step: Option<&'static str>,
    outcome: Option<String>,
    read: Option<Instant>,
    calls: Number,
}

impl Row {
    fn of(own: IssueSyncRow) -> Self {
        let (class, word) = match (own.dead_at, own.due_at, own.completed_at) {
            (Some(_), ..) => ("t-gules", "Failed"),
            (None, Some(_), _) if own.issues_read > 0 => ("t-azure", "Being read"),
            (None, Some(_), _) => ("t-azure", "Waiting"),
            (None, None, Some(_)) => ("t-vert solid", "Read"),
            (None, None, None) => ("t-sable", "Not requested"),
        };
        let read = own.issues_total.filter(|_| own.due_at.is_some());
        Self {
            name: own.full_name,
            state: Tag { class, word },
            step: own.last_error.as_deref().map(next_step),
            error: own.last_error,
            outcome: match read {
                Some(total) => Some(format!("{} of {total} issues", own.issues_read)),
                None => own.outcome,
            },
            read: own.completed_at.map(Instant),
            calls: Number(own.all_calls),
        }
    }
}

impl StatePage {
    /// Returns what to do about a failure.
    fn step(&self, error: &str) -> &'static str {
        next_step(error)
    }
}

/// `GET /admin/discovery`.
async fn state(
    State(context): State<Context>,
    Extension(clients): Extension<Clients>,
    _: Admin,
    QueryString(query): QueryString<StateQuery>,
) -> PageResult {
    let after = numbered(&query.cursor).map_err(WebError::from)?;
    let rows = issue_sync_rows(&context.db, after, ROWS + 1).await?;
    let rows = List::cut(rows, ROWS, |own| numbered_cursor(own.place()));
    let mut progress = reads::progress(&context.db).await?;
    let feedback = progress.feedback.into_iter();
    let unfound = UnfoundNames::grouped(std::mem::take(&mut progress.unfound));
    show(&StatePage {
        feedback: feedback.map(|(kind, count)| (words::feedback(kind), Number(count))).collect(),
        progress,
        unfound,
        limits: limits(&context, &clients).await,
        next: rows.next_cursor,
        rows: rows.items.into_iter().map(Row::of).collect(),
        is_first: after.is_none(),
        now: Instant(context.now()),
    })
}

/// Asks GitHub for the limits of the server's token, or returns why they are unknown. Such a request counts toward none.
async fn limits(context: &Context, clients: &Clients) -> Result<Vec<GithubLimit>, String> {
    let permit = context.flags.permit::<GithubApi>();
    let permit =
        permit.map_err(|_| "requests to GitHub are switched off (ENABLE_GITHUB_API)".to_owned())?;
    let api = clients.quick_server().ok_or_else(|| github::actions::NO_TOKEN.to_owned())?;
    let stated = api.rate_limits(Call::new(context, &permit)).await;
    let stated = stated.map_err(|error| error.to_string())?;
    Ok(vec![
        GithubLimit::of("Requests to REST", stated.core),
        GithubLimit::of("Queries", stated.graphql.unwrap_or(stated.core)),
        GithubLimit::of("Searches", stated.search),
    ])
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LabelsQuery {
    q: String,
}

#[derive(Template)]
#[template(path = "admin_labels.html")]
struct LabelsPage {
    query: String,
    count: usize,
    found: Vec<(String, Vec<&'static str>)>,
    unknown: Vec<(String, Number)>,
}

/// `GET /admin/discovery/labels`.
async fn labels(
    State(context): State<Context>,
    _: Admin,
    QueryString(query): QueryString<LabelsQuery>,
) -> PageResult {
    let query: String = query.q.chars().take(LONGEST_SEARCH).collect();
    let sets = reads::label_sets(&context.db).await?;
    let unknown = unknown_labels(&sets, MOST_UNKNOWN).into_iter();
    let found = spellings(&query);
    show(&LabelsPage {
        count: found.iter().map(|(_, own)| own.len()).sum(),
        found,
        unknown: unknown.map(|(label, issues)| (label, Number(issues))).collect(),
        query,
    })
}
