use contributions::actions::{NewProject, create_project};
use platform::{audit::Actor, config::Config};

use super::{place, say};

/// Verbs of `project`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a project
    #[command(
        after_help = "Example:\n  guildhall project create --name \"Lantern Works\" --slug lantern"
    )]
    Create {
        /// What people call it
        #[arg(long)]
        name: String,
        /// Its name in addresses [default: made from the name]
        #[arg(long)]
        slug: Option<String>,
        /// What it is, in a sentence or two
        #[arg(long, default_value = "")]
        description: String,
        /// What it is about; may be given several times
        #[arg(long = "tag")]
        tags: Vec<String>,
        /// How hard it is to begin
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
            say(format_args!("Made the project '{}'.", project.slug));
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
