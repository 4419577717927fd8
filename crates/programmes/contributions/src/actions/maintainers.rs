use crate::model::ProjectId;
use identity::model::Person;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{Sql, Tx},
};
use serde_json::json;

use crate::{access, model::MAINTAINER_APPOINTED, reads};

/// Makes a person a maintainer of a project. One who is one already stays one.
///
/// # Errors
/// When there is no such project or nobody has that login, or the database fails.
pub async fn appoint_maintainer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<(), ActionError> {
    let mut tx = context.begin().await?;
    let (project, person) = find(&tx, slug, login).await?;
    let (id, now) = (context.ids.next(), context.now());
    let sql = "INSERT INTO project_maintainers (id, project_id, user_id, role, created_at, updated_at) \
               VALUES ($1, $2, $3, 'maintainer', $4, $4) ON CONFLICT (project_id, user_id) DO NOTHING";
    let values = [id.into(), project.into(), person.id.into(), now.into()];
    if tx.run(tx.statement(sql, values)).await? > 0 {
        record(&tx, context, actor, "project.appoint", project, &person).await?;
        let ids = context.ids.as_ref();
        tx.wake(MAINTAINER_APPOINTED, [id], ids, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a project from a maintainer. The last one cannot leave it by themselves: nobody but an admin
/// could appoint another.
///
/// # Errors
/// When there is no such project, nobody has that login or they maintain it not, they are the last and
/// it is they who ask, or the database fails.
pub async fn dismiss_maintainer(
    context: &Context,
    actor: Actor,
    slug: &str,
    login: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let (project, person) = find(&tx, slug, login).await?;
    let sql = "DELETE FROM project_maintainers WHERE project_id = $1 AND user_id = $2";
    let dismissed = tx.run(tx.statement(sql, [project.into(), person.id.into()]));
    if dismissed.await? == 0 {
        let detail = format!(
            "{} does not maintain this project, so that nothing was done.",
            person.login
        );
        return Err(Problem::new(ProblemKind::Conflict, "NOT_A_MAINTAINER", detail).into());
    }
    if actor == Actor::Person(person.id) && !has_maintainers(&tx, project).await? {
        let detail = "You are the last maintainer of this project, so that nothing was done. Appoint another first, or ask an admin.";
        return Err(Problem::new(ProblemKind::Conflict, "LAST_MAINTAINER", detail).into());
    }
    record(&tx, context, actor, "project.dismiss", project, &person).await?;
    Ok(tx.commit().await?)
}

async fn has_maintainers(tx: &Tx, project: ProjectId) -> Result<bool, ActionError> {
    // Two who leave at once wait for each other here.
    tx.serialize("project_maintainers").await?;
    let sql = "SELECT count(*) FROM project_maintainers WHERE project_id = $1";
    Ok(tx.count(tx.statement(sql, [project.into()])).await? > 0)
}

async fn find(tx: &Tx, slug: &str, login: &str) -> Result<(ProjectId, Person), ActionError> {
    let project = reads::project_id(tx, slug)
        .await?
        .ok_or_else(|| access::unknown(slug))?;
    Ok((project, identity::reads::find_person(tx, login).await?))
}

async fn record(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    action: &'static str,
    project: ProjectId,
    person: &Person,
) -> Result<(), ActionError> {
    let act = Act {
        actor,
        action,
        target_kind: "project",
        target_id: project.0,
        before: None,
        after: Some(json!({ "person": person.id })),
        reason: None,
    };
    Ok(audit::record(tx, context, act).await?)
}
