use contributions::actions::{NewProject, create_project};
use platform::{audit::Actor, config::Config};

use super::{place, say};

/// Subcommands of `project`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
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
        /// A sentence or two that describe the project
        #[arg(long, default_value = "")]
        description: String,
        /// A topic of the project; may be given several times
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

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Create {
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
            let app = place::enter(config).await?;
            let project = create_project(&app.context, Actor::Operator, new).await?;
            say(format_args!("Created the project '{}'.", project.slug));
            app.context.db.close().await;
        }
        Command::List => {
            let db = place::look(&config).await?.db;
            let projects = contributions::reads::projects(&db, "", 10_000).await?;
            for project in projects {
                say(format_args!(
                    "{:30} {} ({} repositories)",
                    project.slug, project.name, project.repositories
                ));
            }
            db.close().await;
        }
    }
    Ok(())
}
