use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, anyhow, bail, ensure};
use github::{
    actions::{Inbox, NewDelivery},
    rules::{
        body::pack,
        envelope::inspect,
        gharchive::{self, Check},
    },
};
use kernel::counted;
use platform::{
    command::{Program, Run, say},
    crypto::digest,
    module::Services,
};

use super::wait_until_settled;
use crate::reads;

/// Import past activity from an archive
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "import")]
pub(super) enum Import {
    /// Import GH Archive files (.json or .json.gz). Events of the project's repositories are processed like webhook
    /// deliveries
    #[command(
        after_help = "Example:\n  guildhall import gharchive 2025-09-01-15.json.gz --project lantern"
    )]
    Gharchive {
        /// GH Archive files, each with the events of one hour
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The slug of the project whose repositories' events are imported
        #[arg(long, value_name = "SLUG")]
        project: String,
    },
}

impl Run for Import {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let Import::Gharchive { files, project } = self;
        let app = program.open().await?;
        // All files are checked before the first is imported, so that no import is partial.
        for file in &files {
            check(file)?;
        }
        let followed = followed(&app, &project).await?;
        let inbox = Inbox::start(app.context.clone());
        let runner = app.start_jobs();
        let mut total = Imported::default();
        for file in &files {
            let imported = import(file, &inbox, &followed).await?;
            say(format_args!("{}: {imported}", file.display()));
            total.new += imported.new;
        }
        wait_until_settled(&app.context).await?;
        runner.stop().await;
        app.context.db.close().await;
        say(format_args!("Processed {}.", counted(total.new, "new delivery", "new deliveries")));
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns the GitHub IDs of the project's repositories.
async fn followed(app: &Services, project: &str) -> anyhow::Result<HashSet<i64>> {
    let db = &app.context.db;
    let Some(id) = reads::project_id(db, project).await? else {
        bail!("unknown project '{project}': see `guildhall project list`");
    };
    let followed = reads::repositories(db, id).await?;
    if followed.is_empty() {
        bail!(
            "the project '{project}' has no repository: add one with `guildhall repo add OWNER/NAME --project {project} --github-id N`"
        );
    }
    Ok(followed.into_iter().map(|repository| repository.github_id).collect())
}

fn lines(path: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<Vec<u8>>> + use<>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    let bytes: Box<dyn Read + Send> =
        if is_packed { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(BufReader::new(bytes).split(b'\n'))
}

fn check(path: &Path) -> anyhow::Result<()> {
    let mut check = Check::default();
    let mut is_empty = true;
    for line in lines(path)? {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        is_empty &= line.trim_ascii().is_empty();
        check.line(&line).map_err(|refusal| {
            anyhow!("cannot import {}; nothing was imported: {refusal}", path.display())
        })?;
    }
    ensure!(!is_empty, "{} contains no deliveries", path.display());
    let report = check.finish();
    tracing::debug!(?report, file = %path.display(), "checked");
    Ok(())
}

/// The counts of a file's events.
#[derive(Clone, Copy, Debug, Default)]
struct Imported {
    new: u64,
    known: u64,
    of_other_repositories: u64,
}

impl std::fmt::Display for Imported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { new, known, of_other_repositories } = self;
        write!(
            f,
            "new deliveries: {new}, already known: {known}, from other repositories: {of_other_repositories}"
        )
    }
}

/// The number of deliveries stored at the same time.
const GROUP: usize = 256;

async fn import(path: &Path, inbox: &Inbox, followed: &HashSet<i64>) -> anyhow::Result<Imported> {
    let mut imported = Imported::default();
    let mut group = Vec::with_capacity(GROUP);
    for line in lines(path)? {
        let Some(delivery) = gharchive::convert(&line?)? else {
            continue;
        };
        if !followed.contains(&delivery.repository_id) {
            imported.of_other_repositories += 1;
            continue;
        }
        group.push(accept(inbox.clone(), delivery));
        if group.len() == GROUP {
            store(&mut imported, std::mem::take(&mut group)).await?;
        }
    }
    store(&mut imported, group).await?;
    Ok(imported)
}

async fn store(
    imported: &mut Imported,
    group: Vec<impl Future<Output = anyhow::Result<bool>>>,
) -> anyhow::Result<()> {
    for is_duplicate in futures_util::future::try_join_all(group).await? {
        if is_duplicate {
            imported.known += 1;
        } else {
            imported.new += 1;
        }
    }
    Ok(())
}

async fn accept(inbox: Inbox, delivery: gharchive::Delivery) -> anyhow::Result<bool> {
    let body = delivery.body.get().as_bytes();
    let envelope = inspect(body)?;
    let new = NewDelivery {
        delivery_id: delivery.delivery.to_string(),
        event: delivery.event.to_owned(),
        action: envelope.action,
        hook_id: None,
        repository_github_id: envelope.repository_id,
        installation_id: None,
        fingerprint: digest(body),
        body_size: body.len() as i64,
        body: pack(body)?,
    };
    Ok(inbox.accept(new).await?.is_duplicate)
}
