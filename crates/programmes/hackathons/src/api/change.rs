use axum::{Json, extract::State};
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, WebError},
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    detail, nullable,
    views::{HackathonDetail, Question},
};
use crate::{
    access::{Host, Organizer},
    actions::{NewHackathon, create_hackathon, edit_hackathon, replace_invite_code},
    rules::details::HackathonInput,
};

/// Declares a body with the fields of a hackathon besides `$own`. `$required` is the type of those that a new hackathon must have.
macro_rules! body {
    ($(#[$meta:meta])* $name:ident ($($required:tt)+) { $($own:tt)* }) => {
        #[derive(Clone, Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        $(#[$meta])*
        pub(super) struct $name {
            $($own)*
            /// The name.
            #[schema(min_length = 1, max_length = 100)]
            title: $($required)+,
            /// When people can begin to apply.
            #[schema(format = DateTime)]
            application_opens_at: $($required)+,
            /// When they no longer can.
            #[schema(format = DateTime)]
            application_closes_at: $($required)+,
            /// When teams can begin to submit.
            #[schema(format = DateTime)]
            submission_opens_at: $($required)+,
            /// When they no longer can.
            #[schema(format = DateTime)]
            submission_closes_at: $($required)+,
            /// When judging begins. Null, as `judging_closes_at`, for a hackathon without judging.
            #[serde(default, deserialize_with = "nullable")]
            #[schema(format = DateTime)]
            judging_opens_at: Option<String>,
            /// When judging ends. Null for a hackathon without judging.
            #[serde(default, deserialize_with = "nullable")]
            #[schema(format = DateTime)]
            judging_closes_at: Option<String>,
            /// A line below the name.
            #[schema(max_length = 200)]
            summary: Option<String>,
            /// The description, as Markdown.
            #[schema(max_length = 20_000)]
            description: Option<String>,
            /// The requirements: people who can take part, and what they submit, as Markdown.
            #[schema(max_length = 20_000)]
            requirements: Option<String>,
            /// The prizes, as Markdown.
            #[schema(max_length = 20_000)]
            prizes: Option<String>,
            /// The code of conduct, as Markdown. A different text is a new version, for those who apply from then on.
            #[schema(max_length = 20_000)]
            conduct: Option<String>,
            /// The tags.
            #[schema(max_items = 10)]
            tags: Option<Vec<String>>,
            /// The questions to everyone who applies.
            #[schema(max_items = 10)]
            questions: Option<Vec<Question>>,
            /// `public`, `invite_only` or `private`.
            #[schema(max_length = 20)]
            visibility: Option<String>,
            /// The manner in which it is held: `online`, `place` or `both`; empty if that is not stated.
            #[schema(max_length = 20)]
            held: Option<String>,
            /// The name of the place where it is held.
            #[schema(max_length = 120)]
            venue: Option<String>,
            /// `automatic` or `review`.
            #[schema(max_length = 20)]
            places: Option<String>,
            /// The time by which people confirm their places, between the end of applications and the opening of submissions, and
            /// at least 24 hours from now. Places that are not confirmed go to the waitlist. Null if they need not.
            #[serde(default, deserialize_with = "nullable")]
            #[schema(format = DateTime)]
            confirm_by: Option<String>,
            /// True if people can apply until submissions close, while places are free.
            late_registration: Option<bool>,
            /// The minimum number of people in a team.
            #[schema(minimum = 1, maximum = 10)]
            team_min: Option<i64>,
            /// The maximum number of people in a team.
            #[schema(minimum = 1, maximum = 10)]
            team_max: Option<i64>,
        }

        impl $name {
            /// Returns the fields, which are based on no revision.
            fn fields(self) -> HackathonInput {
                let questions = self.questions;
                HackathonInput {
                    title: self.title.into(),
                    summary: self.summary,
                    description: self.description,
                    requirements: self.requirements,
                    prizes: self.prizes,
                    conduct: self.conduct,
                    tags: self.tags,
                    questions: questions.map(|all| all.into_iter().map(Into::into).collect()),
                    visibility: self.visibility,
                    places: self.places,
                    held: self.held,
                    venue: self.venue,
                    capacity: self.capacity,
                    confirm_by: self.confirm_by,
                    late_registration: self.late_registration,
                    team_min: self.team_min,
                    team_max: self.team_max,
                    timezone: self.timezone,
                    based_on: None,
                    dates: [
                        self.application_opens_at.into(),
                        self.application_closes_at.into(),
                        self.submission_opens_at.into(),
                        self.submission_closes_at.into(),
                        self.judging_opens_at,
                        self.judging_closes_at,
                    ],
                    unread: None,
                }
            }
        }
    };
}

body! {
    /// A hackathon to create, as a draft.
    #[schema(example = json!({
        "title": "Low Tide Hack", "timezone": "Europe/Lisbon", "capacity": 160,
        "application_opens_at": "2026-10-12T17:00:00Z", "application_closes_at": "2026-11-06T18:00:00Z",
        "submission_opens_at": "2026-11-14T09:00:00Z", "submission_closes_at": "2026-11-22T18:00:00Z"
    }))]
    NewHackathonInput (String) {
        /// The slug, used in URLs. Derived from the name if absent.
        #[schema(max_length = 100)]
        slug: Option<String>,
        /// The name of the time zone in which pages show the dates. UTC if absent.
        #[schema(max_length = 60)]
        timezone: Option<String>,
        /// The number of places. No limit if absent.
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = Option<i64>, minimum = 1, maximum = 100_000)]
        capacity: Option<Option<i64>>,
    }
}

body! {
    /// Changes to a hackathon. Absent fields stay as they are.
    #[schema(example = json!({ "capacity": 200, "submission_closes_at": "2026-11-23T18:00:00Z" }))]
    HackathonPatch (Option<String>) {
        /// The name of the time zone in which pages show the dates.
        #[schema(max_length = 60)]
        timezone: Option<String>,
        /// The number of places. Null for no limit.
        #[serde(default, deserialize_with = "given")]
        #[schema(value_type = Option<i64>, minimum = 1, maximum = 100_000)]
        capacity: Option<Option<i64>>,
        /// The `revision` that the change is based on, which is refused if the hackathon has another by now. Not compared if absent.
        based_on: Option<i64>,
    }
}

/// Reads a number that is given; null is none.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::<i64>::deserialize(deserializer).map(Some)
}

/// Creates a hackathon as a draft, which only its staff sees. You are its first organizer.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons",
    operation_id = "create_hackathon",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = NewHackathonInput,
    responses(
        (status = 201, description = "The hackathon", body = HackathonDetail),
        (status = 403, description = "You are not a host"),
        (status = 409, description = "The slug is taken"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    Host(viewer): Host,
    Body(input): Body<NewHackathonInput>,
) -> Result<Created<HackathonDetail>, WebError> {
    let new = NewHackathon { slug: input.slug.clone(), details: input.fields() };
    let hackathon = create_hackathon(&context, viewer.user_id, new).await?;
    Ok(Created {
        location: format!("/api/v1/hackathons/{}", hackathon.slug),
        body: detail(&context, &hackathon, true).await?,
    })
}

/// Changes a hackathon. More places go to the waitlist, and everyone with an open application is notified of other dates.
#[utoipa::path(
    patch,
    path = "/api/v1/hackathons/{slug}",
    operation_id = "edit_hackathon",
    tag = "Hackathons",
    request_body = HackathonPatch,
    responses(
        (status = 200, description = "The changed hackathon", body = HackathonDetail),
        (status = 409, description = "The hackathon is completed, archived or canceled, was changed since `based_on`, or a deadline in the future would open submissions about which was decided"),
        (status = 422, description = "A field is not valid")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn edit(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(patch): Body<HackathonPatch>,
) -> Result<Json<HackathonDetail>, WebError> {
    let input = HackathonInput { based_on: patch.based_on, ..patch.fields() };
    let edited = edit_hackathon(&context, viewer.actor(), &hackathon.slug, &input).await?;
    detail(&context, &edited, true).await.map(Json)
}

/// The invitation to a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "invitation": "K7WM4RXT" }))]
pub(super) struct Invitation {
    /// The code of the invitation link.
    invitation: String,
}

/// Replaces the invitation link of a hackathon. The former one no longer works.
#[utoipa::path(
    post,
    path = "/api/v1/hackathons/{slug}/invitation",
    operation_id = "replace_hackathon_invitation",
    tag = "Hackathons",
    responses(
        (status = 200, description = "The new invitation", body = Invitation),
        (status = 409, description = "The hackathon is completed, archived or canceled")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn replace_invitation(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Json<Invitation>, WebError> {
    let invitation = replace_invite_code(&context, viewer.actor(), &hackathon.slug).await?;
    Ok(Json(Invitation { invitation }))
}
