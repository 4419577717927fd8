//! The bios of people, which they change by the API and on the page of their own profile.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension, Form,
    body::Bytes,
    extract::{Query, State},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
    oauth::{attribute, encoded},
    people::profile,
    world::World,
};

/// The maximum number of characters of a bio.
const LONGEST: usize = 160;

impl World {
    /// Sets the bio of an account; an empty one is none.
    pub(super) fn set_bio(&mut self, account: i64, bio: &str) -> Result<(), Refusal> {
        if bio.chars().count() > LONGEST {
            return Err(Refusal::custom("User", "bio is too long (maximum is 160 characters)"));
        }
        if bio.is_empty() {
            self.bios.remove(&account);
        } else {
            self.bios.insert(account, bio.to_owned());
        }
        Ok(())
    }
}

/// `PATCH /user` with `{"bio": TEXT}`: changes the caller's own profile.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let mut world = shared.world();
    let account = caller.account(&world)?;
    if !caller.has_scope(&["user"]) {
        return Err(Refusal::not_found());
    }
    if let Some(bio) = body["bio"].as_str() {
        world.set_bio(account.id, bio)?;
    }
    Ok(Reply::ok(shared.rebased(&profile(&world, &account))))
}

/// `GET /settings/profile`: the form of the person that `login` or the switch names, or a choice of people.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(fields): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let world = shared.world();
    let login = fields.get("login").cloned().or_else(|| world.switches.sign_in_as.clone());
    let Some(login) = login else {
        let link = |login: &str| {
            let query = attribute(&encoded(&[("login", login)]));
            format!("<li><a href=\"/settings/profile?{query}\">{login}</a></li>")
        };
        let links: String = world.people.iter().map(|person| link(&person.login)).collect();
        return Ok(Html(format!(
            "<!doctype html><title>Fake GitHub</title><h1>Whose profile?</h1><ul>{links}</ul>"
        )));
    };
    let account = world.person(&login)?;
    let bio = world.bios.get(&account.id).map_or("", String::as_str);
    Ok(Html(format!(
        "<!doctype html><title>Fake GitHub</title><h1>Public profile of {login}</h1>\
         <form method=\"post\" action=\"/settings/profile\"><input type=\"hidden\" name=\"login\" value=\"{login}\">\
         <label for=\"bio\">Bio</label> <input id=\"bio\" name=\"bio\" maxlength=\"{LONGEST}\" value=\"{}\">\
         <button>Update profile</button></form>",
        attribute(bio),
        login = attribute(&account.login),
    )))
}

/// A changed profile.
#[derive(Deserialize)]
pub(super) struct ProfileForm {
    login: String,
    #[serde(default)]
    bio: String,
}

/// `POST /settings/profile`: saves the form.
pub(super) async fn save(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<ProfileForm>,
) -> Result<Response, Refusal> {
    let mut world = shared.world();
    let id = world.person(&form.login)?.id;
    world.set_bio(id, form.bio.trim())?;
    let query = encoded(&[("login", &form.login)]);
    Ok(Redirect::to(&format!("/settings/profile?{query}")).into_response())
}
