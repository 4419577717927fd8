use std::collections::HashMap;

use askama::Template;
use axum::{Extension, extract::State};
use identity::{model::UserId, rules::has_profile};
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{
    Address, PageResult, QueryString, Who,
    format::Instant,
    paging::{List, place},
    show,
};

use uuid::Uuid;

use super::{BadgeView, stored};
use crate::{
    Programmes,
    model::{AwardRow, AwardedBy},
    pages::embed::markdown,
    reads,
};

/// The number of holders per page.
const HOLDERS: i64 = 25;

/// The query string of a badge's page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BadgeQuery {
    holders: String,
}

#[derive(Template)]
#[template(path = "badge.html")]
struct BadgePage {
    badge: BadgeView,
    /// The criteria as JSON.
    document: String,
    holders: List<Holder>,
    /// Markdown that shows the medal in a README.
    embed: String,
}

/// A person who has the badge.
struct Holder {
    who: Who,
    at: Instant,
    is_by_admin: bool,
}

/// `GET /badges/{slug}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
    Address(slug): Address<String>,
    QueryString(query): QueryString<BadgeQuery>,
) -> PageResult {
    let found = reads::badges(&context.db).await?;
    let row = found.rows.iter().find(|row| row.slug == slug);
    let row = row.ok_or_else(|| reads::unknown_badge(&slug))?;
    let document = serde_json::to_string_pretty(&stored(row).document());
    show(&BadgePage {
        badge: BadgeView::of(row, &found, programmes),
        document: document.unwrap_or_default(),
        holders: holders(&context, row.id, &query.holders).await?,
        embed: markdown(&row.name, &format!("/badges/{}", row.slug), "image.svg"),
    })
}

async fn holders(context: &Context, badge: Uuid, cursor: &str) -> Result<List<Holder>, WebError> {
    let rows = reads::holders(&context.db, badge, place(cursor)?, HOLDERS + 1).await?;
    let found = List::cut(rows, HOLDERS, cursor, |row| (row.awarded_at, row.id));
    let people = people(context, &found.rows).await?;
    Ok(found.map(|row| {
        let who = people.get(&row.user_id.into()).filter(|who| has_profile(&who.login));
        Some(Holder::of(&row, who.cloned().unwrap_or_default()))
    }))
}

async fn people(context: &Context, rows: &[AwardRow]) -> Result<HashMap<UserId, Who>, DbError> {
    let people = rows.iter().map(|row| row.user_id.into());
    identity::reads::who(&context.db, people).await
}

impl Holder {
    fn of(row: &AwardRow, who: Who) -> Self {
        Self { who, at: Instant(row.awarded_at), is_by_admin: row.awarded_by == AwardedBy::Admin }
    }
}
