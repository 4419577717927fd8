use kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::reads::SeasonView;

/// A season.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "autumn-2026", "name": "Autumn 2026", "description": "Four merged pull requests.", "state": "running",
    "first_day": "2026-10-01", "last_day": "2026-10-31", "registration_first_day": "2026-09-15",
    "registration_last_day": "2026-10-31", "takes_registrations": true, "goal": 4, "is_registered_only": true,
    "final_at": null
}))]
pub(super) struct Season {
    /// The season's slug.
    slug: String,
    /// The season's display name.
    name: String,
    /// The season's description.
    description: String,
    /// `draft`, `canceled`, `registration`, `running`, `ended` (results are provisional) or `signed_off` (results are
    /// final).
    state: &'static str,
    /// The first day in which points count, in each participant's time zone.
    #[schema(format = Date)]
    first_day: String,
    /// The last day in which points count, in each participant's time zone.
    #[schema(format = Date)]
    last_day: String,
    /// The first day of registration (UTC). Null if registration opens when the season is published.
    #[schema(format = Date)]
    registration_first_day: Option<String>,
    /// The last day of registration (UTC). If it is the season's last day, registration ends with the season.
    #[schema(format = Date)]
    registration_last_day: String,
    /// True if people can register now.
    takes_registrations: bool,
    /// The number of merged pull requests that reach the goal. 0 if there is no goal.
    goal: i64,
    /// True if only registered people are on the leaderboard.
    is_registered_only: bool,
    /// When the results became final. Null before.
    #[schema(value_type = Option<String>, format = DateTime)]
    final_at: Option<Timestamp>,
}

impl Season {
    pub(super) fn of(season: &SeasonView, now: Timestamp) -> Self {
        let (days, registration) = (season.days(), season.registration());
        Self {
            slug: season.slug.clone(),
            name: season.name.clone(),
            description: season.description.clone(),
            state: season.state(now).code(),
            first_day: days.first.to_string(),
            last_day: days.last.to_string(),
            registration_first_day: registration.first.map(|day| day.to_string()),
            registration_last_day: registration.last.to_string(),
            takes_registrations: season.takes_registrations(now),
            goal: season.goal,
            is_registered_only: season.is_registered_only,
            final_at: season.signed_off_at,
        }
    }
}

/// A season with its projects and its consent text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "autumn-2026", "name": "Autumn 2026", "description": "Four merged pull requests.", "state": "running",
    "first_day": "2026-10-01", "last_day": "2026-10-31", "registration_first_day": "2026-09-15",
    "registration_last_day": "2026-10-31", "takes_registrations": true, "goal": 4, "is_registered_only": true,
    "final_at": null, "projects": ["lantern"], "consent_version": 1,
    "consent": "Organizers may publish your login with your rank.", "rules": { "maturing_days": 7 }
}))]
pub(super) struct SeasonDetail {
    #[serde(flatten)]
    pub(super) season: Season,
    /// The slugs of the season's projects.
    pub(super) projects: Vec<String>,
    /// The version of the consent text.
    pub(super) consent_version: i64,
    /// The text that participants agree to.
    pub(super) consent: String,
    /// The rules that organizers can publish to the season's projects.
    #[schema(value_type = Object)]
    pub(super) rules: Value,
}
