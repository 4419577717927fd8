//! The page on which people install the GitHub App, and change in which repositories it is
//! (docs.github.com/apps/using-github-apps/installing-a-github-app-from-a-third-party). Every visitor may do so.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use axum::{
    body::Bytes,
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};

use super::{
    Shared,
    answer::Refusal,
    oauth::{attribute, encoded, with_query},
    world::World,
};

/// `GET /apps/{slug}/installations/new`: shows the accounts with repositories, or the repositories of the only one or of
/// `account`.
pub(super) async fn choose(
    State(shared): State<Arc<Shared>>,
    Path(slug): Path<String>,
    Query(fields): Query<HashMap<String, String>>,
) -> Result<Html<String>, Refusal> {
    let world = shared.world();
    world.has_app(&slug)?;
    let owners = world.places.iter().map(|place| place.repo.owner.login.as_str());
    let owners: BTreeSet<&str> = owners.collect();
    let only = owners.first().copied().filter(|_| owners.len() == 1);
    let choice = match fields.get("account").map(String::as_str).or(only) {
        Some(account) => repositories(&world, account),
        None => accounts(&owners),
    };
    Ok(page(&world.app_name, &choice))
}

fn accounts(owners: &BTreeSet<&str>) -> String {
    let link = |login: &&str| {
        let query = encoded(&[("account", login)]);
        format!("<li><a href=\"?{query}\">{login}</a></li>")
    };
    let links: String = owners.iter().map(link).collect();
    format!("<p>Where do you want to install it?</p><ul>{links}</ul>")
}

fn repositories(world: &World, account: &str) -> String {
    let account = attribute(account);
    let own = |name: &String| {
        let name = attribute(name);
        format!(
            "<label><input type=\"checkbox\" name=\"repository\" value=\"{name}\"> {name}</label>"
        )
    };
    let boxes: String = world.names_of(&account).iter().map(own).collect();
    format!(
        "<form method=\"post\"><input type=\"hidden\" name=\"account\" value=\"{account}\">\
         <fieldset><legend>Install on {account}, for these repositories</legend>\
         <label><input type=\"radio\" name=\"choice\" value=\"all\" required> All repositories</label>\
         <label><input type=\"radio\" name=\"choice\" value=\"selected\"> Only select repositories</label>\
         <div>{boxes}</div></fieldset>\
         <p>It gets read access to them.</p><button>Install</button></form>"
    )
}

fn page(app: &str, choice: &str) -> Html<String> {
    let app = attribute(app);
    Html(format!(
        "<!doctype html><html lang=\"en\"><title>Fake GitHub</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <style>body {{ font: 1rem/1.5 sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem }} \
         label {{ display: block }} div {{ margin-left: 1.5rem }}</style>\
         <h1>Install {app}</h1>{choice}</html>"
    ))
}

/// `POST /apps/{slug}/installations/new`: installs the App, or changes in which repositories it is, and leads the person
/// back to the server if its manifest says where.
pub(super) async fn install(
    State(shared): State<Arc<Shared>>,
    Path(slug): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
        .map_err(|_| Refusal::invalid("Send the fields of the form."))?;
    let has =
        |name: &str, value: &str| fields.iter().any(|(field, own)| field == name && own == value);
    let account = fields.iter().find(|(field, _)| field == "account");
    let account = account.map_or("", |(_, login)| login.as_str());
    let mut world = shared.world();
    world.has_app(&slug)?;
    let mut names = world.names_of(account);
    names.retain(|name| has("choice", "all") || has("repository", name));
    if names.is_empty() {
        return Err(Refusal::invalid("Select at least one repository."));
    }
    let id = world.install_in(account, &names)?.to_string();
    if world.app_setup.is_empty() {
        return Ok(page(&world.app_name, "<p>It is installed.</p>").into_response());
    }
    let query = encoded(&[("installation_id", &id), ("setup_action", "install")]);
    Ok(Redirect::to(&with_query(&world.app_setup, &query)).into_response())
}

impl World {
    /// Refuses the address of another App.
    fn has_app(&self, slug: &str) -> Result<(), Refusal> {
        if self.app_slug() == slug { Ok(()) } else { Err(Refusal::not_found()) }
    }

    /// Returns the full names of the repositories of an account.
    fn names_of(&self, account: &str) -> Vec<String> {
        let own = self.places.iter().map(|place| &place.repo);
        let own = own.filter(|repo| repo.owner.login.eq_ignore_ascii_case(account));
        own.map(|repo| repo.full_name()).collect()
    }

    /// Installs the App for an account in these of its repositories only; returns the installation's ID.
    fn install_in(&mut self, account: &str, names: &[String]) -> Result<i64, Refusal> {
        let mut all = self.installations.iter();
        let found = all.find(|own| own.account.login.eq_ignore_ascii_case(account));
        let Some(id) = found.map(|own| own.id) else {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return self.install(account, &names);
        };
        for name in self.names_of(account) {
            let repository = self.places[self.place(&name)?].repo.id;
            let is_there = self.installation(id)?.repositories.contains(&repository);
            let is_wanted = names.contains(&name);
            if is_there != is_wanted {
                self.include(id, &name, is_wanted)?;
            }
        }
        Ok(id)
    }
}
