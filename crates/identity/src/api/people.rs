use axum::{extract::State, http::StatusCode};
use kernel::{Points, Problem, ProblemKind, Timestamp, truncate_to_micros};
use platform::{
    Context,
    web::{Body, List, ListQuery, Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    access::{Admin, Moderator},
    actions,
    model::Role,
    reads::{self, Member, MemberBan, MemberFilter},
    rules,
};

/// A search for people; empty fields match everyone.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct MemberSearch {
    /// Only people whose login contains this text (case-insensitive).
    #[param(required = false, example = "wren")]
    pub login: String,
    /// Only people with this role: `user`, `moderator` or `admin`.
    #[param(required = false, pattern = "^(user|moderator|admin)?$")]
    pub role: String,
}

impl MemberSearch {
    /// Converts the search into a filter for people after a cursor, or after a login.
    ///
    /// # Errors
    /// When the role is unknown.
    pub fn filter(&self, after: &str) -> Result<MemberFilter, Problem> {
        Ok(MemberFilter {
            login: self.login.trim().to_owned(),
            role: searched_role(&self.role)?,
            after: reads::place(after),
            ..MemberFilter::default()
        })
    }
}

/// Returns the role that a search names; `None` for any.
///
/// # Errors
/// When the role is unknown.
pub(crate) fn searched_role(name: &str) -> Result<Option<Role>, Problem> {
    let unreadable =
        |error: String| Problem::new(ProblemKind::Malformed, "BAD_QUERY", format!("{error}."));
    let chosen = Some(name).filter(|name| !name.is_empty());
    chosen.map(str::parse::<Role>).transpose().map_err(unreadable)
}

/// A person, as shown to moderators.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Member, example = json!({
    "id": "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "login": "wren-oak", "kind": "user",
    "role": "user", "points": 412, "created_at": "2026-10-02T08:00:00Z",
    "first_signed_in_at": "2026-11-01T08:00:00Z", "ban": {
        "reason": "Spam in three pull requests", "created_at": "2026-11-20T08:00:00Z",
        "expires_at": "2026-11-27T08:00:00Z", "actor": "finch-ash"
    }
}))]
pub(super) struct MemberView {
    /// The person's ID.
    id: Uuid,
    /// The person's login.
    login: String,
    /// The kind of account: `user`, `bot` or `organization`.
    kind: String,
    /// The person's role.
    #[schema(value_type = Role)]
    role: String,
    /// All-time points.
    #[schema(value_type = i64)]
    points: Points,
    /// When the account was first seen.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the person first signed in, if they have.
    #[schema(value_type = Option<String>, format = DateTime)]
    first_signed_in_at: Option<Timestamp>,
    /// The current ban, if any.
    ban: Option<BanView>,
}

/// A current ban.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Ban)]
struct BanView {
    /// The reason for the ban.
    reason: String,
    /// When the ban began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When the ban ends. Null when it has no end date.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The login of the admin who banned the person. Null when an operator did so on the command line.
    actor: Option<String>,
}

impl BanView {
    fn of(ban: MemberBan) -> Option<Self> {
        let (reason, created_at) = ban.reason.zip(ban.at)?;
        Some(Self { reason, created_at, expires_at: ban.ends_at, actor: ban.by })
    }
}

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        Self {
            id: member.id,
            login: member.login,
            kind: member.kind.as_str().to_owned(),
            role: member.role.as_str().to_owned(),
            points: member.total_points,
            created_at: member.created_at,
            first_signed_in_at: member.claimed_at,
            ban: BanView::of(member.ban),
        }
    }
}

/// The role to grant.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "moderator", "reason": "Helps with reports" }))]
pub(super) struct RoleChange {
    /// The new role.
    #[schema(value_type = Role)]
    role: String,
    /// The reason, shown in the audit log. At most 2,000 characters.
    reason: Option<String>,
}

/// The ban to set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Spam in three pull requests", "expires_at": null }))]
pub(super) struct NewBan {
    /// The reason, shown to the person and in the audit log.
    #[schema(min_length = 1)]
    reason: String,
    /// When the ban ends, at most 100 years from now. Omit it for a ban without an end date.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// The reason for lifting a ban.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Lift {
    /// The reason, shown in the audit log.
    #[serde(default)]
    #[param(required = true, min_length = 1, example = "Appeal accepted")]
    reason: String,
}

/// Lists people by login, with their roles and bans.
#[utoipa::path(
    get,
    path = "/api/v1/admin/people",
    operation_id = "list_people",
    tag = "Admin",
    params(MemberSearch, ListQuery),
    responses(
        (status = 200, description = "A page of people", body = List<MemberView>),
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn people(
    State(context): State<Context>,
    _: Moderator,
    Query(search): Query<MemberSearch>,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<MemberView>>, WebError> {
    let limit = query.limit()?;
    let filter = search.filter(query.cursor.as_deref().unwrap_or_default())?;
    let found = reads::members(&context.db, &filter, context.now(), limit + 1).await?;
    let found = List::cut(found, limit, Member::cursor);
    Ok(Paged(found.map(Into::into)))
}

/// Changes a person's role on this server.
#[utoipa::path(
    put,
    path = "/api/v1/admin/people/{login}/role",
    operation_id = "grant_role",
    tag = "Admin",
    request_body = RoleChange,
    responses(
        (status = 204, description = "The person's role is changed"),
        (status = 409, description = "You cannot change your own role"),
        (status = 422, description = "Unknown role, or a reason that is empty or too long")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn grant(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(login): Path<String>,
    Body(grant): Body<RoleChange>,
) -> Result<StatusCode, WebError> {
    let role = rules::role_named(&grant.role)?;
    let actor = viewer.actor();
    actions::change_role(&context, actor, &login, role, grant.reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Bans a person. They can no longer sign in or use sessions or tokens. Replaces any current ban.
#[utoipa::path(
    put,
    path = "/api/v1/admin/people/{login}/ban",
    operation_id = "ban_person",
    tag = "Admin",
    request_body = NewBan,
    responses(
        (status = 204, description = "The person is banned"),
        (status = 409, description = "You cannot ban yourself or the last admin"),
        (status = 422, description = "The reason is missing, or the end is not in the future")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn ban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(login): Path<String>,
    Body(new): Body<NewBan>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    let until = new.expires_at.map(truncate_to_micros);
    actions::ban(&context, actor, &login, &new.reason, until).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts a person's ban.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/people/{login}/ban",
    operation_id = "unban_person",
    tag = "Admin",
    params(Lift),
    responses(
        (status = 204, description = "The ban is lifted"),
        (status = 409, description = "The person is not banned"),
        (status = 422, description = "The reason is missing")
    ),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn unban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Path(login): Path<String>,
    Query(lift): Query<Lift>,
) -> Result<StatusCode, WebError> {
    let actor = viewer.actor();
    actions::unban(&context, actor, &login, &lift.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
