use std::process::ExitCode;

use kernel::counted;
use platform::{
    audit::Actor,
    command::{Program, Run, say},
};

use serde_json::json;

use crate::{
    actions::{NewProject, create_project},
    reads::{self, ProjectView},
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
    #[command(after_help = "Example:\n  guildhall project list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
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
                let app = program.open().await?;
                let project = create_project(&app.context, Actor::Operator, new).await?;
                say(format_args!("Created the project '{}'.", project.slug));
                app.context.db.close().await;
            }
            Project::List { json } => {
                let db = program.look().await?.db;
                let projects = reads::projects(&db, "", 10_000).await?;
                db.close().await;
                print(&projects, json);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(projects: &[ProjectView], json: bool) {
    if json {
        let object = |project: &ProjectView| json!({ "slug": project.slug, "name": project.name, "repositories": project.repositories });
        let projects: Vec<_> = projects.iter().map(object).collect();
        say(json!({ "projects": projects }));
        return;
    }
    for project in projects {
        say(format_args!(
            "{:30} {} ({})",
            project.slug,
            project.name,
            counted(project.repositories, "repository", "repositories")
        ));
    }
}
