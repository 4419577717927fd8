use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use chrono::{SecondsFormat, TimeDelta};
use github::{
    actions::{NO_TOKEN, NewRepository, Registrar, replace_secret},
    model::SyncProgress,
    reads::{AppCover, RepositoryNames, SyncState},
};
use identity::reads::find_named;
use kernel::counted;
use platform::{
    audit::Actor,
    command::{Program, Run, github_id, is_retyped, say, span},
    module::Services,
};
use secrecy::SecretString;
use serde_json::json;

use super::exclusions::{exclude, include};
use crate::{
    actions::{
        add_repository, register_named, register_repository, remove_repository, sync_all,
        sync_repository,
    },
    reads::{self, ProjectPart},
};

/// Register, remove and list repositories
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "repo")]
pub(super) enum Repo {
    /// Register a repository with a project
    #[command(
        after_help = "Examples:\n  guildhall repo add octo/lantern --project lantern\n  guildhall repo add https://github.com/octo/lantern --project lantern\n  guildhall repo add octo/lantern --project lantern --by wren-oak\n\nThe command asks GitHub for the repository: with the GitHub App, with the server's token, or without either. With `--github-id`, it does not ask, and uses the name as it is."
    )]
    Add {
        /// The repository's full name, or its address on GitHub
        #[arg(value_name = "OWNER/NAME")]
        full_name: String,
        /// The project's slug
        #[arg(long, value_name = "SLUG")]
        project: String,
        /// The repository's GitHub ID, to register it without asking GitHub
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
        github_id: Option<i64>,
        /// The GitHub ID of the repository's webhook, if it has its own secret
        #[arg(
            long,
            value_name = "N",
            requires = "secret_file",
            allow_negative_numbers = true,
            value_parser = github_id
        )]
        hook_id: Option<i64>,
        /// A file that contains the webhook's secret
        #[arg(long, value_name = "FILE", requires = "hook_id")]
        secret_file: Option<PathBuf>,
        /// The login of a person who has connected GitHub. Their role in the repository is checked, and the webhook is
        /// created with their token
        #[arg(long, value_name = "LOGIN", conflicts_with = "hook_id")]
        by: Option<String>,
    },
    /// Remove a repository from its project. The points of its pull requests are reversed
    #[command(
        after_help = "Examples:\n  guildhall repo remove octo/lantern\n  guildhall repo remove octo/lantern --yes\n\nThe command says what is reversed, and asks you to type the name again. What GitHub reports is still recorded: add the repository with `guildhall repo add` again, and the points return."
    )]
    Remove {
        /// The repository's full name
        #[arg(value_name = "OWNER/NAME")]
        full_name: String,
        /// The repository's GitHub ID, needed if several repositories have this name
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
        github_id: Option<i64>,
        /// Skip the confirmation, for scripts
        #[arg(long)]
        yes: bool,
    },
    /// Exclude a repository: its pull requests earn nothing until that is undone
    #[command(
        after_help = "Examples:\n  guildhall repo exclude octo/lantern --reason 'Made to be farmed'\n  guildhall repo exclude octo/lantern --reason 'Made to be farmed' --yes\n\nThe command says what is reversed, and asks you to type the name. The reason is public. Undo it with `guildhall repo include`."
    )]
    Exclude {
        /// The repository's full name
        #[arg(value_name = "OWNER/NAME")]
        full_name: String,
        /// The repository's GitHub ID, needed if several repositories have this name
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
        github_id: Option<i64>,
        /// The reason, which everyone can read
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Skip the confirmation, for scripts
        #[arg(long)]
        yes: bool,
    },
    /// Undo the exclusion of a repository. Its pull requests earn their points again
    #[command(
        after_help = "Example:\n  guildhall repo include octo/lantern --reason 'The owner explained it'"
    )]
    Include {
        /// The repository's full name
        #[arg(value_name = "OWNER/NAME")]
        full_name: String,
        /// The repository's GitHub ID, needed if several repositories have this name
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
        github_id: Option<i64>,
        /// The reason, for the audit log
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Have a repository read from GitHub: its pull requests, reviews and files
    #[command(
        after_help = "Examples:\n  guildhall repo sync octo/lantern\n  guildhall repo sync octo/lantern --whole\n  guildhall repo sync --all\n\nThe server reads what changed since the last time, or everything with `--whole`. It needs GITHUB_API_TOKEN. `guildhall repo list` shows the progress."
    )]
    Sync {
        /// The repository's full name
        #[arg(value_name = "OWNER/NAME", required_unless_present = "all", conflicts_with = "all")]
        full_name: Option<String>,
        /// The repository's GitHub ID, needed if several repositories have this name
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
        github_id: Option<i64>,
        /// All repositories of all projects
        #[arg(long)]
        all: bool,
        /// Read everything again, not only what changed since the last time
        #[arg(long)]
        whole: bool,
    },
    /// Replace the secret of a repository's own webhook. Both secrets are accepted until the old one expires
    #[command(
        after_help = "Examples:\n  guildhall repo secret octo/lantern --secret-file new-secret --keep-old-for 24h\n  guildhall repo secret octo/lantern --secret-file new-secret --keep-old-for 0\n\nThen enter the new secret in the webhook's settings on GitHub."
    )]
    Secret {
        /// The repository's full name
        #[arg(value_name = "OWNER/NAME")]
        full_name: String,
        /// The repository's GitHub ID, needed if several repositories have this name
        #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = github_id)]
        github_id: Option<i64>,
        /// A file that contains the new secret
        #[arg(long, value_name = "FILE")]
        secret_file: PathBuf,
        /// How long to accept the old secret, such as 30m, 24h or 7d. 0 revokes it immediately
        #[arg(long, value_name = "SPAN", default_value = "24h", value_parser = span)]
        keep_old_for: TimeDelta,
    },
    /// List repositories with their GitHub IDs, projects and webhooks
    #[command(after_help = "Example:\n  guildhall repo list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
}

impl Run for Repo {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Repo::Add { full_name, project, github_id, hook_id, secret_file, by } => {
                if let Some(by) = by {
                    return add_by(program, &project, (&full_name, github_id), &by).await;
                }
                let hook = hook_id.zip(secret_file.as_deref().map(read_secret).transpose()?);
                match github_id {
                    Some(github_id) => {
                        let new = NewRepository { full_name, github_id, hook };
                        add(program, project, new).await
                    }
                    None => add_named(program, &project, &full_name, hook).await,
                }
            }
            Repo::Remove { full_name, github_id, yes } => {
                remove(program, &full_name, github_id, yes).await
            }
            Repo::Exclude { full_name, github_id, reason, yes } => {
                exclude(program, &full_name, github_id, &reason, yes).await
            }
            Repo::Include { full_name, github_id, reason } => {
                include(program, &full_name, github_id, &reason).await
            }
            Repo::Secret { full_name, github_id, secret_file, keep_old_for } => {
                let secret = read_secret(&secret_file)?;
                replace(program, (&full_name, github_id), &secret, keep_old_for).await
            }
            Repo::Sync { full_name, github_id, whole, .. } => {
                sync(program, full_name.as_deref(), github_id, whole).await
            }
            Repo::List { json } => list(program, json).await,
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn list(program: &dyn Program, json: bool) -> anyhow::Result<()> {
    let db = program.look().await?.db.clone();
    let (mut listed, mut stored) = (Vec::new(), HashMap::new());
    for project in reads::projects(&db, ProjectPart::All, "", i64::MAX).await? {
        for repository in reads::repositories(&db, project.id.into()).await? {
            listed.push((repository, project.slug.clone()));
        }
        let earned = reads::earned(&db, project.id.into()).await?;
        stored.extend(earned.into_iter().map(|(id, it)| (id, it.pull_requests)));
    }
    let ids = listed.iter().map(|(repository, _)| repository.id);
    let syncs = github::reads::sync_states(&db, ids).await?;
    let ids: Vec<_> = listed.iter().map(|(repository, _)| repository.id.into()).collect();
    let apps = github::reads::app_covers(&db, ids).await?;
    db.close().await;
    if json {
        let object = |(repository, project): &(RepositoryNames, String)| {
            json!({
                "full_name": repository.full_name,
                "github_id": repository.github_id,
                "hook_id": repository.hook_id,
                "github_app": apps.get(&repository.id).map(|app| app.state.as_str()),
                "project": project,
                "pull_requests": stored.get(&repository.id).copied().unwrap_or(0),
                "sync": syncs.get(&repository.id).map(|sync| json!({
                    "state": sync.progress().as_str(),
                    "pull_requests_read": sync.pulls_read,
                    "pull_requests_total": sync.pulls_total,
                    "requests": sync.calls,
                    "error": sync.last_error,
                })),
            })
        };
        let repositories: Vec<_> = listed.iter().map(object).collect();
        say(json!({ "repositories": repositories }));
        return Ok(());
    }
    for (repository, project) in &listed {
        let is_of_app = |app: &AppCover| app.state.is_active();
        let hook = match repository.hook_id {
            Some(hook) => format!("own webhook {hook}"),
            None if apps.get(&repository.id).is_some_and(is_of_app) => "GitHub App".to_owned(),
            None => "server's webhook secret".to_owned(),
        };
        let read = syncs.get(&repository.id).map_or_else(String::new, progress);
        let pulls = stored.get(&repository.id).copied().unwrap_or(0);
        say(format_args!(
            "{:40} {:>12} {project}  {hook}  {}{read}",
            repository.full_name,
            repository.github_id,
            counted(pulls, "pull request", "pull requests")
        ));
    }
    Ok(())
}

/// Returns the progress of reading a repository, to append to its line.
pub(super) fn progress(sync: &SyncState) -> String {
    let (state, read) = (sync.progress(), sync.pulls_read);
    let total = sync.pulls_total.map_or_else(String::new, |total| format!(" of {total}"));
    match (state, sync.last_error.as_deref()) {
        (SyncProgress::Failed, Some(NO_TOKEN)) => {
            "  not read from GitHub: the server has no token (save one at /setup/github)".to_owned()
        }
        (SyncProgress::Failed, error) => {
            let error = error.unwrap_or("see the log of the server");
            format!("  reading from GitHub failed after {read}{total}: {error}")
        }
        (_, error) => {
            let error = error.map_or_else(String::new, |error| format!(": {error}"));
            format!("  reading from GitHub: {}, {read}{total}{error}", state.as_str())
        }
    }
}

async fn add(program: &dyn Program, project: String, new: NewRepository) -> anyhow::Result<()> {
    let app = program.open().await?;
    add_repository(&app.context, &app.ring, Actor::Operator, &project, &new).await?;
    say(format_args!("Registered {} with the project '{project}'.", new.full_name));
    app.context.db.close().await;
    Ok(())
}

/// Registers a repository that GitHub knows by its name or address.
async fn add_named(
    program: &dyn Program,
    project: &str,
    address: &str,
    hook: Option<(i64, SecretString)>,
) -> anyhow::Result<()> {
    let app = program.open().await?;
    let registrar = Registrar::of(&app.config);
    let needed = registrar.needed_hook().filter(|_| hook.is_none());
    let (context, actor) = (&app.context, Actor::Operator);
    let own = register_named(context, &registrar, actor, project, address, hook).await;
    app.context.db.close().await;
    say(format_args!("Registered {} with the project '{project}'.", own?.full_name));
    if let Some(needed) = needed {
        say(format_args!(
            "Neither a GitHub App nor a token is set up here, so add a webhook on GitHub that delivers to {}.",
            needed.url
        ));
    }
    Ok(())
}

/// Registers a repository in the name of a person, as they could on the project's page.
async fn add_by(
    program: &dyn Program,
    project: &str,
    (address, github_id): (&str, Option<i64>),
    login: &str,
) -> anyhow::Result<ExitCode> {
    let app = program.open().await?;
    anyhow::ensure!(
        app.config.public_url.is_some(),
        "the address of this server is not set: set it {}, so that the webhook delivers there",
        app.config.place("public_url")
    );
    let person = find_named(&app.context.db, login).await?;
    let registrar = Registrar::of(&app.config);
    let github_id = match github_id {
        Some(github_id) => github_id,
        None => {
            let full_name = registrar.full_name_of(address);
            let full_name = full_name.with_context(|| {
                format!("{address} is no repository: use OWNER/NAME, or its address on GitHub")
            })?;
            registrar.find(&app.context, &full_name).await?.id
        }
    };
    let own = register_repository(
        &app.context,
        &registrar,
        person.id.into(),
        Actor::Operator,
        project,
        github_id,
    )
    .await;
    app.context.db.close().await;
    say(format_args!(
        "Registered {} with the project '{project}'. GitHub delivers its events now.",
        own?.full_name
    ));
    Ok(ExitCode::SUCCESS)
}

/// Removes a repository after a confirmation.
async fn remove(
    program: &dyn Program,
    full_name: &str,
    github_id: Option<i64>,
    is_confirmed: bool,
) -> anyhow::Result<()> {
    let app = program.open().await?;
    let db = &app.context.db;
    let (repository, slug) = reads::repository_named(db, full_name, github_id).await?;
    let name = &repository.full_name;
    let project = reads::project_id(db, &slug).await?.context("a project")?;
    let earned = reads::earned(db, project).await?;
    let earned = earned.get(&repository.id).copied().unwrap_or_default();
    if !is_confirmed {
        let consequence =
            format!("This removes {name} from the project '{slug}' and reverses {earned}.");
        anyhow::ensure!(
            is_retyped(consequence, name)?,
            "the name was not typed again, so nothing was removed: type {name}, or use `--yes` in scripts"
        );
    }
    remove_repository(&app.context, Actor::Operator, &slug, repository.github_id).await?;
    app.context.db.close().await;
    say(format_args!("Removed {name} from the project '{slug}'. The server reverses {earned}."));
    Ok(())
}

/// Requests that one repository or all are read from GitHub.
async fn sync(
    program: &dyn Program,
    full_name: Option<&str>,
    github_id: Option<i64>,
    whole: bool,
) -> anyhow::Result<()> {
    let app = program.open().await?;
    let context = &app.context;
    let said = match full_name {
        Some(name) => {
            let (repository, slug) = reads::repository_named(&context.db, name, github_id).await?;
            let github_id = repository.github_id;
            sync_repository(context, Actor::Operator, &slug, github_id, whole).await?;
            format!("The server reads {} from GitHub.", repository.full_name)
        }
        None => {
            let requested = sync_all(context, Actor::Operator, whole).await?;
            format!("The server reads {requested} repositories from GitHub.")
        }
    };
    context.db.close().await;
    say(said);
    if app.config.github_api_token.is_none() {
        let place = app.config.place("github_api_token");
        say(format_args!("No token is set {place}: the server reads them once it has one."));
    }
    Ok(())
}

async fn replace(
    program: &dyn Program,
    repository: (&str, Option<i64>),
    secret: &SecretString,
    keep_old_for: TimeDelta,
) -> anyhow::Result<()> {
    let app = program.open().await?;
    let (context, ring) = (&app.context, &app.ring);
    let ends_at =
        replace_secret(context, ring, Actor::Operator, repository, secret, keep_old_for).await;
    app.context.db.close().await;
    say(match ends_at? {
        Some(at) => format!(
            "{} has a new secret; the old one is accepted until {}. Enter the new one in the webhook's settings on GitHub.",
            repository.0,
            at.to_rfc3339_opts(SecondsFormat::Secs, true)
        ),
        None => format!(
            "{} has a new secret; the old one is no longer accepted. Enter the new one in the webhook's settings on GitHub.",
            repository.0
        ),
    });
    Ok(())
}

fn read_secret(path: &Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the secret file {}", path.display()))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    anyhow::ensure!(!secret.is_empty(), "the secret file {} is empty", path.display());
    Ok(secret.into())
}

/// Registers the repositories that are not registered yet.
pub(crate) async fn register_unknown(
    app: &Services,
    project: &str,
    found: Vec<(i64, String)>,
) -> anyhow::Result<()> {
    if reads::project_id(&app.context.db, project).await?.is_none() {
        anyhow::bail!("unknown project '{project}': see `guildhall project list`");
    }
    let ids: Vec<i64> = found.iter().map(|(id, _)| *id).collect();
    let unknown = github::reads::unregistered(&app.context.db, &ids).await?;
    for (github_id, full_name) in found.into_iter().filter(|(id, _)| unknown.contains(id)) {
        let new = NewRepository { full_name, github_id, hook: None };
        add_repository(&app.context, &app.ring, Actor::Operator, project, &new).await?;
    }
    Ok(())
}
