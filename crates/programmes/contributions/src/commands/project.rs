use std::process::ExitCode;

use kernel::counted;
use platform::{
    audit::Actor,
    command::{Program, Run, say},
};

use serde_json::json;

use super::rules::Rules;
use crate::{
    actions::{
        ChangedProject, NewProject, ProjectChange, TransferInput, change_project, create_project,
        transfer_project,
    },
    reads::{self, ProjectPart, ProjectView},
};

/// Create, change, archive, transfer and list projects
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "project")]
pub(super) enum Project {
    /// Create a project
    #[command(
        after_help = "Example:\n  guildhall project create --name \"Lantern Works\" --slug lantern --owner wren-oak"
    )]
    Create {
        /// The project's name
        #[arg(long)]
        name: String,
        /// The slug used in URLs [default: derived from the name]
        #[arg(long)]
        slug: Option<String>,
        /// A short description of the project
        #[arg(long, default_value = "")]
        description: String,
        /// A topic of the project. Can be given more than once
        #[arg(long = "tag")]
        tags: Vec<String>,
        /// How hard it is to start contributing
        #[arg(long)]
        difficulty: Option<String>,
        /// The login of the person who owns the project [default: it has no owner]
        #[arg(long, value_name = "LOGIN")]
        owner: Option<String>,
    },
    /// Change the texts of a project. What is not given stays as it is
    #[command(
        after_help = "Examples:\n  guildhall project edit lantern --name \"Lantern Works\"\n  guildhall project edit lantern --tag rust --tag cli --difficulty \"\""
    )]
    Edit {
        /// The project's slug, which cannot be changed
        slug: String,
        #[command(flatten)]
        texts: Texts,
    },
    /// Archive a project. Pull requests that are opened from now on earn no points in it
    #[command(
        after_help = "Example:\n  guildhall project archive lantern\n\nThe points and pages of the project stay. `guildhall project unarchive` ends it."
    )]
    Archive {
        /// The project's slug
        slug: String,
    },
    /// End the archiving of a project. Pull requests that were opened meanwhile earn their points
    #[command(after_help = "Example:\n  guildhall project unarchive lantern")]
    Unarchive {
        /// The project's slug
        slug: String,
    },
    /// Transfer a project to one of its maintainers, if it has no owner or the owner's account is closed or banned
    #[command(
        after_help = "Example:\n  guildhall project transfer lantern wren-oak --reason \"The owner closed their account\""
    )]
    Transfer {
        /// The project's slug
        slug: String,
        /// The login, or ID, of the maintainer who becomes the owner
        login: String,
        /// The reason, for the audit log
        #[arg(long)]
        reason: String,
    },
    /// List projects, including archived ones
    #[command(after_help = "Example:\n  guildhall project list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show, check and publish the rules of a project
    Rules {
        #[command(subcommand)]
        rules: Rules,
    },
}

/// The texts that a change sets.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(super) struct Texts {
    /// The project's name
    #[arg(long)]
    name: Option<String>,
    /// A short description of the project
    #[arg(long)]
    description: Option<String>,
    /// A topic of the project, instead of those it has. Can be given more than once. `--tag ""` removes all
    #[arg(long = "tag")]
    tags: Option<Vec<String>>,
    /// How hard it is to start contributing. `--difficulty ""` removes it
    #[arg(long)]
    difficulty: Option<String>,
    /// The number of days without activity after which a pull request is stale
    #[arg(long, value_name = "DAYS")]
    stale_days: Option<i64>,
    /// The number of days without activity after which a pull request is abandoned and leaves the queue of reviews
    #[arg(long, value_name = "DAYS")]
    abandoned_days: Option<i64>,
}

impl Run for Project {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Project::Create { name, slug, description, tags, difficulty, owner } => {
                let new = NewProject { name, slug, description, tags, difficulty, owner };
                let app = program.open().await?;
                let project = create_project(&app.context, Actor::Operator, new).await?;
                say(format_args!("Created the project '{}'.", project.slug));
                app.context.db.close().await;
            }
            Project::Edit { slug, texts } => {
                let change = ProjectChange {
                    name: texts.name,
                    description: texts.description,
                    tags: texts.tags,
                    difficulty: texts.difficulty,
                    stale_days: texts.stale_days,
                    abandoned_days: texts.abandoned_days,
                    closes_abandoned: None,
                    archived: None,
                    unread: None,
                };
                let changed = apply(program, &slug, change).await?;
                say(format_args!("Changed the project '{}'.", changed.project.slug));
            }
            Project::Archive { slug } => move_to(program, &slug, true).await?,
            Project::Unarchive { slug } => move_to(program, &slug, false).await?,
            Project::Transfer { slug, login, reason } => {
                transfer(program, &slug, TransferInput { login, reason }).await?;
            }
            Project::List { json } => {
                let db = program.look().await?.db.clone();
                let projects = reads::projects(&db, ProjectPart::All, "", 10_000).await?;
                db.close().await;
                print(&projects, json);
            }
            Project::Rules { rules } => return rules.run(program).await,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn apply(
    program: &dyn Program,
    slug: &str,
    change: ProjectChange,
) -> anyhow::Result<ChangedProject> {
    let app = program.open().await?;
    let changed = change_project(&app.context, Actor::Operator, slug, change).await?;
    app.context.db.close().await;
    Ok(changed)
}

async fn transfer(program: &dyn Program, slug: &str, input: TransferInput) -> anyhow::Result<()> {
    let app = program.open().await?;
    let person = transfer_project(&app.context, Actor::Operator, true, slug, &input).await?;
    app.context.db.close().await;
    say(format_args!("{} now owns the project '{slug}'.", person.login));
    Ok(())
}

/// Archives a project, or ends that.
async fn move_to(program: &dyn Program, slug: &str, archived: bool) -> anyhow::Result<()> {
    let change = ProjectChange { archived: Some(archived), ..ProjectChange::default() };
    let changed = apply(program, slug, change).await?;
    say(match (archived, changed.has_moved) {
        (true, true) => {
            format!(
                "Archived the project '{slug}'. Pull requests opened from now on earn no points in it."
            )
        }
        (true, false) => format!("The project '{slug}' is already archived."),
        (false, true) => {
            format!(
                "The project '{slug}' is no longer archived. Pull requests opened meanwhile earn their points."
            )
        }
        (false, false) => format!("The project '{slug}' is not archived."),
    });
    Ok(())
}

fn print(projects: &[ProjectView], json: bool) {
    if json {
        let object = |project: &ProjectView| {
            json!({
                "slug": project.slug, "name": project.name, "repositories": project.repositories,
                "archived_at": project.archived_at,
            })
        };
        let projects: Vec<_> = projects.iter().map(object).collect();
        say(json!({ "projects": projects }));
        return;
    }
    for project in projects {
        say(format_args!(
            "{:30} {} ({}{})",
            project.slug,
            project.name,
            counted(project.repositories, "repository", "repositories"),
            if project.archived_at.is_some() { ", archived" } else { "" }
        ));
    }
}
