use std::process::ExitCode;

use kernel::counted;
use platform::{
    audit::Actor,
    command::{Program, Run, say},
};

use crate::{
    actions::{NewProject, create_project},
    reads,
};

/// Create and list projects
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "project")]
pub(super) enum Project {
    /// Create a project
    #[command(
        after_help = "Example:\n  guildhall project create --name \"Lantern Works\" --slug lantern"
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
    },
    /// List projects
    #[command(after_help = "Example:\n  guildhall project list")]
    List,
}

impl Run for Project {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Project::Create {
                name,
                slug,
                description,
                tags,
                difficulty,
            } => {
                let new = NewProject {
                    name,
                    slug,
                    description,
                    tags,
                    difficulty,
                };
                let app = program.enter().await?;
                let project = create_project(&app.context, Actor::Operator, new).await?;
                say(format_args!("Created the project '{}'.", project.slug));
                app.context.db.close().await;
            }
            Project::List => {
                let db = program.look().await?.db;
                let projects = reads::projects(&db, "", 10_000).await?;
                for project in projects {
                    say(format_args!(
                        "{:30} {} ({})",
                        project.slug,
                        project.name,
                        counted(project.repositories, "repository", "repositories")
                    ));
                }
                db.close().await;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
