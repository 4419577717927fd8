//! The page on which a project is transferred to another owner.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::Context;
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, redirect, show};

use crate::{
    access::ProjectOwner,
    actions::{TransferInput, transfer_project},
    reads,
    rules::ownership::TransferRight,
};

#[derive(Template)]
#[template(path = "transfer_project.html")]
struct TransferPage {
    slug: String,
    name: String,
    login: String,
    /// The path that the form is sent to.
    action: String,
    /// True for the owner, who stays a maintainer.
    is_own: bool,
    form: Form,
}

/// `GET /projects/{slug}/maintainers/{person}/transfer`: asks before the project is transferred.
pub(super) async fn ask(
    State(context): State<Context>,
    owner: ProjectOwner,
    Address((_, name)): Address<(String, String)>,
) -> PageResult {
    render(&context, &owner, &name, Form::default()).await
}

async fn render(context: &Context, owner: &ProjectOwner, name: &str, form: Form) -> PageResult {
    let (db, project) = (&context.db, &owner.project);
    let person = reads::find_maintainer(db, project.id.into(), name).await?;
    let by = Some(owner.viewer.user_id);
    let right =
        reads::right_to_transfer(db, project, by, owner.is_admin, &person, context.now()).await?;
    show(&TransferPage {
        slug: project.slug.clone(),
        name: project.name.clone(),
        action: format!("/projects/{}/maintainers/{}/transfer", project.slug, person.id.0),
        login: person.login,
        is_own: right == TransferRight::Owner,
        form,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    reason: String,
}

/// `POST /projects/{slug}/maintainers/{person}/transfer`.
pub(super) async fn transfer(
    State(context): State<Context>,
    owner: ProjectOwner,
    Address((_, name)): Address<(String, String)>,
    Filled(fields, form): Filled<Fields>,
) -> Result<Response, PageError> {
    let input = TransferInput { login: name.clone(), reason: fields.reason };
    let (actor, slug) = (owner.viewer.actor(), &owner.project.slug);
    match transfer_project(&context, actor, owner.is_admin, slug, &input).await {
        Ok(person) => {
            let said = format!("{} now owns {}", person.login, owner.project.name);
            Ok(redirect(&format!("/projects/{slug}/maintainers"), &said))
        }
        Err(error) => {
            let again = async |form| render(&context, &owner, &name, form).await;
            form.refused(error, again).await
        }
    }
}
