use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::{
    Json,
    body::Bytes,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Map, Value, json};

use super::{
    Shared,
    world::{Solved, Team, User, World, points},
};

type QueryFields = Query<HashMap<String, String>>;

/// Returns a refusal with a reason.
pub(super) fn refused(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}

/// Returns a refusal that names a field.
fn invalid(place: &str, field: &str, msg: &str, kind: &str) -> Response {
    let detail = json!([{ "loc": [place, field], "msg": msg, "type": kind }]);
    let body = Json(json!({ "detail": detail }));
    (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
}

fn missing(place: &str, field: &str) -> Response {
    invalid(place, field, "field required", "value_error.missing")
}

fn unknown_user() -> Response {
    refused(StatusCode::NOT_FOUND, "User not found")
}

fn unknown_team() -> Response {
    refused(StatusCode::NOT_FOUND, "Team not found")
}

fn created(body: Value) -> Response {
    (StatusCode::CREATED, Json(body)).into_response()
}

fn done() -> Response {
    Json(json!({ "success": true })).into_response()
}

struct BodyFields(Map<String, Value>);

impl BodyFields {
    fn read(body: &Bytes) -> Result<Self, Response> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(invalid("body", "", "value is not a valid dict", "type_error.dict")),
        }
    }

    fn text(&self, name: &str) -> Result<String, Response> {
        match self.0.get(name) {
            None => Err(missing("body", name)),
            Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            Some(_) => Err(invalid("body", name, "str type expected", "type_error.str")),
        }
    }

    fn optional(&self, name: &str) -> Option<String> {
        self.text(name).ok()
    }
}

fn asked<'a>(query: &'a QueryFields, name: &str) -> Result<&'a str, Response> {
    let value = query.0.get(name).filter(|value| !value.is_empty());
    let value = value.map(String::as_str);
    value.ok_or_else(|| missing("query", name))
}

fn or_refusal(result: Result<Response, Response>) -> Response {
    result.unwrap_or_else(|refusal| refusal)
}

/// `GET /`
pub(super) async fn root() -> Json<Value> {
    Json(json!({ "message": "MetaCTF SynED integration API" }))
}

/// Answers any other path.
pub(super) async fn nowhere() -> Response {
    (StatusCode::NOT_FOUND, "<html><body>Not found</body></html>").into_response()
}

/// `GET /users`
pub(super) async fn user(State(shared): State<Arc<Shared>>, query: QueryFields) -> Response {
    let now = shared.now();
    let mut world = shared.world();
    let status = if world.switches.created { StatusCode::CREATED } else { StatusCode::OK };
    or_refusal(asked(&query, "syned_user_id").map(|id| match world.user(id, now) {
        Some(user) => (status, Json(user.json(id))).into_response(),
        None => unknown_user(),
    }))
}

/// `POST /users`
pub(super) async fn create_user(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    or_refusal(add_user(&mut shared.world(), &body))
}

fn add_user(world: &mut World, body: &Bytes) -> Result<Response, Response> {
    let fields = BodyFields::read(body)?;
    for name in ["first_name", "last_name"] {
        fields.text(name)?;
    }
    let (email, role, id) =
        (fields.text("email")?, fields.text("role")?, fields.text("syned_user_id")?);
    if !email.contains('@') {
        let msg = "value is not a valid email address";
        return Err(invalid("body", "email", msg, "value_error.email"));
    }
    if !matches!(role.as_str(), "coach" | "user") {
        let msg = "unexpected value; permitted: 'coach', 'user'";
        return Err(invalid("body", "role", msg, "value_error.const"));
    }
    if world.users.contains_key(&id) {
        return Err(refused(StatusCode::BAD_REQUEST, "User already exists"));
    }
    let own = |name: &str, value: &str| {
        let detail = format!("A user with the {name} {value} already exists");
        Err(refused(StatusCode::BAD_REQUEST, &detail))
    };
    if world.users.values().any(|user| user.email == email) {
        return own("email", &email);
    }
    let beginning = email.split('@').next().unwrap_or_default();
    let username = fields.optional("preferred_username");
    let username = username.unwrap_or_else(|| beginning.to_owned());
    let length = username.chars().count();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if !(3..=32).contains(&length) || !username.chars().all(is_plain) {
        let msg = "use 3 to 32 of a-z, 0-9, '.', '_' and '-'";
        return Err(invalid("body", "preferred_username", msg, "value_error"));
    }
    if world.users.values().any(|user| user.username == username) {
        return own("username", &username);
    }
    if let Some(coach) = fields.optional("syned_coach_user_id") {
        let is_coach = world.users.get(&coach).is_some_and(|user| user.is_coach);
        if !is_coach {
            return Err(refused(StatusCode::NOT_FOUND, "Coach not found"));
        }
    }
    world.add_user(&id, username, email, role == "coach");
    let user = world.users.get(&id).ok_or_else(unknown_user)?;
    Ok(created(user.json(&id)))
}

/// `POST /teams`
pub(super) async fn create_team(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    or_refusal(add_team(&mut shared.world(), &body))
}

fn add_team(world: &mut World, body: &Bytes) -> Result<Response, Response> {
    let fields = BodyFields::read(body)?;
    let coach = fields.text("syned_coach_user_id")?;
    let (id, name) = (fields.text("syned_team_id")?, fields.text("team_name")?);
    for name in ["affiliation", "division"] {
        fields.text(name)?;
    }
    let known = world.users.get(&coach).filter(|user| user.is_coach);
    let coach_id = known.map(|user| user.metactf_id);
    let coach_id = coach_id.ok_or_else(|| refused(StatusCode::NOT_FOUND, "Coach not found"))?;
    if world.teams.contains_key(&id) {
        return Err(refused(StatusCode::BAD_REQUEST, "Team already exists"));
    }
    let team = Team { metactf_id: world.id(), coach, name: name.clone() };
    let answer = json!({
        "metactf_team_id": team.metactf_id, "metactf_coach_id": coach_id.to_string(),
        "syned_team_id": id, "syned_coach_user_id": team.coach, "team_name": name,
    });
    world.teams.insert(id, team);
    Ok(created(answer))
}

/// `POST /teams/delete`
pub(super) async fn delete_team(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let delete = |world: &mut World| {
        let id = BodyFields::read(&body)?.text("syned_team_id")?;
        if !world.teams.contains_key(&id) {
            return Err(unknown_team());
        }
        if world.users.values().any(|user| user.team.as_ref() == Some(&id)) {
            return Err(refused(StatusCode::BAD_REQUEST, "Team is not empty"));
        }
        world.teams.remove(&id);
        Ok(done())
    };
    or_refusal(delete(&mut shared.world()))
}

/// `POST /users/assign_team`
pub(super) async fn assign(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let now = shared.now();
    let assign = |world: &mut World| {
        let fields = BodyFields::read(&body)?;
        let team = fields.text("syned_team_id")?;
        let id = fields.text("syned_user_id")?;
        if !world.teams.contains_key(&team) {
            return Err(unknown_team());
        }
        let user = world.user(&id, now).ok_or_else(unknown_user)?;
        user.team = Some(team.clone());
        Ok(created(json!({ "syned_team_id": team, "syned_user_id": id })))
    };
    or_refusal(assign(&mut shared.world()))
}

/// `POST /users/delete_assignment`
pub(super) async fn unassign(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let unassign = |world: &mut World| {
        let id = BodyFields::read(&body)?.text("syned_user_id")?;
        let user = world.users.get_mut(&id).ok_or_else(unknown_user)?;
        match user.team.take() {
            Some(_) => Ok(done()),
            None => Err(refused(StatusCode::NOT_FOUND, "Assignment not found")),
        }
    };
    or_refusal(unassign(&mut shared.world()))
}

/// `GET /users/get_team_assignments`
pub(super) async fn assignments(State(shared): State<Arc<Shared>>, query: QueryFields) -> Response {
    let world = shared.world();
    let only = query.0.get("syned_team_id");
    if only.is_some_and(|team| !world.teams.contains_key(team)) {
        return unknown_team();
    }
    let member = |(id, user): (&String, &User)| {
        let team = user.team.as_ref()?;
        let is_asked = only.is_none_or(|only| only == team);
        let own = world.teams.get(team).filter(|_| is_asked)?;
        Some(json!({
            "syned_team_id": team, "syned_user_id": id, "metactf_team_id": own.metactf_id,
            "metactf_user_id": user.metactf_id, "team_name": own.name,
        }))
    };
    let assignments: Vec<Value> = world.users.iter().filter_map(member).collect();
    let count = assignments.len();
    Json(json!({ "assignments": assignments, "total_count": count })).into_response()
}

/// `GET /scores/get_odl_scores`
pub(super) async fn scores(State(shared): State<Arc<Shared>>, query: QueryFields) -> Response {
    let now = shared.now();
    let scores = |world: &mut World| {
        let id = asked(&query, "syned_user_id")?;
        let wrong = || {
            let msg = "value is not a valid integer";
            invalid("query", "after_time_unix", msg, "type_error.integer")
        };
        let after = query.0.get("after_time_unix").map(|after| after.parse());
        let after: Option<i64> = after.transpose().map_err(|_| wrong())?;
        let (is_rest, hides) = (world.switches.totals_of_rest, world.switches.without_ids);
        let unlisted = usize::from(world.switches.unlisted);
        let user = world.user(id, now).ok_or_else(unknown_user)?;
        let is_later = |solve: &&Solved| after.is_none_or(|after| solve.at > after);
        let shown: Vec<Solved> = user.solves.iter().filter(is_later).cloned().collect();
        let counted = if is_rest { &shown } else { &user.solves };
        let mut categories: BTreeMap<&str, i64> = BTreeMap::new();
        for solve in counted {
            let category = solve.challenge.category.as_str();
            *categories.entry(category).or_default() += solve.challenge.points;
        }
        let solves: Vec<Value> = shown.iter().map(Solved::json).collect();
        Ok(Json(json!({
            "syned_user_id": (!hides).then_some(id),
            "metactf_user_id": user.metactf_id,
            "total_challenges_solved": counted.len() + unlisted,
            "total_points": points(counted),
            "last_accessed_unix_timestamp": user.last_accessed,
            "category_points": categories,
            "challenge_solves": solves,
        }))
        .into_response())
    };
    or_refusal(scores(&mut shared.world()))
}

/// `GET /scores/get_flash_ctf_progress`
pub(super) async fn progress(State(shared): State<Arc<Shared>>, query: QueryFields) -> Response {
    let now = shared.now();
    let mut world = shared.world();
    let hides = world.switches.without_ids;
    or_refusal(asked(&query, "syned_user_id").map(|id| {
        let Some(user) = world.user(id, now) else {
            return unknown_user();
        };
        let events: Vec<Value> = user.events.iter().map(super::world::HeldEvent::json).collect();
        let own = (!hides).then_some(id);
        Json(json!({ "syned_user_id": own, "flash_ctfs": events })).into_response()
    }))
}

/// `POST /auth/send_password_reset_email`
pub(super) async fn reset(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let now = shared.now();
    let reset = |world: &mut World| {
        let id = BodyFields::read(&body)?.text("syned_user_id")?;
        world.user(&id, now).ok_or_else(unknown_user)?.resets += 1;
        Ok(done())
    };
    or_refusal(reset(&mut shared.world()))
}
