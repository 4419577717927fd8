use askama::Template;
use axum::{Extension, extract::State};
use platform::Context;
use ui::{PageResult, format::Number, show};

use super::BadgeView;
use crate::{Programmes, model::BadgeRow, reads};

#[derive(Template)]
#[template(path = "badges.html")]
struct BadgesPage {
    badges: Vec<BadgeView>,
    retired: Vec<BadgeView>,
    /// The number of people with points.
    people: Number,
}

/// `GET /badges`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(programmes): Extension<Programmes>,
) -> PageResult {
    let mut found = reads::badges(&context.db).await?;
    // The most common ones first, as people earn them.
    let rows = std::mem::take(&mut found.rows);
    let mut rows: Vec<&BadgeRow> = rows.iter().collect();
    rows.sort_by_key(|row| (row.rarity, -found.holders(row.id), &row.slug));
    let views = rows.into_iter().map(|row| BadgeView::of(row, &found, programmes));
    let (retired, badges) = views.partition(|badge: &BadgeView| badge.is_retired);
    show(&BadgesPage { badges, retired, people: Number(found.people) })
}
