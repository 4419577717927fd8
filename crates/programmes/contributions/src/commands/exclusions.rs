use anyhow::Context as _;
use platform::{
    audit::Actor,
    command::{Program, is_retyped, say},
};

use crate::{
    actions::{exclude_repository, include_repository},
    reads,
};

/// Excludes a repository after a confirmation.
pub(super) async fn exclude(
    program: &dyn Program,
    full_name: &str,
    github_id: Option<i64>,
    reason: &str,
    is_confirmed: bool,
) -> anyhow::Result<()> {
    let app = program.open().await?;
    let db = &app.context.db;
    let (repository, _) = reads::repository_named(db, full_name, github_id).await?;
    let (name, github_id) = (&repository.full_name, repository.github_id);
    let found = reads::moderated_repository(db, github_id).await?;
    let effect = found.context("a project")?.effect;
    if !is_confirmed {
        let consequence = format!("This excludes {name} and reverses {effect}.");
        anyhow::ensure!(
            is_retyped(consequence, name)?,
            "the name was not typed again, so nothing was excluded: type {name}, or use `--yes` in scripts"
        );
    }
    exclude_repository(&app.context, Actor::Operator, github_id, reason).await?;
    app.context.db.close().await;
    say(format_args!("Excluded {name}. The server reverses {effect}."));
    Ok(())
}

/// Undoes the exclusion of a repository.
pub(super) async fn include(
    program: &dyn Program,
    full_name: &str,
    github_id: Option<i64>,
    reason: &str,
) -> anyhow::Result<()> {
    let app = program.open().await?;
    let context = &app.context;
    let (repository, _) = reads::repository_named(&context.db, full_name, github_id).await?;
    include_repository(context, Actor::Operator, repository.github_id, reason).await?;
    context.db.close().await;
    say(format_args!(
        "{} is no longer excluded. The server returns its points.",
        repository.full_name
    ));
    Ok(())
}
