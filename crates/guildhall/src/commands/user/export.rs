use std::path::Path;

use anyhow::Context as _;
use platform::{audit::Actor, command::say, files};

use crate::{App, privacy};

/// Exports a person's data to a file, or to standard output.
pub(super) async fn run(app: &App, login: &str, to: Option<&Path>) -> anyhow::Result<()> {
    let person = identity::reads::find_account(&app.context.db, login).await?;
    let data = privacy::export_for(app, Actor::Operator, person.id.into()).await?;
    let document = format!("{data:#}");
    match to.filter(|path| *path != Path::new("-")) {
        None => say(document),
        Some(path) => files::create_private(path, document.as_bytes())
            .with_context(|| format!("cannot write {}: choose a new file", path.display()))?,
    }
    Ok(())
}
