//! The issues that fit the person who is signed in, and the forms that save and dismiss issues.

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use identity::access::SignedIn;
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{WebError, bad_cursor},
};
use serde::Deserialize;
use ui::{
    Address, Filled, PageError, PageResult, QueryString,
    format::{Instant, Number},
    redirect, show,
};
use uuid::Uuid;

use super::{
    card::Card,
    facets::page_address,
    tabs::{FOR_YOU, LEARNING, SAVED, Tab, tabs},
    words,
};
use crate::{
    access::{
        self, LONGEST_SEARCH, SearchQuery,
        matches::{MatchPage, MatchRequest, MatchedOpportunity, matches},
    },
    actions,
    model::{DismissalReason, FeedbackKind},
    reads,
    search::{Catalog, Pool},
};

/// The number of issues on a page.
const ROWS: usize = 6;

/// The number of saved issues on a page.
const SAVED_ROWS: i64 = 20;

/// The number of reasons in a list.
const REASONS: usize = 3;

pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route(FOR_YOU, get(page))
        .route(LEARNING, get(learning))
        .route(SAVED, get(saved))
        .route("/discover/{id}/save", post(save))
        .route("/discover/{id}/unsave", post(unsave))
        .route("/discover/{id}/dismiss", post(dismiss))
        .route("/discover/{id}/restore", post(restore))
        .route("/discover/{id}/feedback", post(feedback))
}

/// An issue with its fit in a list.
pub(super) struct FittingCard {
    pub(super) card: Card,
    pub(super) percent: String,
    pub(super) reasons: Vec<String>,
    /// The strongest of the reasons as a sentence, else what speaks for the issue itself.
    pub(super) best: Option<String>,
    pub(super) is_saved: bool,
    pub(super) is_less_visited: bool,
    pub(super) teaches: Option<String>,
}

impl FittingCard {
    pub(super) fn of(matched: &MatchedOpportunity, body: &str) -> Self {
        let unknown = matched.fit.unknown();
        let reasons = matched.fit.reasons(REASONS).into_iter();
        let card = Card::plain(&matched.opportunity, body);
        Self {
            best: matched.fit.says().map(str::to_owned).or_else(|| card.reasons.first().cloned()),
            card,
            percent: matched.fit.percent(),
            reasons: reasons.chain(unknown.as_deref()).map(super::card::sentence).collect(),
            is_saved: matched.stated.is_saved,
            is_less_visited: matched.is_less_visited,
            teaches: matched.teaches.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "for_you.html")]
struct ForYouPage {
    tabs: Vec<Tab>,
    query: SearchQuery,
    longest: usize,
    total: Number,
    cards: Vec<FittingCard>,
    next: Option<String>,
    is_learning: bool,
    /// True if nothing is known of the person.
    is_unknown: bool,
    /// True if there is no free issue at all.
    is_empty: bool,
    reasons: Vec<(&'static str, &'static str)>,
    path: &'static str,
    now: Instant,
}

/// `GET /discover/for-you`.
async fn page(
    state: State<Context>,
    catalog: Extension<Catalog>,
    pool: Extension<Pool>,
    viewer: SignedIn,
    query: QueryString<SearchQuery>,
) -> PageResult {
    listed(state, catalog, pool, viewer, query, false).await
}

/// `GET /discover/learning`.
async fn learning(
    state: State<Context>,
    catalog: Extension<Catalog>,
    pool: Extension<Pool>,
    viewer: SignedIn,
    query: QueryString<SearchQuery>,
) -> PageResult {
    listed(state, catalog, pool, viewer, query, true).await
}

async fn listed(
    State(context): State<Context>,
    Extension(catalog): Extension<Catalog>,
    Extension(pool): Extension<Pool>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<SearchQuery>,
    is_learning: bool,
) -> PageResult {
    let id = viewer.user_id;
    let profiled = reads::profiled(&context.db, id).await?;
    let asked = MatchRequest {
        start: access::matches::start(&query.cursor)?,
        limit: ROWS,
        is_learning,
        query,
    };
    let found: MatchPage = matches(&context, &catalog, &pool, id, &profiled.person, &asked).await?;
    let cards = cards(&context, &found.items).await?;
    let path = if is_learning { LEARNING } else { FOR_YOU };
    let address = |cursor: String| page_address(path, &asked.query, &cursor);
    show(&ForYouPage {
        tabs: tabs(path),
        longest: LONGEST_SEARCH,
        total: Number(i64::try_from(found.total).unwrap_or(i64::MAX)),
        cards,
        next: found.next.map(address),
        is_learning,
        is_empty: pool.is_empty().await?,
        is_unknown: profiled.stated.is_none() && profiled.person.merged == 0,
        reasons: words::dismissals(),
        query: asked.query,
        path,
        now: Instant(context.now()),
    })
}

/// Describes matches, each with its description.
async fn cards(
    context: &Context,
    matched: &[MatchedOpportunity],
) -> Result<Vec<FittingCard>, WebError> {
    let views: Vec<_> = matched.iter().map(|own| own.opportunity.clone()).collect();
    let bodies = reads::bodies(&context.db, &views).await?;
    let card = |own: &MatchedOpportunity| {
        let body = bodies.get(&own.opportunity.id);
        FittingCard::of(own, body.map_or("", String::as_str))
    };
    Ok(matched.iter().map(card).collect())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SavedQuery {
    cursor: String,
}

struct SavedRow {
    id: Uuid,
    title: String,
    repository: String,
    number: i64,
    level: &'static str,
    hours: String,
    status: ui::Tag,
    saved: Instant,
}

#[derive(Template)]
#[template(path = "saved.html")]
struct SavedPage {
    tabs: Vec<Tab>,
    rows: Vec<SavedRow>,
    next: Option<String>,
    is_first: bool,
    now: Instant,
}

/// `GET /discover/saved`.
async fn saved(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<SavedQuery>,
) -> PageResult {
    let before = match query.cursor.as_str() {
        "" => None,
        cursor => Some(Uuid::parse_str(cursor).map_err(|_| WebError::from(bad_cursor()))?),
    };
    let found = reads::saved(&context.db, viewer.user_id, before, SAVED_ROWS).await?;
    let rows = found.items.into_iter().map(|own| SavedRow {
        id: own.opportunity.id,
        level: words::level(own.opportunity.analysis.complexity),
        hours: words::hours(own.opportunity.analysis.hours),
        status: words::status(own.opportunity.status),
        title: own.opportunity.title,
        repository: own.opportunity.repository,
        number: own.opportunity.number,
        saved: Instant(own.saved_at),
    });
    show(&SavedPage {
        tabs: tabs(SAVED),
        rows: rows.collect(),
        next: found.next_cursor,
        is_first: before.is_none(),
        now: Instant(context.now()),
    })
}

/// The fields of the forms that save and dismiss: the page that the form was on, and the reason.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct FeedbackFields {
    from: String,
    reason: String,
}

impl FeedbackFields {
    /// Returns the path of the page.
    fn back(&self, id: Uuid) -> String {
        match self.from.as_str() {
            "for-you" => FOR_YOU.to_owned(),
            "learning" => LEARNING.to_owned(),
            "saved" => SAVED.to_owned(),
            "home" => "/".to_owned(),
            _ => format!("/discover/{id}"),
        }
    }
}

/// `POST /discover/{id}/save`.
async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<FeedbackFields>,
) -> Result<Response, PageError> {
    let saved = actions::save(&context, viewer.user_id, id).await;
    saved.map_err(WebError::from)?;
    Ok(redirect(&fields.back(id), "Saved"))
}

/// `POST /discover/{id}/unsave`.
async fn unsave(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<FeedbackFields>,
) -> Result<Response, PageError> {
    let of = FeedbackKind::Saved;
    let withdrawn = actions::withdraw(&context, viewer.user_id, id, of).await;
    withdrawn.map_err(WebError::from)?;
    Ok(redirect(&fields.back(id), "No longer saved"))
}

/// `POST /discover/{id}/dismiss`.
async fn dismiss(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<FeedbackFields>,
) -> Result<Response, PageError> {
    let reason = match fields.reason.as_str() {
        "" => DismissalReason::Other,
        name => DismissalReason::named(name).ok_or_else(unknown_reason)?,
    };
    let dismissed = actions::dismiss(&context, viewer.user_id, id, reason).await;
    dismissed.map_err(WebError::from)?;
    let said = "Dismissed. Similar issues are proposed less often";
    Ok(redirect(&fields.back(id), said))
}

fn unknown_reason() -> Problem {
    let detail = "The reason is unknown. Choose one from the list.";
    Problem::new(ProblemKind::Invalid, "BAD_REASON", detail).at("reason")
}

/// `POST /discover/{id}/restore`.
async fn restore(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<FeedbackFields>,
) -> Result<Response, PageError> {
    let of = FeedbackKind::Dismissed;
    let withdrawn = actions::withdraw(&context, viewer.user_id, id, of).await;
    withdrawn.map_err(WebError::from)?;
    Ok(redirect(&fields.back(id), "The issue can be proposed again"))
}

/// The button of the form that states something about an issue, or withdraws it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct StatementFields {
    says: String,
}

/// `POST /discover/{id}/feedback`.
async fn feedback(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(id): Address<Uuid>,
    Filled(fields, _): Filled<StatementFields>,
) -> Result<Response, PageError> {
    let person = viewer.user_id;
    let withdraw = |kind| actions::withdraw(&context, person, id, kind);
    let (stated, said) = match fields.says.as_str() {
        "started" => (actions::start(&context, person, id).await, "Marked as started"),
        "not-started" => (withdraw(FeedbackKind::Started).await, "No longer marked as started"),
        "helpful" => {
            (actions::mark_helpful(&context, person, id).await, "Thank you for the feedback")
        }
        "not-helpful" => (withdraw(FeedbackKind::Helpful).await, "Feedback withdrawn"),
        _ => return Err(unknown_feedback().into()),
    };
    stated.map_err(WebError::from)?;
    Ok(redirect(&format!("/discover/{id}"), said))
}

fn unknown_feedback() -> Problem {
    let detail = "The feedback is unknown. Use one of the buttons.";
    Problem::new(ProblemKind::Invalid, "BAD_FEEDBACK", detail).at("says")
}
