//! The changes that admins make to a person's role, bans and second factor, on the page of the person.

use axum::{
    extract::State,
    http::Extensions,
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::{Context, audit, web::WebError};
use serde::Deserialize;
use ui::{Address, Confirmation, Filled, Form, PageError, PageResult, redirect, show};

use super::person_page::render;
use crate::{
    access::{Admin, Moderator, ProvenAdmin},
    actions,
    model::{Person, Role, Viewer},
    reads,
    rules::{end_named, role_named},
};

/// `GET /admin/people/{person}`, by ID, or by a login that only one account has.
pub(super) async fn page(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(name): Address<String>,
    extensions: Extensions,
) -> PageResult {
    // A closed account is found too; what people type can also be a name.
    let person = match reads::find_account(&context.db, &name).await {
        Ok(person) => person,
        Err(_) => reads::find_named(&context.db, &name).await?,
    };
    render(&context, &viewer, &person, (Form::default(), ""), extensions).await
}

fn address(person: &Person) -> String {
    format!("/admin/people/{}", person.id)
}

/// Redirects to the person whose role or ban changed, or shows the refused form again.
async fn answer(
    context: &Context,
    viewer: &Viewer,
    person: &Person,
    (form, refused, done): (Form, &'static str, Result<String, WebError>),
    extensions: Extensions,
) -> Result<Response, PageError> {
    match done {
        Ok(said) => Ok(redirect(&address(person), &said)),
        Err(error) => {
            let again = |form| render(context, viewer, person, (form, refused), extensions);
            form.refused(error, again).await
        }
    }
}

/// The fields of the form that grants a role.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    role: String,
    /// The reason, for the audit log.
    #[serde(default)]
    why: String,
    /// Sent by the page that asks before someone becomes an admin.
    confirmed: Option<String>,
}

/// `POST /admin/people/{person}/role`. Asks before someone becomes an admin.
pub(super) async fn grant(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    extensions: Extensions,
    Filled(grant, form): Filled<Grant>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let has_reason = !grant.why.trim().is_empty();
    if grant.role == Role::Admin.as_str() && grant.confirmed.is_none() && has_reason {
        return Ok(ask_to_grant_admin(&person, &grant.why)?.into_response());
    }
    let granted = async {
        let role = role_named(&grant.role)?;
        let why = audit::reason(&grant.why).map_err(|problem| problem.at("why"))?;
        let person = actions::change_role(&context, viewer.actor(), &name, role, Some(why)).await?;
        Ok(format!("{} now has the role {role}", person.login))
    };
    let done = (form, "Role not changed", granted.await);
    answer(&context, &viewer, &person, done, extensions).await
}

fn ask_to_grant_admin(person: &Person, why: &str) -> PageResult {
    let login = &person.login;
    show(&Confirmation {
        question: format!("Make {login} an admin?"),
        consequence: format!(
            "{login} will have full access: they can change roles, ban people, retry deliveries and pause jobs. \
             The audit log records this, and {login} is notified."
        ),
        facts: Vec::new(),
        action: format!("{}/role", address(person)),
        fields: vec![
            ("role", Role::Admin.to_string()),
            ("why", why.to_owned()),
            ("confirmed", "yes".to_owned()),
        ],
        button: format!("Make {login} an admin"),
        is_ending: false,
        back: address(person),
    })
}

/// The fields of the form that bans a person; without an end it lasts until it is lifted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewBan {
    reason: String,
    expires_at: String,
}

/// `POST /admin/people/{person}/ban`.
pub(super) async fn ban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    extensions: Extensions,
    Filled(new, form): Filled<NewBan>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let banned = async {
        let expiry = Some(new.expires_at.as_str()).filter(|expiry| !expiry.is_empty());
        let expiry = expiry.map(end_named).transpose();
        let expiry = expiry.map_err(|error| bad_expiry(error).with(audit::reason(&new.reason)))?;
        let banned = actions::ban(&context, viewer.actor(), &name, &new.reason, expiry);
        Ok(format!("{} is banned", banned.await?.login))
    };
    let done = (form, "Not banned", banned.await);
    answer(&context, &viewer, &person, done, extensions).await
}

fn bad_expiry(error: String) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_EXPIRY", error).at("expires_at")
}

/// The fields of the form that lifts a ban.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LiftForm {
    reason: String,
}

/// `POST /admin/people/{person}/unban`.
pub(super) async fn unban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    extensions: Extensions,
    Filled(lift, form): Filled<LiftForm>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let lifted = async {
        let lifted = actions::unban(&context, viewer.actor(), &name, &lift.reason);
        Ok(format!("Ban on {} lifted", lifted.await?.login))
    };
    let done = (form, "Ban not lifted", lifted.await);
    answer(&context, &viewer, &person, done, extensions).await
}

/// `POST /admin/people/{person}/reset-second-factor`.
pub(super) async fn reset_factor(
    State(context): State<Context>,
    ProvenAdmin(viewer): ProvenAdmin,
    Address(name): Address<String>,
    extensions: Extensions,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let reset = actions::reset_second_factor(&context, viewer.actor(), &name).await;
    let said = reset.map(|person| format!("{} has no second factor anymore", person.login));
    let done = (Form::default(), "Second factor not reset", said.map_err(WebError::from));
    answer(&context, &viewer, &person, done, extensions).await
}
