use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use platform::Context;
use ui::{Address, PageError, html};

use super::stored;
use crate::{model::Rarity, reads, rules::badges::Criteria};

/// The picture of a badge: its shape says the rarity, its icon and its color what it is earned by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Medal {
    /// The CSS class of the color.
    pub tint: &'static str,
    /// The colors of an image outside the pages: the outline and the filling.
    pub colors: (&'static str, &'static str),
    /// The outline, as SVG in a view box of 52 × 60.
    pub shape: &'static str,
    /// The transformation of the icon.
    pub place: &'static str,
    /// The icon, as SVG in a view box of 24 × 24.
    pub icon: &'static str,
}

/// A class of the stylesheet, and its outline and filling outside the pages.
type Tint = (&'static str, (&'static str, &'static str));
const VERT: Tint = ("t-vert", ("#1c5c48", "#dcebe2"));
const AZURE: Tint = ("t-azure", ("#23517f", "#dfe9f3"));
const OR: Tint = ("t-or", ("#775200", "#f6ecd0"));
const GULES: Tint = ("t-gules", ("#96281f", "#f7e3de"));

const CIRCLE: &str = r#"<circle cx="26" cy="30" r="22"/>"#;
const OCTAGON: &str = r#"<path d="M17 8h18l13 13v18L35 52H17L4 39V21z"/>"#;
const SHIELD: &str = r#"<path d="M5 7h42v24c0 12-9 20-21 25C14 51 5 43 5 31z"/>"#;
const CROWNED: &str = r#"<path d="M15 15V3.5l5.5 5.5L26 2l5.5 7L37 3.5V15z"/><path d="M4 15h44v18c0 12-10 20-22 25C14 53 4 45 4 33z"/><path d="M8 19h36v14c0 9.5-8 16.5-18 20.8C16 49.5 8 42.5 8 33z"/>"#;

const BRANCH: &str = r#"<circle cx="6" cy="5.5" r="2.5"/><circle cx="6" cy="18.5" r="2.5"/><circle cx="18" cy="18.5" r="2.5"/><path d="M6 8v8M18 16V9.5a4 4 0 0 0-4-4h-2.5M13.5 3l-2.5 2.5L13.5 8"/>"#;
const CHECK: &str = r#"<path d="M4 13l5 5L20 6"/>"#;
const RIBBON: &str =
    r#"<circle cx="12" cy="9.5" r="6"/><path d="M8.5 14.5L7 21.5l5-2.5 5 2.5-1.5-7"/>"#;
const CALENDAR: &str =
    r#"<path d="M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4"/><path d="M8 15l2.5 2.5L16 13"/>"#;
const TROPHY: &str = r#"<path d="M7 4h10v6a5 5 0 0 1-10 0zM7 6H3.5c0 3.5 1.5 5 3.8 5.2M17 6h3.5c0 3.5-1.5 5-3.8 5.2M12 15v4M8 20.5h8"/>"#;
const FLAG: &str = r#"<path d="M6 21V4h12l-3 4 3 4H6"/>"#;
const LAUREL: &str =
    r#"<path d="M12 21V9M12 13c-5 0-7-3-7-7 5 0 7 3 7 7zM12 11c5 0 7-3 7-7-5 0-7 3-7 7z"/>"#;
const CLOCK: &str = r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>"#;
const SAIL: &str = r#"<path d="M3 17c3-2 5-2 9 0s6 2 9 0M12 3v11M12 4c4 2 6 5 6.5 9H12"/>"#;
const SUN: &str = r#"<circle cx="12" cy="12" r="4.5"/><path d="M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3L7 7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7"/>"#;
const STAR: &str =
    r#"<path d="M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6L3.4 9.8l6-.8z"/>"#;

/// The icons and the colors of metrics.
const METRICS: [(&str, Tint); 5] =
    [(LAUREL, VERT), (CLOCK, AZURE), (FLAG, OR), (SAIL, GULES), (SUN, OR)];

/// Returns the icon and the color of a metric: drawn from its code, always the same.
fn of_metric(code: &str) -> (&'static str, Tint) {
    let sum = code.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(33).wrapping_add(byte.into()));
    METRICS[sum as usize % METRICS.len()]
}

impl Medal {
    /// Returns the picture of a badge.
    #[must_use]
    pub fn of(rarity: Rarity, criteria: &Criteria) -> Self {
        let (shape, place) = match rarity {
            Rarity::Common => (CIRCLE, "translate(14 18)"),
            Rarity::Rare => (OCTAGON, "translate(14 18)"),
            Rarity::Epic => (SHIELD, "translate(14 18)"),
            Rarity::Legendary => (CROWNED, "translate(14 23)"),
        };
        let (tint, colors) = match criteria {
            Criteria::FirstPr => VERT,
            Criteria::PrCount { .. } => AZURE,
            Criteria::Streak { .. } => GULES,
            Criteria::QualityRating { .. } | Criteria::ProjectChampion(_) => OR,
            Criteria::Metric { metric, .. } => of_metric(metric).1,
            // These are of many kinds, so the rarity has a color, too.
            Criteria::Manual => match rarity {
                Rarity::Common | Rarity::Legendary => OR,
                Rarity::Rare => AZURE,
                Rarity::Epic => VERT,
            },
        };
        let icon = match criteria {
            Criteria::FirstPr => BRANCH,
            Criteria::PrCount { .. } => CHECK,
            Criteria::QualityRating { .. } => RIBBON,
            Criteria::Streak { .. } => CALENDAR,
            Criteria::ProjectChampion(_) => TROPHY,
            Criteria::Metric { metric, .. } => of_metric(metric).0,
            Criteria::Manual => STAR,
        };
        Self { tint, colors, shape, place, icon }
    }
}

#[derive(Template)]
#[template(path = "badge_image.svg", escape = "xml")]
struct Image {
    title: String,
    medal: Medal,
}

/// `GET /badges/{slug}/image.svg`: the medal, for other sites.
pub(super) async fn image(
    State(context): State<Context>,
    Address(slug): Address<String>,
) -> Result<Response, PageError> {
    let badge = reads::badge(&context.db, &slug).await?;
    let badge = badge.ok_or_else(|| reads::unknown_badge(&slug))?;
    let svg = html(&Image {
        title: format!("{} ({})", badge.name, badge.rarity.heading()),
        medal: Medal::of(badge.rarity, &stored(&badge)),
    })?;
    let kind = HeaderValue::from_static("image/svg+xml");
    Ok(([(header::CONTENT_TYPE, kind)], svg).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_the_rarity_and_the_color_the_criteria() {
        let medal = |rarity, criteria| Medal::of(rarity, &criteria);
        for (criteria, rarity, tint, shape) in [
            (Criteria::FirstPr, Rarity::Common, "t-vert", CIRCLE),
            (Criteria::FirstPr, Rarity::Rare, "t-vert", OCTAGON),
            (Criteria::Manual, Rarity::Common, "t-or", CIRCLE),
            (Criteria::Manual, Rarity::Epic, "t-vert", SHIELD),
            (Criteria::Manual, Rarity::Legendary, "t-or", CROWNED),
        ] {
            let found = medal(rarity, criteria.clone());
            assert_eq!((found.tint, found.shape), (tint, shape), "{criteria:?} {rarity:?}");
        }
    }

    #[test]
    fn metrics_look_different() {
        for (code, icon) in [
            ("hackathon_applications", FLAG),
            ("hackathon_submissions_on_time", CLOCK),
            ("hackathon_selections", LAUREL),
            ("hackathon_wins", SAIL),
        ] {
            assert_eq!(of_metric(code).0, icon, "{code}");
        }
    }
}
