use axum::{Json, extract::State};
use platform::{
    Context,
    web::{All, WebError},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{self, Insider},
    reads::{self, Recommended, RecommendedView},
};

/// A team or a person that is recommended to you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "kind": "team", "name": "Gannet", "team": "gannet", "login": null, "open_slots": 2, "skills": ["design"],
    "reasons": ["Knows design, which you did not name", "Is new to hackathons, like you"]
}))]
pub(super) struct Recommendation {
    /// `team` or `person`.
    kind: &'static str,
    /// The name of the team, or the login of the person.
    name: String,
    /// The slug of the team. Null for a person.
    team: Option<String>,
    /// The login of the person. Null for a team.
    login: Option<String>,
    /// The number of people who can still join the team. Null for a person.
    open_slots: Option<i64>,
    /// Their skills.
    skills: Vec<String>,
    /// Why they are recommended, as sentences.
    reasons: Vec<String>,
}

impl From<RecommendedView> for Recommendation {
    fn from(view: RecommendedView) -> Self {
        let (kind, name, team, login, open_slots) = match view.whom {
            Recommended::Team { slug, name, open_slots } => {
                ("team", name, Some(slug), None, Some(open_slots))
            }
            Recommended::Person(who) => ("person", who.login.clone(), None, Some(who.login), None),
        };
        Self { kind, name, team, login, open_slots, skills: view.skills, reasons: view.reasons }
    }
}

/// Lists the teams with open places and the people who are looking for a team that suit you best, at most ten. Once you are in a team
/// that others can join, only people.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/recommendations",
    operation_id = "list_teammate_recommendations",
    tag = "Hackathons",
    responses((status = 200, description = "The teams and people", body = All<Recommendation>)),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Json<All<Recommendation>>, WebError> {
    if !insider.takes_part() {
        return Err(access::not_applied(&insider.hackathon).into());
    }
    let (db, person) = (&context.db, insider.viewer.user_id);
    let found = reads::recommendations(db, &insider.hackathon, person, context.now()).await?;
    Ok(Json(All::of(found)))
}
