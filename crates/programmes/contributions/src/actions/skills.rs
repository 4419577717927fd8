use std::collections::{BTreeMap, BTreeSet};

use kernel::counted;
use platform::{
    Context,
    db::{DbError, Tx},
};
use recognition::{
    actions::feed_board,
    model::{FedBoard, Span},
};

use crate::{
    model::{ProjectId, project_board, skill_board},
    reads,
    rules::skills_of,
};

/// Sets which projects count on the boards of skills that a change of tags concerns, in the caller's transaction.
pub(super) async fn refresh_skills(
    tx: &mut Tx,
    context: &Context,
    tags: &[String],
) -> Result<(), DbError> {
    let concerned = skills_of(tags);
    if concerned.is_empty() {
        return Ok(());
    }
    // The tags of two projects that change at the same time are seen by the later one.
    tx.serialize("contributions.skills").await?;
    let skills = reads::skills(tx).await?;
    for skill in concerned {
        let projects = skills.get(&skill).cloned().unwrap_or_default();
        feed(tx, context, &skill.slug, projects).await?;
    }
    Ok(())
}

/// Sets which projects count on the boards of all skills, such as after an upgrade.
///
/// # Errors
/// When the database fails.
pub async fn refresh_all_skills(context: &Context) -> Result<String, DbError> {
    let mut tx = context.begin().await?;
    tx.serialize("contributions.skills").await?;
    let skills = reads::skills(&tx).await?;
    for (skill, projects) in &skills {
        feed(&mut tx, context, &skill.slug, projects.clone()).await?;
    }
    tx.commit().await?;
    Ok(counted(skills.len(), "skill", "skills"))
}

async fn feed(
    tx: &mut Tx,
    context: &Context,
    slug: &str,
    projects: BTreeSet<ProjectId>,
) -> Result<(), DbError> {
    let fed = FedBoard {
        key: skill_board(slug),
        sources: projects.into_iter().map(project_board).collect(),
        span: Span::always(),
    };
    feed_board(tx, context, &fed, &BTreeMap::new()).await
}
