use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::Problem;
use platform::{
    Context,
    idempotency::IdempotencyKey,
    web::{Body, Created, List, ListQuery, Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Insider,
    actions::{self, TeamChange},
    model::{TeamId, TeamRole},
    reads::{self, HackathonView, MemberView, TeamView},
    rules::invalid,
};

/// A member of a team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "role": "leader" }))]
struct TeamMember {
    /// The login.
    login: String,
    /// `leader`, `co_leader` or `member`.
    role: &'static str,
}

impl From<&MemberView> for TeamMember {
    fn from(member: &MemberView) -> Self {
        Self { login: member.login.clone(), role: member.role.as_str() }
    }
}

/// A team.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slug": "gannet", "name": "Gannet", "is_locked": false, "open_slots": 3,
    "members": [{ "login": "ada-lovelace", "role": "leader" }]
}))]
pub(super) struct Team {
    /// The slug, unique in the hackathon.
    slug: String,
    /// The name.
    name: String,
    /// True if it is locked, so that people cannot join it.
    is_locked: bool,
    /// The number of people who can still join it.
    open_slots: i64,
    /// The members, in the order in which they joined.
    members: Vec<TeamMember>,
}

fn of(team: TeamView, members: &[MemberView], most: i64) -> Team {
    let is_locked = team.locked_at.is_some();
    let own = members.iter().filter(|member| member.team_id == team.id);
    Team {
        members: own.map(Into::into).collect(),
        open_slots: if is_locked { 0 } else { (most - team.members).max(0) },
        is_locked,
        slug: team.slug,
        name: team.name,
    }
}

/// Lists the teams of a hackathon, for people who take part and its staff.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/teams",
    operation_id = "list_hackathon_teams",
    tag = "Hackathons",
    params(ListQuery),
    responses((status = 200, description = "A page of teams, by slug", body = List<Team>)),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    insider: Insider,
    Query(query): Query<ListQuery>,
) -> Result<Paged<List<Team>>, WebError> {
    let limit = query.limit()?;
    let (db, id) = (&context.db, insider.hackathon.key());
    let found = reads::teams(db, id, query.cursor.as_deref(), limit + 1).await?;
    let found = List::cut(found, limit, |team| team.slug.clone());
    let ids: Vec<TeamId> = found.items.iter().map(TeamView::key).collect();
    let members = reads::members(db, ids).await?;
    let most = insider.hackathon.team_max;
    Ok(Paged(found.map(|team| of(team, &members, most))))
}

/// Your team in a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "hackathon": "low-tide", "code": "K7WM4RXT", "role": "leader", "invited": [], "slug": "gannet", "name": "Gannet",
    "is_locked": false, "open_slots": 3, "members": [{ "login": "ada-lovelace", "role": "leader" }]
}))]
pub(super) struct OwnTeam {
    /// The slug of the hackathon.
    hackathon: String,
    /// The code with which people join the team.
    code: String,
    /// Your role: `leader`, `co_leader` or `member`.
    role: &'static str,
    /// The logins of the people who are invited and have not answered.
    invited: Vec<String>,
    #[serde(flatten)]
    team: Team,
}

/// Reads the team of a person.
pub(super) async fn own_team(
    context: &Context,
    hackathon: &HackathonView,
    person: identity::model::UserId,
) -> Result<OwnTeam, WebError> {
    let db = &context.db;
    let found = reads::team_of(db, hackathon.key(), person).await?;
    let none = || Problem::not_found(format!("You have no team in {}.", hackathon.title));
    let (team, role) = found.ok_or_else(none)?;
    let members = reads::members(db, [team.key()]).await?;
    let invited = reads::invited(db, team.key()).await?;
    Ok(OwnTeam {
        hackathon: hackathon.slug.clone(),
        code: team.invite_code.clone(),
        role: role.as_str(),
        invited: invited.into_iter().map(|it| it.login).collect(),
        team: of(team, &members, hackathon.team_max),
    })
}

/// Returns your team in a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/me/hackathons/{slug}/team",
    operation_id = "get_hackathon_team",
    tag = "Hackathons",
    responses(
        (status = 200, description = "Your team", body = OwnTeam),
        (status = 404, description = "No hackathon that you may see has this slug, or you have no team")
    ),
    security(("session" = ["participant"]), ("bearer" = ["read"]))
)]
pub(super) async fn own(
    State(context): State<Context>,
    insider: Insider,
) -> Result<Json<OwnTeam>, WebError> {
    let person = insider.viewer.user_id;
    own_team(&context, &insider.hackathon, person).await.map(Json)
}

/// A team to create.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Gannet" }))]
pub(super) struct NewTeam {
    /// The name.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
}

/// Creates a team, which you lead.
#[utoipa::path(
    post,
    path = "/api/v1/me/hackathons/{slug}/team",
    operation_id = "create_hackathon_team",
    tag = "Hackathons",
    params(IdempotencyKey),
    request_body = NewTeam,
    responses(
        (status = 201, description = "Your team", body = OwnTeam),
        (status = 409, description = "You are in a team, or teams can no longer change"),
        (status = 422, description = "The name is not valid")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
pub(super) async fn create(
    State(context): State<Context>,
    insider: Insider,
    Body(body): Body<NewTeam>,
) -> Result<Created<OwnTeam>, WebError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    actions::create_team(&context, person, &hackathon.slug, &body.name).await?;
    Ok(Created {
        location: format!("/api/v1/me/hackathons/{}/team", hackathon.slug),
        body: own_team(&context, hackathon, person).await?,
    })
}

/// Changes to your team. Absent fields stay as they are.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "is_locked": true }))]
pub(super) struct TeamPatch {
    /// The name.
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    /// True if the team is locked, so that people cannot join it.
    is_locked: Option<bool>,
    /// True to replace the code. The former one no longer works.
    new_code: Option<bool>,
}

/// Changes your team, if you are its leader or a co-leader.
#[utoipa::path(
    patch,
    path = "/api/v1/me/hackathons/{slug}/team",
    operation_id = "change_hackathon_team",
    tag = "Hackathons",
    request_body = TeamPatch,
    responses(
        (status = 200, description = "Your team", body = OwnTeam),
        (status = 409, description = "You have no team, or teams can no longer change"),
        (status = 422, description = "The name is not valid")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    insider: Insider,
    Body(patch): Body<TeamPatch>,
) -> Result<Json<OwnTeam>, WebError> {
    let (person, hackathon) = (insider.viewer.user_id, &insider.hackathon);
    let change = TeamChange {
        name: patch.name,
        is_locked: patch.is_locked,
        new_code: patch.new_code == Some(true),
    };
    actions::change_team(&context, person, &hackathon.slug, &change).await?;
    own_team(&context, hackathon, person).await.map(Json)
}

/// Leaves your team. If you lead it, another member leads it from then on.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/team",
    operation_id = "leave_hackathon_team",
    tag = "Hackathons",
    responses(
        (status = 204, description = "You are in no team"),
        (status = 409, description = "Teams can no longer change")
    ),
    security(("session" = ["participant"]), ("bearer" = ["write"]))
)]
pub(super) async fn leave(
    State(context): State<Context>,
    insider: Insider,
) -> Result<StatusCode, WebError> {
    actions::leave_team(&context, insider.viewer.user_id, &insider.hackathon.slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The role of a member of your team.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "role": "co_leader" }))]
pub(super) struct TeamRoleInput {
    /// `leader` (who replaces you), `co_leader` or `member`.
    #[schema(max_length = 20)]
    role: String,
}

/// Gives a member of your team another role, if you lead it.
#[utoipa::path(
    put,
    path = "/api/v1/me/hackathons/{slug}/team/members/{login}",
    operation_id = "set_hackathon_team_role",
    tag = "Hackathons",
    request_body = TeamRoleInput,
    responses(
        (status = 204, description = "The member has the role"),
        (status = 404, description = "No hackathon that you may see has this slug, or your team has no such member"),
        (status = 409, description = "It is your own role, you have no team, or teams can no longer change"),
        (status = 422, description = "The role is not one of these")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
pub(super) async fn set_role(
    State(context): State<Context>,
    insider: Insider,
    Path((slug, login)): Path<(String, String)>,
    Body(body): Body<TeamRoleInput>,
) -> Result<StatusCode, WebError> {
    let role = TeamRole::named(&body.role).ok_or_else(|| {
        let detail = format!("'{}' is not a role. Use leader, co_leader or member.", body.role);
        invalid("role", detail)
    })?;
    let person = insider.viewer.user_id;
    actions::set_team_role(&context, person, &slug, &login, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a member of your team, which gets another code, if you are its leader or a co-leader.
#[utoipa::path(
    delete,
    path = "/api/v1/me/hackathons/{slug}/team/members/{login}",
    operation_id = "remove_hackathon_team_member",
    tag = "Hackathons",
    responses(
        (status = 204, description = "The person is not in your team"),
        (status = 409, description = "The person leads the team, you have no team, or teams can no longer change")
    ),
    security(("session" = ["leader"]), ("bearer" = ["write"]))
)]
pub(super) async fn remove_member(
    State(context): State<Context>,
    insider: Insider,
    Path((slug, login)): Path<(String, String)>,
) -> Result<StatusCode, WebError> {
    actions::remove_member(&context, insider.viewer.user_id, &slug, &login).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The code of a team.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "code": "K7WM4RXT" }))]
pub(super) struct TeamCode {
    /// The code, which its members see.
    #[schema(min_length = 1, max_length = 20)]
    code: String,
}

/// Joins the team with a code. You need an application for its hackathon.
#[utoipa::path(
    post,
    path = "/api/v1/me/teams",
    operation_id = "join_hackathon_team",
    tag = "Hackathons",
    request_body = TeamCode,
    responses(
        (status = 200, description = "Your team", body = OwnTeam),
        (status = 403, description = "You do not take part in the hackathon of the team"),
        (status = 404, description = "No team has the code"),
        (status = 409, description = "The team is full or locked, you are in another team, or teams can no longer change"),
        (status = 422, description = "The code is not valid")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn join(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(body): Body<TeamCode>,
) -> Result<Json<OwnTeam>, WebError> {
    let person = viewer.user_id;
    let (hackathon, _) = actions::join_team(&context, person, &body.code).await?;
    own_team(&context, &hackathon, person).await.map(Json)
}
