use platform::{
    ActionError, Context,
    audit::{self, Act},
    db::Tx,
    media::PictureUse,
    module::{PictureChange, PictureSetter, Pictured, PicturedThing},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    FLAG, access,
    reads::{self, ProjectView},
    store::projects,
};

/// The picture of a project, which its maintainers and admins set.
pub const PICTURED: &[Pictured] = &[Pictured {
    kind: "project",
    used: PictureUse::Gallery,
    flag: Some(FLAG),
    find: |tx, _, setter, id| Box::pin(find(tx, setter, id)),
    set: |tx, context, change| Box::pin(set(tx, context, change)),
}];

async fn project(tx: &Tx, id: Uuid) -> Result<ProjectView, ActionError> {
    let found = reads::project_by_id(tx, id.into()).await?;
    Ok(found.ok_or_else(|| access::unknown(&id.to_string()))?)
}

async fn find(tx: &Tx, setter: PictureSetter, id: Uuid) -> Result<PicturedThing, ActionError> {
    let project = project(tx, id).await?;
    if !setter.is_admin && !reads::maintains(tx, id.into(), setter.person.into()).await? {
        return Err(access::required(&project.name).into());
    }
    Ok(PicturedThing {
        address: format!("/projects/{}/edit", project.slug),
        drawn: ui::drawn("project", &project.slug),
        title: project.name,
    })
}

async fn set(tx: &Tx, context: &Context, change: PictureChange<'_>) -> Result<(), ActionError> {
    let project = project(tx, change.id).await?;
    projects::set_picture(tx, project.id.into(), change.picture, context.now()).await?;
    let stated = |(path, text): (String, String)| json!({ "picture": path, "shows": text });
    let after = change.picture.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let act = Act {
        actor: change.actor,
        action: "project.picture",
        target_kind: "project",
        target_id: project.id,
        before: project.picture().map(stated),
        after: after.map(stated),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}
