//! The links on the cached pages of a project that only people who manage it see.

use askama::Template;
use identity::{access::MaybePerson, model::Role};
use platform::{
    Context,
    module::{PanelRequest, PanelView},
};
use ui::html;

use super::{paths::project_shown, rendered::Rendered};
use crate::reads;

#[derive(Template)]
#[template(path = "manage.html")]
struct ManageLinks {
    slug: String,
    name: String,
    /// True on the page of the rules.
    is_rules: bool,
    /// True there if the current version does not have all rules.
    is_offered: bool,
    /// True if the project has no repository yet and takes some.
    needs_repository: bool,
}

/// Renders the links for maintainers of the project and for admins. Others see nothing.
pub(super) async fn own_part(context: &Context, request: &PanelRequest) -> Rendered {
    let Some((slug, is_rules)) = project_shown(&request.path) else {
        return Ok(None);
    };
    let MaybePerson(Some(viewer)) = MaybePerson::of(&request.extensions) else {
        return Ok(None);
    };
    let db = &context.db;
    let Some(project) = reads::project(db, slug).await? else {
        return Ok(None);
    };
    let id = project.id.into();
    if !viewer.acts_as(Role::Admin) && !reads::maintains(db, id, viewer.user_id).await? {
        return Ok(None);
    }
    let is_offered = is_rules
        && project.archived_at.is_none()
        && reads::current_rules(db, id).await?.is_outdated();
    let links = ManageLinks {
        needs_repository: project.repositories == 0 && project.archived_at.is_none(),
        slug: project.slug,
        name: project.name,
        is_rules,
        is_offered,
    };
    Ok(Some(PanelView { html: html(&links)?, ..PanelView::default() }))
}
