use axum::{Json, extract::State, http::StatusCode};
use kernel::{Points, Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    audit::Actor,
    web::{Body, List, ListQuery, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Admin, Moderator},
    actions,
    model::Role,
    reads::{self, Member, MemberFilter},
    rules,
};

/// Which people are looked for; what is empty says nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct MemberSearch {
    /// Logins that begin so, in whatever case.
    #[param(required = false, example = "wren")]
    pub login: String,
    /// Only those with this role: `user`, `moderator` or `admin`.
    #[param(required = false)]
    pub role: String,
}

impl MemberSearch {
    /// The people meant who stand behind the login `after`.
    ///
    /// # Errors
    /// A sentence when the role is none.
    pub fn filter(&self, after: &str) -> Result<MemberFilter, Problem> {
        let read = |role: &str| role.parse::<Role>().map_err(|error| unreadable(&error));
        let role = Some(self.role.as_str()).filter(|role| !role.is_empty());
        Ok(MemberFilter {
            login: self.login.trim().to_owned(),
            role: role.map(read).transpose()?,
            after: after.to_owned(),
        })
    }

    /// Whether everybody is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.login.is_empty() && self.role.is_empty()
    }
}

fn unreadable(error: &str) -> Problem {
    Problem::new(ProblemKind::Malformed, "BAD_QUERY", format!("{error}."))
}

/// A person as those who look after people see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Member, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "login": "wren-oak", "kind": "user",
    "role": "moderator", "points": 412, "is_banned": false,
    "created_at": "2026-10-02T08:00:00Z", "claimed_at": "2026-11-01T08:00:00Z"
}))]
pub(super) struct MemberView {
    /// Their id.
    id: Uuid,
    /// The name in addresses.
    login: String,
    /// `user`, `bot` or `organization`.
    kind: String,
    /// What they may do.
    #[schema(value_type = Role)]
    role: String,
    /// Points of all time.
    #[schema(value_type = i64)]
    points: Points,
    /// Whether they may do nothing any more.
    is_banned: bool,
    /// When the account was first seen.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the person first signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    claimed_at: Option<Timestamp>,
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            login: member.login,
            kind: member.kind,
            role: member.role,
            points: member.total_points,
            is_banned: member.is_banned,
            created_at: member.created_at,
            claimed_at: member.claimed_at,
        }
    }
}

/// The role to be granted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(example = json!({ "role": "moderator" }))]
pub(super) struct Grant {
    /// What they shall be able to do.
    #[schema(value_type = Role)]
    role: String,
}

/// People by login, with their roles.
#[utoipa::path(
    get,
    path = "/api/v1/admin/people",
    operation_id = "members",
    tag = "Office",
    params(MemberSearch, ListQuery),
    responses(
        (status = 200, description = "The part that was asked for", body = List<MemberView>),
        (status = 400, description = "What follows the question mark cannot be read"),
        (status = 401, description = "Nobody is signed in"),
        (status = 403, description = "Who is signed in is neither a moderator nor an admin, or is banned")
    ),
    security(("session" = []))
)]
pub(super) async fn people(
    State(context): State<Context>,
    _: Moderator,
    Query(search): Query<MemberSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Json<List<MemberView>>, WebError> {
    let limit = query.limit()?;
    let filter = search.filter(query.cursor.as_deref().unwrap_or_default())?;
    let found = reads::members(&context.db, &filter, limit + 1).await?;
    let found = List::cut(found, limit, |member| member.login.clone());
    Ok(Json(found.map(Into::into)))
}

/// Gives a person a role on the whole platform.
#[utoipa::path(
    put,
    path = "/api/v1/admin/people/{login}/role",
    operation_id = "grant_role",
    tag = "Office",
    params(("login" = String, Path, description = "A login, in whatever case", example = "wren-oak")),
    request_body = Grant,
    responses(
        (status = 204, description = "They have the role"),
        (status = 400, description = "The address or the body cannot be read"),
        (status = 401, description = "Nobody is signed in"),
        (status = 403, description = "Who is signed in is no admin or is banned, or the request is another site's"),
        (status = 404, description = "Nobody has this login"),
        (status = 409, description = "Nobody changes their own role"),
        (status = 413, description = "The body is too large"),
        (status = 415, description = "The body is not JSON by its type"),
        (status = 422, description = "There is no such role")
    ),
    security(("session" = []))
)]
pub(super) async fn grant(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(login): Path<String>,
    Body(grant): Body<Grant>,
) -> Result<StatusCode, WebError> {
    let role = rules::role_named(&grant.role)?;
    let actor = Actor::Person(viewer.user_id);
    actions::grant_role(&context, actor, &login, role).await?;
    Ok(StatusCode::NO_CONTENT)
}
