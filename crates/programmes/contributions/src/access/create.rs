use axum::{
    extract::FromRequestParts,
    http::{Extensions, request::Parts},
};
use identity::{
    access::{Admin, MaybePerson, signed_in},
    model::{Role, Viewer},
};
use kernel::{Problem, ProblemKind};
use platform::{Context, flags::FlagView, web::WebError};

use crate::CREATE_PROJECTS;

/// An admin, or a person with a linked GitHub account while people may create projects.
#[derive(Clone, Debug)]
pub struct ProjectCreator {
    pub viewer: Viewer,
    pub is_admin: bool,
}

impl ProjectCreator {
    /// Returns the owner of the new project as named, which only an admin does.
    ///
    /// # Errors
    /// When someone else names an owner.
    pub fn owner(&self, named: Option<String>) -> Result<Option<String>, Problem> {
        let is_named = named.as_deref().is_some_and(|name| !name.trim().is_empty());
        if self.is_admin || !is_named {
            return Ok(named);
        }
        let detail = "Only admins can create a project for someone else. Leave the owner out to own it yourself.";
        Err(Problem::new(ProblemKind::Forbidden, "ROLE_REQUIRED", detail).at("owner"))
    }
}

/// Returns true if people without a role may create projects, for the sender of a request.
fn is_open(extensions: &Extensions) -> bool {
    extensions.get::<FlagView>().is_some_and(|flags| flags.shows(CREATE_PROJECTS))
}

/// Returns true if the sender of a request is offered to create a project. Whether they have a linked GitHub account is asked
/// when they do.
pub(crate) fn may_see_form(extensions: &Extensions) -> bool {
    let MaybePerson(viewer) = MaybePerson::of(extensions);
    viewer.is_some_and(|viewer| viewer.acts_as(Role::Admin) || is_open(extensions))
}

impl FromRequestParts<Context> for ProjectCreator {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let viewer = match Admin::from_request_parts(parts, context).await {
            Ok(Admin(viewer)) => return Ok(Self { viewer, is_admin: true }),
            Err(refused) if !is_open(&parts.extensions) => return Err(refused),
            Err(_) => signed_in(parts)?.clone(),
        };
        if identity::reads::proven_github_id(&context.db, viewer.user_id).await?.is_none() {
            let detail = "Link your GitHub account at /settings/identities first: a project needs repositories that you maintain there.";
            return Err(Problem::new(ProblemKind::Forbidden, "NO_GITHUB_ACCOUNT", detail).into());
        }
        Ok(Self { viewer, is_admin: false })
    }
}
