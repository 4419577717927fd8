//! Pages of badges, and panels of a person's badges on other pages.

mod admin;
mod badge;
mod edit;
mod keys;
mod list;
mod medal;
pub(super) mod panels;

use axum::{
    Router,
    routing::{get, post},
};
use platform::Context;
use ui::format::Number;

use crate::{
    Programmes,
    model::BadgeRow,
    reads::Badges,
    rules::badges::{Criteria, REVOCATIONS},
};

pub use medal::Medal;

/// Routes of the pages.
pub(super) fn routes() -> Router<Context> {
    Router::new()
        .route("/badges", get(list::page))
        .route("/badges/{slug}", get(badge::page))
        .route("/badges/{slug}/image.svg", get(medal::image))
        .route("/.well-known/jwks.json", get(keys::keys))
        .route(REVOCATIONS, get(keys::revocations))
        .route("/admin/badges", get(admin::page))
        .route("/admin/badges/evaluate", post(admin::evaluate))
        .route("/admin/badges/new", get(edit::new).post(edit::create))
        .route("/admin/badges/{slug}", get(edit::edit).post(edit::save))
        .route("/admin/badges/{slug}/retire", post(edit::retire))
        .route("/admin/badges/{slug}/restore", post(edit::restore))
        .route("/admin/badges/{slug}/award", post(edit::award))
        .route("/admin/badges/{slug}/revoke", post(edit::revoke))
}

/// A badge as pages show it.
struct BadgeView {
    slug: String,
    name: String,
    description: String,
    rarity: &'static str,
    /// How to earn it, in a sentence.
    criteria: String,
    /// True if something is counted for it; false if admins award it.
    is_counted: bool,
    medal: Medal,
    holders: Number,
    /// The share of people with points who have it, such as "16%" or "under 1%".
    share: String,
    is_retired: bool,
    /// True if everyone is shown it.
    is_public: bool,
}

impl BadgeView {
    fn of(row: &BadgeRow, found: &Badges, programmes: Programmes) -> Self {
        let criteria = stored(row);
        Self {
            slug: row.slug.clone(),
            name: row.name.clone(),
            description: row.description.clone(),
            rarity: row.rarity.heading(),
            criteria: criteria.sentence(&programmes.metrics()),
            is_counted: criteria != Criteria::Manual,
            medal: Medal::of(row.rarity, &criteria),
            holders: Number(found.holders(row.id)),
            share: share(found.share(row.id)),
            is_retired: row.retired_at.is_some(),
            is_public: row.is_public(),
        }
    }
}

/// Returns the criteria of a badge; those that cannot be read are shown as awarded by admins.
fn stored(row: &BadgeRow) -> Criteria {
    Criteria::stored(&row.criteria).unwrap_or(Criteria::Manual)
}

/// Formats a share in percent, which is unknown when no one has points.
fn share(share: Option<f64>) -> String {
    match share {
        None => "–".to_owned(),
        Some(0.0) => "0%".to_owned(),
        Some(share) if share < 1.0 => "under 1%".to_owned(),
        Some(share) => format!("{share:.0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn small_shares_are_not_zero() {
        for (given, text) in [
            (None, "–"),
            (Some(0.0), "0%"),
            (Some(0.04), "under 1%"),
            (Some(1.0), "1%"),
            (Some(16.4), "16%"),
            (Some(100.0), "100%"),
        ] {
            assert_eq!(share(given), text);
        }
    }
}
