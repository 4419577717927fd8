use askama::Template;
use axum::{extract::State, response::Response};
use identity::model::{Role, UserId, Viewer};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, Undo, pick::MOST_CHOICES, redirect,
    redirect_with_undo, show,
};

use crate::{
    access::Maintainer,
    actions::{add_maintainer, remove_maintainer},
    reads::{self, MaintainerView, ProjectView},
    rules::ownership::{Ownership, transfer_right},
};

#[derive(Template)]
#[template(path = "maintainers.html")]
struct MaintainersPage {
    slug: String,
    name: String,
    maintainers: Vec<MaintainerView>,
    /// The viewer, who stops maintaining the project instead of being removed.
    viewer: UserId,
    /// True for the owner, and for admins if the owner cannot act.
    may_transfer: bool,
    /// The logins that the form offers.
    people: Vec<String>,
    form: Form,
}

/// `GET /projects/{slug}/maintainers`.
pub(super) async fn list(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
) -> PageResult {
    render(&context, project, &viewer, Form::default()).await
}

async fn render(
    context: &Context,
    project: ProjectView,
    viewer: &Viewer,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, project.id.into());
    let maintainers = reads::maintainers(db, id).await?;
    let owner = reads::owner(db, id, context.now()).await?;
    let owner = owner.map(|owner| (owner.id, owner.is_active));
    let ownership = Ownership::of(owner, Some(viewer.user_id));
    show(&MaintainersPage {
        slug: project.slug,
        name: project.name,
        maintainers,
        viewer: viewer.user_id,
        may_transfer: transfer_right(ownership, viewer.acts_as(Role::Admin)).is_ok(),
        people: identity::reads::likely_logins(db, MOST_CHOICES).await?,
        form,
    })
}

/// The fields of the form that adds a maintainer.
#[derive(Debug, Deserialize)]
pub(super) struct NewMaintainer {
    login: String,
}

/// `POST /projects/{slug}/maintainers`.
pub(super) async fn add(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Filled(new, form): Filled<NewMaintainer>,
) -> Result<Response, PageError> {
    let login = new.login.trim();
    match add_maintainer(&context, viewer.actor(), &project.slug, login).await {
        Ok(person) => {
            let said = format!("{} now maintains {}", person.login, project.name);
            Ok(back(&project.slug, &said))
        }
        Err(error) => {
            let again = |form| render(&context, project, &viewer, form);
            form.refused(error, again).await
        }
    }
}

/// `GET /projects/{slug}/maintainers/{person}/remove`: asks before a maintainer is removed.
pub(super) async fn ask_to_remove(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Address((_, name)): Address<(String, String)>,
) -> PageResult {
    let person = reads::find_maintainer(&context.db, project.id.into(), &name).await?;
    if person.is_owner {
        return Err(reads::owner_stays(&person.login).into());
    }
    let (login, project_name) = (&person.login, &project.name);
    let is_own = person.id == viewer.user_id;
    let (question, consequence) = if is_own {
        (
            format!("Stop maintaining {project_name}?"),
            format!(
                "You will no longer be able to manage {project_name}. Another maintainer or an admin can add you again."
            ),
        )
    } else {
        (
            format!("Remove {login} from the maintainers of {project_name}?"),
            format!(
                "{login} will no longer be able to manage {project_name}. You can add them again at any time."
            ),
        )
    };
    let back = format!("/projects/{}/maintainers", project.slug);
    show(&Confirmation {
        question,
        consequence,
        facts: vec![("Project", project_name.clone()), ("Person", login.clone())],
        action: format!("{back}/{}/remove", person.id.0),
        fields: Vec::new(),
        button: if is_own { "Stop maintaining".to_owned() } else { format!("Remove {login}") },
        is_ending: true,
        back,
    })
}

/// `POST /projects/{slug}/maintainers/{person}/remove`. Maintainers who removed themselves can no longer open the list,
/// so they return to the project.
pub(super) async fn remove(
    State(context): State<Context>,
    Maintainer { viewer, project }: Maintainer,
    Address((_, name)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let dismissed = remove_maintainer(&context, viewer.actor(), &project.slug, &name);
    let person = dismissed.await.map_err(WebError::from)?;
    let is_own = person.id == viewer.user_id;
    if is_own && !viewer.acts_as(Role::Admin) {
        let said = format!("You no longer maintain {}", project.name);
        return Ok(redirect(&format!("/projects/{}", project.slug), &said));
    }
    let said = format!("{} no longer maintains {}", person.login, project.name);
    let path = format!("/projects/{}/maintainers", project.slug);
    let undo = Undo::by(&path).with("login", person.id.0.to_string());
    Ok(redirect_with_undo(&path, &said, &undo))
}

fn back(slug: &str, said: &str) -> Response {
    redirect(&format!("/projects/{slug}/maintainers"), said)
}
