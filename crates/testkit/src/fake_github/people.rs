use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
    http::HeaderMap,
};
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    world::{Role, World},
};
use crate::payloads::{Account, Object, instant, user_object};

/// `GET /user`
pub(super) async fn me(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
) -> Answer {
    let world = shared.world();
    let account = caller.account(&world)?;
    Ok(Reply::ok(shared.rebased(&profile(&world, &account))))
}

/// The highest ID that a new person can ask for.
const HIGHEST_ID: i64 = 1_000_000_000_000;

/// `POST /_people` with `{"login": NEW}`: adds a person, who on GitHub signs up. `created_at`, an instant that is not in
/// the future, and `id`, which no account has, are optional: with the ID of a known author, the author can sign in.
pub(super) async fn join(State(shared): State<Arc<Shared>>, body: Bytes) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let login = body["login"]
        .as_str()
        .ok_or_else(|| Refusal::invalid("Set login to the name of the new person."))?;
    let mut world = shared.world();
    if world.person(login).is_ok() {
        return Err(Refusal::invalid("Login is already taken."));
    }
    let created_at = stated_creation(&body["created_at"], world.now())?;
    let account = match stated_id(&body["id"], &world)? {
        None => world.new_person(login),
        Some(id) => {
            let account = Account::user(id, login);
            world.reserve(id);
            world.add_person(account.clone());
            account
        }
    };
    world.joined.extend(created_at.map(|created_at| (account.id, created_at)));
    Ok(Reply::created(shared.rebased(&profile(&world, &account))))
}

/// Reads the optional `created_at` of a new person.
fn stated_creation(stated: &Value, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    if stated.is_null() {
        return Ok(None);
    }
    let at = stated.as_str().and_then(|text| text.parse().ok());
    let at = at.filter(|at: &Timestamp| (Timestamp::UNIX_EPOCH..=now).contains(at));
    let unusable =
        "Set created_at to an instant that is not in the future, such as 2026-09-01T08:00:00Z.";
    at.map(Some).ok_or_else(|| Refusal::invalid(unusable))
}

/// Reads the optional `id` of a new person.
fn stated_id(stated: &Value, world: &World) -> Result<Option<i64>, Refusal> {
    if stated.is_null() {
        return Ok(None);
    }
    let id = stated.as_i64().filter(|id| (1..=HIGHEST_ID).contains(id));
    let unusable = format!("Set id to a whole number from 1 to {HIGHEST_ID}.");
    let id = id.ok_or_else(|| Refusal::invalid(unusable))?;
    if world.person_by_id(id).is_ok() {
        return Err(Refusal::invalid("ID is already taken."));
    }
    Ok(Some(id))
}

/// `POST /_people/{login}` with `{"login": NEW}`: renames a person, which GitHub allows only on its pages.
pub(super) async fn rename(
    State(shared): State<Arc<Shared>>,
    Path(login): Path<String>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let to =
        body["login"].as_str().ok_or_else(|| Refusal::invalid("Set login to the new name."))?;
    let mut world = shared.world();
    let id = world.person(&login)?.id;
    world.rename_person(id, to);
    let account = world.person(to)?;
    Ok(Reply::ok(shared.rebased(&profile(&world, account))))
}

/// `GET /user/emails`
pub(super) async fn emails(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
) -> Answer {
    let world = shared.world();
    let account = caller.account(&world)?;
    if !caller.has_scope(&["user", "user:email"]) {
        return Err(Refusal::not_found());
    }
    let emails = json!([
        {
            "email": email(&account),
            "primary": true,
            "verified": true,
            "visibility": "public",
        },
        {
            "email": format!("{}+{}@users.noreply.github.com", account.id, account.login),
            "primary": false,
            "verified": true,
            "visibility": null,
        },
    ]);
    Ok(Reply::ok(emails.to_string()))
}

/// `GET /users/{login}`
pub(super) async fn person(State(shared): State<Arc<Shared>>, Path(login): Path<String>) -> Answer {
    let world = shared.world();
    let account = world.person(&login)?;
    Ok(Reply::ok(shared.rebased(&profile(&world, account))))
}

/// `GET /user/{id}`: a person by ID, whatever their login is.
pub(super) async fn person_by_id(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Answer {
    let world = shared.world();
    let account = world.person_by_id(id)?;
    Ok(Reply::ok(shared.rebased(&profile(&world, account))))
}

/// `PUT /repos/{owner}/{repo}/collaborators/{login}` with `{"permission": ROLE}`: gives a person a role.
pub(super) async fn add_collaborator(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, login)): Path<(String, String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let role = match body["permission"].as_str() {
        Some("pull") => Role::Read,
        Some("triage") => Role::Triage,
        None | Some("push") => Role::Write,
        Some("maintain") => Role::Maintain,
        Some("admin") => Role::Admin,
        Some(_) => return Err(Refusal::invalid("The permission is unknown.")),
    };
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Admin)?;
    let member = world.person(&login)?.clone();
    world.change_role(place, &member, Some(role), &by);
    Ok(Reply::empty())
}

/// `DELETE /repos/{owner}/{repo}/collaborators/{login}`: removes a person from a repository.
pub(super) async fn remove_collaborator(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, login)): Path<(String, String, String)>,
) -> Answer {
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Admin)?;
    let member = world.person(&login)?.clone();
    world.change_role(place, &member, None, &by);
    Ok(Reply::empty())
}

/// `GET /rate_limit`
pub(super) async fn rate_limit(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Answer {
    if !shared.knows_app(&headers) {
        return Err(Refusal::new(401, "Bad credentials"));
    }
    let world = shared.world();
    let switches = &world.switches;
    let core = json!({
        "limit": switches.rate_limit,
        "remaining": switches.rate_remaining,
        "reset": world.rate.resets_at.timestamp(),
        "used": switches.rate_limit.saturating_sub(switches.rate_remaining),
        "resource": "core",
    });
    let search = json!({
        "limit": switches.search_limit,
        "remaining": switches.search_remaining,
        "reset": world.rate.search_resets_at.timestamp(),
        "used": switches.search_limit.saturating_sub(switches.search_remaining),
        "resource": "search",
    });
    let mut graphql = core.clone();
    graphql["resource"] = json!("graphql");
    let resources = json!({ "core": core, "search": search, "graphql": graphql });
    Ok(Reply::ok(json!({ "resources": resources, "rate": core }).to_string()))
}

/// `GET /repos/{owner}/{repo}/collaborators/{login}/permission`
pub(super) async fn permission(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, login)): Path<(String, String, String)>,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    caller.reads_roles(&world, place)?;
    let place = &world.places[place];
    let account = world.person(&login)?;
    let role = place.role(account.id);
    let user: serde_json::Value =
        serde_json::from_str(&user_object(account).done()).unwrap_or_default();
    let answer = json!({
        "permission": role.map_or("none", Role::permission),
        "role_name": role.map_or("none", Role::name),
        "user": user,
    });
    Ok(Reply::ok(shared.rebased(&answer.to_string())))
}

/// `GET /repos/{owner}/{repo}/collaborators`
pub(super) async fn collaborators(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let (place, _) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Write)?;
    let place = &world.places[place];
    let mut people: Vec<(&Account, Role)> = world
        .people
        .iter()
        .filter_map(|person| Some((person, *place.roles.get(&person.id)?)))
        .collect();
    people.sort_by_key(|(person, _)| person.id);
    Ok(Reply::page(&shared.base, &uri, &people, |(person, role)| {
        let object = user_object(person).raw("permissions", &role.flags());
        shared.rebased(&object.text("role_name", role.name()).done())
    }))
}

impl Role {
    /// Returns GitHub's name for the role.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Write => "write",
            Self::Maintain => "maintain",
            Self::Admin => "admin",
        }
    }

    /// Returns the older permission name, which has fewer levels.
    fn permission(self) -> &'static str {
        match self {
            Self::Read | Self::Triage => "read",
            Self::Write | Self::Maintain => "write",
            Self::Admin => "admin",
        }
    }

    /// Returns the object `permissions` of a repository.
    pub(super) fn flags(self) -> String {
        Object::new()
            .flag("admin", self >= Self::Admin)
            .flag("maintain", self >= Self::Maintain)
            .flag("push", self >= Self::Write)
            .flag("triage", self >= Self::Triage)
            .flag("pull", true)
            .done()
    }
}

pub(super) fn email(account: &Account) -> String {
    format!("{}@example.org", account.login)
}

/// Returns an account with the fields that only its profile has.
pub(super) fn profile(world: &World, account: &Account) -> String {
    let own = |place: &&super::world::HostedRepository| place.repo.owner.id == account.id;
    let repos = world.places.iter().filter(own).count();
    let bio = world.bios.get(&account.id).map(String::as_str);
    user_object(account)
        .text("name", &account.login.replace('-', " "))
        .raw("company", "null")
        .text("blog", "")
        .raw("location", "null")
        .text("email", &email(account))
        .raw("hireable", "null")
        .text_or_null("bio", bio)
        .number("public_repos", repos as i64)
        .number("public_gists", 0)
        .number("followers", account.id % 50)
        .number("following", account.id % 20)
        .text("created_at", &instant(world.created_at(account.id)))
        .text("updated_at", "2026-01-01T10:00:00Z")
        .done()
}
