use std::sync::Arc;

use axum::{
    Extension,
    body::Bytes,
    extract::{OriginalUri, Path, State},
};
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    world::{Role, World},
};
use crate::payloads::{Account, Dates, Repo, repository_object};

/// `GET /repos/{owner}/{repo}`
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
) -> Answer {
    let world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    Ok(Reply::ok(shared.repository(&world, place, &caller)))
}

/// `GET /user/repos`: the repositories in which the caller has a role, by name.
pub(super) async fn list_own(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let account = caller.account(&world)?;
    let has_role = |at: &usize| world.places[*at].roles.contains_key(&account.id);
    let (barred, mut own): (Vec<usize>, Vec<usize>) = (0..world.places.len())
        .filter(has_role)
        .filter(|at| caller.sees(&world, *at))
        .partition(|at| caller.is_barred(&world, *at));
    own.sort_by_key(|at| world.places[*at].repo.full_name().to_lowercase());
    let page = Reply::page(&shared.base, &uri, &own, |at| shared.repository(&world, *at, &caller));
    let organization = barred.first().map(|at| world.places[*at].repo.owner.id);
    Ok(page.with_sso(organization.map(|id| format!("partial-results; organizations={id}"))))
}

/// `POST /user/repos`: creates a public repository of the caller.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let name = body["name"]
        .as_str()
        .ok_or_else(|| Refusal::field("Repository", "name", "missing_field"))?;
    let mut world = shared.world();
    let owner = caller.account(&world)?;
    let full_name = format!("{}/{name}", owner.login);
    if world.place(&full_name).is_ok() {
        return Err(Refusal::custom("Repository", "name already exists on this account"));
    }
    let (id, now) = (world.id(), world.now());
    world.add_repo(Repo::new(id, owner, name, now));
    let place = caller.place(&world, &full_name)?;
    Ok(Reply::created(shared.repository(&world, place, &caller)))
}

/// `GET /repositories/{id}`: the target of redirects from old names.
pub(super) async fn by_id(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Answer {
    let world = shared.world();
    let place = world.places.iter().find(|place| place.repo.id == id);
    let name = place.ok_or_else(Refusal::not_found)?.repo.full_name();
    let place = caller.place(&world, &name)?;
    Ok(Reply::ok(shared.repository(&world, place, &caller)))
}

/// `PATCH /repos/{owner}/{repo}`: renames a repository, or changes whether it is archived or private.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let changes: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let (place, by) = caller.with_role(&world, &format!("{owner}/{repo}"), Role::Admin)?;
    if let Some(name) = changes["name"].as_str() {
        world.rename_repo(place, name, &by)?;
    }
    if let Some(archived) = changes["archived"].as_bool() {
        let action = if archived { "archived" } else { "unarchived" };
        world.change_repo(place, action, &by, &[], |repo| repo.archived = archived);
    }
    if let Some(private) = changes["private"].as_bool() {
        let action = if private { "privatized" } else { "publicized" };
        world.change_repo(place, action, &by, &[], |repo| repo.private = private);
    }
    Ok(Reply::ok(shared.repository(&world, place, &caller)))
}

impl World {
    /// Renames a repository. The old name redirects to it.
    pub(super) fn rename_repo(
        &mut self,
        place: usize,
        name: &str,
        by: &Account,
    ) -> Result<(), Refusal> {
        let repo = &self.places[place].repo;
        let wanted = format!("{}/{name}", repo.owner.login);
        if self.places.iter().any(|own| own.repo.full_name().eq_ignore_ascii_case(&wanted)) {
            return Err(Refusal::custom("Repository", "name already exists on this account"));
        }
        let changes = json!({ "repository": { "name": { "from": repo.name } } }).to_string();
        self.change_repo(place, "renamed", by, &[("changes", &changes)], |repo| {
            name.clone_into(&mut repo.name);
        });
        Ok(())
    }
}

impl Shared {
    pub(super) fn repository(&self, world: &World, place: usize, caller: &Caller) -> String {
        let place = &world.places[place];
        let mut object = repository_object(&place.repo, Dates::Text).merge_settings();
        if let Ok(account) = caller.account(world) {
            let role = place.role(account.id).unwrap_or(Role::Read);
            object = object.raw("permissions", &role.flags());
        }
        let parent = world.parent_of(place);
        if let Some(parent) = parent.filter(|parent| caller.sees(world, *parent)) {
            let parent = repository_object(&world.places[parent].repo, Dates::Text);
            object = object.object("parent", parent);
        }
        self.rebased(&object.done())
    }
}
