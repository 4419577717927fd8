use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{model::Held, reads::HackathonView, rules::details};

/// A hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01931b6e-6c00-7000-8000-00000000000c", "slug": "low-tide", "title": "Low Tide Hack", "summary": "Small tools for small harbors.",
    "phase": "applications", "visibility": "public", "tags": ["rust"], "timezone": "Europe/Lisbon",
    "application_opens_at": "2026-10-12T17:00:00Z", "application_closes_at": "2026-11-06T18:00:00Z",
    "submission_opens_at": "2026-11-14T09:00:00Z", "submission_closes_at": "2026-11-22T18:00:00Z",
    "judging_opens_at": "2026-11-23T09:00:00Z", "judging_closes_at": "2026-11-29T18:00:00Z",
    "held": "place", "venue": "Old Net Loft, Saltmarsh", "places": "automatic", "capacity": 160, "confirm_by": null,
    "late_registration": false, "team_min": 1, "team_max": 4
}))]
pub(super) struct Hackathon {
    /// The ID, with which `get_hackathon_dates` finds it.
    id: Uuid,
    /// The slug in URLs, which never changes.
    slug: String,
    /// The name.
    title: String,
    /// A line below the name.
    summary: String,
    /// `draft`, `upcoming`, `applications`, `applications_closed`, `submission`, `submission_closed`, `judging`,
    /// `judging_closed`, `completed`, `archived` or `cancelled`.
    phase: &'static str,
    /// `public`, `invite_only` (applying needs the invitation) or `private` (it is not listed).
    visibility: &'static str,
    /// The tags.
    tags: Vec<String>,
    /// The name of the time zone in which pages show the dates.
    timezone: String,
    /// When people can begin to apply.
    #[schema(value_type = String, format = DateTime)]
    application_opens_at: Timestamp,
    /// When they no longer can.
    #[schema(value_type = String, format = DateTime)]
    application_closes_at: Timestamp,
    /// When teams can begin to submit.
    #[schema(value_type = String, format = DateTime)]
    submission_opens_at: Timestamp,
    /// When they no longer can.
    #[schema(value_type = String, format = DateTime)]
    submission_closes_at: Timestamp,
    /// When judging begins. Null without judging.
    #[schema(value_type = Option<String>, format = DateTime)]
    judging_opens_at: Option<Timestamp>,
    /// When judging ends. Null without judging.
    #[schema(value_type = Option<String>, format = DateTime)]
    judging_closes_at: Option<Timestamp>,
    /// The manner in which it is held: `online`, `place` or `both`. Null if that is not stated.
    held: Option<&'static str>,
    /// The name of the place. Null if there is none.
    venue: Option<String>,
    /// How places are given: `automatic` or `review`.
    places: &'static str,
    /// The number of places. Null without a limit.
    capacity: Option<i64>,
    /// The time by which people with a place confirm it. Null if they need not.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirm_by: Option<Timestamp>,
    /// True if people can apply until submissions close, while places are free.
    late_registration: bool,
    /// The minimum number of people in a team.
    team_min: i64,
    /// The maximum number of people in a team.
    team_max: i64,
}

impl Hackathon {
    pub(super) fn of(hackathon: &HackathonView, now: Timestamp) -> Self {
        let dates = hackathon.timeline();
        let judged = |at: Timestamp| dates.has_judging().then_some(at);
        Self {
            id: hackathon.id,
            slug: hackathon.slug.clone(),
            title: hackathon.title.clone(),
            summary: hackathon.summary.clone(),
            phase: hackathon.phase(now).as_str(),
            visibility: hackathon.visibility.as_str(),
            tags: hackathon.tags(),
            timezone: hackathon.zone().name().to_owned(),
            application_opens_at: dates.application_opens_at,
            application_closes_at: dates.application_closes_at,
            submission_opens_at: dates.submission_opens_at,
            submission_closes_at: dates.submission_closes_at,
            judging_opens_at: judged(dates.judging_opens_at),
            judging_closes_at: judged(dates.judging_closes_at),
            held: hackathon.held.map(Held::as_str),
            venue: hackathon.venue.clone().filter(|venue| !venue.is_empty()),
            places: hackathon.places.as_str(),
            capacity: hackathon.capacity,
            confirm_by: hackathon.confirm_by,
            late_registration: hackathon.late_registration,
            team_min: hackathon.team_min,
            team_max: hackathon.team_max,
        }
    }
}

/// A question to everyone who applies.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "What would you like to build?", "is_required": true }))]
pub(super) struct Question {
    /// The question.
    #[schema(min_length = 1, max_length = 200)]
    text: String,
    /// True if it must be answered.
    #[serde(default)]
    is_required: bool,
}

impl From<details::Question> for Question {
    fn from(question: details::Question) -> Self {
        Self { text: question.text, is_required: question.is_required }
    }
}

impl From<Question> for details::Question {
    fn from(question: Question) -> Self {
        Self { text: question.text, is_required: question.is_required }
    }
}

/// A hackathon with its texts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct HackathonDetail {
    #[serde(flatten)]
    hackathon: Hackathon,
    /// The number of changes. Send it as `based_on` with a change, so that it does not undo those of others.
    revision: i64,
    /// The description, as Markdown.
    description: String,
    /// The requirements: people who can take part, and what they submit, as Markdown.
    requirements: String,
    /// The prizes, as Markdown.
    prizes: String,
    /// The version of the code of conduct.
    conduct_version: i64,
    /// The code of conduct, as Markdown.
    conduct: String,
    /// The questions to everyone who applies.
    questions: Vec<Question>,
    /// The number of people who hold a place.
    accepted: i64,
    /// The results, as Markdown. Null before they are published.
    results: Option<String>,
    /// Why it is canceled. Null if it is not.
    cancel_reason: Option<String>,
    /// The code of the invitation link. Null for everyone but organizers.
    pub(super) invitation: Option<String>,
}

impl HackathonDetail {
    pub(super) fn of(
        hackathon: &HackathonView,
        conduct: String,
        accepted: i64,
        now: Timestamp,
    ) -> Self {
        let results = &hackathon.results;
        Self {
            hackathon: Hackathon::of(hackathon, now),
            revision: hackathon.sequence,
            description: hackathon.description.clone(),
            requirements: hackathon.requirements.clone(),
            prizes: hackathon.prizes.clone(),
            conduct_version: hackathon.conduct_version,
            conduct,
            questions: hackathon.questions().into_iter().map(Into::into).collect(),
            accepted,
            results: (!results.is_empty()).then(|| results.clone()),
            cancel_reason: hackathon.cancel_reason.clone(),
            invitation: None,
        }
    }
}
