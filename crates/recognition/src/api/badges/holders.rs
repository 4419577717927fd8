use axum::extract::State;
use kernel::Timestamp;
use platform::{
    Context,
    web::{List, ListQuery, Paged, Path, Query, WebError, cursor_after},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{model::AwardRow, reads};

/// A person who has a badge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "login": "wren-oak", "awarded_at": "2026-11-09T14:20:00Z", "awarded_by": "RULE"
}))]
pub(super) struct BadgeHolder {
    /// The person's login.
    login: String,
    /// When the criteria were reached, by GitHub's clock, or when an admin awarded the badge.
    #[schema(value_type = String, format = DateTime)]
    awarded_at: Timestamp,
    /// `RULE` if the person earned it by its criteria, `ADMIN` if an admin awarded it.
    awarded_by: &'static str,
}

/// Lists the holders of a badge, the latest first, without people who are on no public list.
#[utoipa::path(
    get,
    path = "/api/v1/badges/{slug}/holders",
    operation_id = "list_badge_holders",
    tag = "Badges",
    params(ListQuery),
    responses((status = 200, description = "A page of holders", body = List<BadgeHolder>))
)]
pub(super) async fn holders(
    State(context): State<Context>,
    Path(slug): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<BadgeHolder>>, WebError> {
    let badge = reads::badge(&context.db, &slug).await?;
    let badge = badge.ok_or_else(|| reads::unknown_badge(&slug))?;
    let (limit, before) = (query.limit()?, query.place()?);
    let found = reads::holders(&context.db, badge.id, before, limit + 1).await?;
    let found = List::cut(found, limit, |row| cursor_after((row.awarded_at, row.id)));
    let people = found.items.iter().map(|row| row.user_id.into());
    let logins = identity::reads::logins(&context.db, people).await?;
    let holder = |row: AwardRow| BadgeHolder {
        login: logins.get(&row.user_id.into()).cloned().unwrap_or_default(),
        awarded_at: row.awarded_at,
        awarded_by: row.awarded_by.as_str(),
    };
    Ok(Paged(found.map(holder)))
}
