use std::process::ExitCode;

use platform::{
    ActionError, Context,
    audit::Actor,
    command::{Program, Run, is_retyped, say},
    web::WebError,
};
use serde_json::json;

use crate::{
    access,
    actions::{
        self, NewSanction, NewSeason, RulesOutcome, add_season_project, cancel_season,
        change_season, create_season, lift_sanction, publish_season, publish_season_rules,
        remove_season_project, sign_off_season,
    },
    model::{SanctionKind, SignOffBlocker},
    reads::{self, ResultView, SeasonPart, SeasonView},
    rules::seasons::{ChosenProject, SeasonInput, sign_off::reasons},
};

/// Create, change, publish and sign off seasons
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "season")]
pub(super) enum Season {
    /// Create a season as a draft
    #[command(
        after_help = "Example:\n  guildhall season create --slug autumn-2026 --name \"Autumn 2026\" --first-day 2026-10-01 --last-day 2026-10-31 --goal 4"
    )]
    Create {
        /// The slug used in URLs [default: derived from the name]
        #[arg(long)]
        slug: Option<String>,
        #[command(flatten)]
        details: Details,
    },
    /// Change a season. What is not given stays as it is
    #[command(
        after_help = "Example:\n  guildhall season edit autumn-2026 --last-day 2026-11-07 --everyone"
    )]
    Edit {
        /// The season's slug
        slug: String,
        #[command(flatten)]
        details: Details,
    },
    /// Publish a draft, so that everyone sees it and people can register
    #[command(after_help = "Example:\n  guildhall season publish autumn-2026")]
    Publish {
        /// The season's slug
        slug: String,
    },
    /// Cancel a draft
    #[command(after_help = "Example:\n  guildhall season cancel autumn-2026")]
    Cancel {
        /// The season's slug
        slug: String,
    },
    /// Make the results of a season final
    #[command(
        after_help = "Examples:\n  guildhall season sign-off autumn-2026\n  guildhall season sign-off autumn-2026 --yes\n\nThis cannot be undone, so the command asks you to type the slug again."
    )]
    SignOff {
        /// The season's slug
        slug: String,
        /// Why to sign off although flags, disputes or reviews are open
        #[arg(long)]
        reason: Option<String>,
        /// Skip the confirmation, for scripts
        #[arg(long)]
        yes: bool,
    },
    /// Add a project to a season
    #[command(after_help = "Example:\n  guildhall season add-project autumn-2026 lantern")]
    AddProject {
        /// The season's slug
        slug: String,
        /// The project's slug
        project: String,
    },
    /// Remove a project from a season
    #[command(after_help = "Example:\n  guildhall season remove-project autumn-2026 lantern")]
    RemoveProject {
        /// The season's slug
        slug: String,
        /// The project's slug
        project: String,
    },
    /// Publish a season's rules to all its projects
    #[command(after_help = "Example:\n  guildhall season publish-rules autumn-2026")]
    PublishRules {
        /// The season's slug
        slug: String,
        /// A project whose rules are replaced, also its own; may be given several times [default: those without own rules]
        #[arg(long)]
        project: Vec<String>,
    },
    /// Let a person manage a season
    #[command(after_help = "Example:\n  guildhall season add-organizer autumn-2026 wren-oak")]
    AddOrganizer {
        /// The season's slug
        slug: String,
        /// The person's login
        login: String,
    },
    /// Remove an organizer from a season
    #[command(after_help = "Example:\n  guildhall season remove-organizer autumn-2026 wren-oak")]
    RemoveOrganizer {
        /// The season's slug
        slug: String,
        /// The person's login
        login: String,
    },
    /// Warn a person in a season
    #[command(
        after_help = "Example:\n  guildhall season warn autumn-2026 wren-oak --reason \"Whitespace only\""
    )]
    Warn {
        /// The season's slug
        slug: String,
        /// The person's login
        login: String,
        /// The reason, which the person sees
        #[arg(long)]
        reason: String,
    },
    /// Disqualify a person from a season
    #[command(
        after_help = "Example:\n  guildhall season disqualify autumn-2026 wren-oak --reason \"Spam after a warning\""
    )]
    Disqualify {
        /// The season's slug
        slug: String,
        /// The person's login
        login: String,
        /// The reason, which the person sees
        #[arg(long)]
        reason: String,
    },
    /// Lift the last warning or disqualification of a person in a season
    #[command(
        after_help = "Example:\n  guildhall season lift autumn-2026 wren-oak --reason \"The pull request was not theirs\""
    )]
    Lift {
        /// The season's slug
        slug: String,
        /// The person's login
        login: String,
        /// The reason, which the person sees
        #[arg(long)]
        reason: String,
    },
    /// Print the results of a season, with the email addresses of those who agreed to it
    #[command(after_help = "Example:\n  guildhall season results autumn-2026 --json")]
    Results {
        /// The season's slug
        slug: String,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// List seasons, including drafts
    #[command(after_help = "Example:\n  guildhall season list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// The details that are set.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Details {
    /// The name
    #[arg(long)]
    name: Option<String>,
    /// A description
    #[arg(long)]
    description: Option<String>,
    /// The first day, as YYYY-MM-DD, in each participant's time zone
    #[arg(long)]
    first_day: Option<String>,
    /// The last day, as YYYY-MM-DD, in each participant's time zone
    #[arg(long)]
    last_day: Option<String>,
    /// The first day of registration, as YYYY-MM-DD (UTC); empty for no limit
    #[arg(long)]
    registration_first_day: Option<String>,
    /// The last day of registration, as YYYY-MM-DD (UTC); empty for the season's last day
    #[arg(long)]
    registration_last_day: Option<String>,
    /// The text that participants agree to
    #[arg(long)]
    consent: Option<String>,
    /// The number of merged pull requests that reach the goal; 0 for none
    #[arg(long)]
    goal: Option<i64>,
    /// The rules for its projects, as JSON
    #[arg(long)]
    rules: Option<String>,
    /// Count only registered people
    #[arg(long, conflicts_with = "everyone")]
    registered_only: bool,
    /// Count everyone
    #[arg(long)]
    everyone: bool,
}

impl From<Details> for SeasonInput {
    fn from(details: Details) -> Self {
        let is_registered_only = match (details.registered_only, details.everyone) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        Self {
            name: details.name,
            description: details.description,
            first_day: details.first_day,
            last_day: details.last_day,
            registration_first_day: details.registration_first_day,
            registration_last_day: details.registration_last_day,
            consent: details.consent,
            goal: details.goal,
            rules: details.rules,
            is_registered_only,
            unread: None,
        }
    }
}

impl Run for Season {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Self::List { json } => {
                let db = program.look().await?.db.clone();
                let seasons = reads::seasons(&db, SeasonPart::All, None, 10_000).await?;
                db.close().await;
                print_seasons(&seasons, json);
            }
            Self::Results { slug, json } => {
                let db = program.look().await?.db.clone();
                let season = reads::season(&db, &slug).await?;
                let season = season.ok_or_else(|| access::unknown_season(&slug))?;
                let results = reads::prizes(&db, &season).await;
                db.close().await;
                let results = results.map_err(failure)?;
                print_results(&season, &results, json);
            }
            changing => {
                let app = program.open().await?;
                if let Self::SignOff { slug, yes: false, .. } = &changing {
                    confirm_sign_off(&app.context, slug).await?;
                }
                let said = changing.change(&app.context).await?;
                say(said);
                app.context.db.close().await;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Asks for the slug again before the results of a season become final.
async fn confirm_sign_off(context: &Context, slug: &str) -> anyhow::Result<()> {
    let season = reads::season(&context.db, slug).await?;
    let season = season.ok_or_else(|| access::unknown_season(slug))?;
    let mut consequence = format!(
        "This makes the results of '{}' final and notifies its participants. It cannot be undone.",
        season.name
    );
    for open in reads::open_things(&context.db, &season).await? {
        consequence += &format!(" {}: {}.", open.blocker.heading(), open.count);
    }
    anyhow::ensure!(
        is_retyped(consequence, slug)?,
        "the slug was not typed again, so nothing was signed off: type {slug}, or use `--yes` in scripts"
    );
    Ok(())
}

/// Returns an error with the problem's detail, or with the internal error.
fn failure(error: WebError) -> anyhow::Error {
    match error {
        WebError::Refused(problem) => problem.into(),
        WebError::Failed(error) => anyhow::anyhow!(error),
    }
}

impl Season {
    /// Changes a season, and returns what to print.
    async fn change(self, context: &Context) -> Result<String, ActionError> {
        let actor = Actor::Operator;
        Ok(match self {
            Self::Create { slug, details } => {
                let details = details.into();
                let season = create_season(context, actor, NewSeason { slug, details }).await?;
                format!("Created the season '{}' as a draft.", season.slug)
            }
            Self::Edit { slug, details } => {
                change_season(context, actor, &slug, details.into()).await?;
                format!("Changed the season '{slug}'.")
            }
            Self::Publish { slug } => {
                publish_season(context, actor, &slug).await?;
                format!("Published the season '{slug}'.")
            }
            Self::Cancel { slug } => {
                cancel_season(context, actor, &slug).await?;
                format!("Canceled the season '{slug}'.")
            }
            Self::SignOff { slug, reason, .. } => {
                let reason = reason.unwrap_or_default();
                let reasons = reasons(SignOffBlocker::ALL.map(|it| (it, reason.as_str())))?;
                sign_off_season(context, actor, &slug, &reasons).await?;
                format!("The results of the season '{slug}' are final.")
            }
            other => other.change_parts(context).await?,
        })
    }

    /// Changes the projects or the people of a season.
    async fn change_parts(self, context: &Context) -> Result<String, ActionError> {
        let actor = Actor::Operator;
        Ok(match self {
            Self::AddProject { slug, project } => {
                add_season_project(context, actor, &slug, &project).await?;
                format!("The project '{project}' belongs to the season '{slug}'.")
            }
            Self::RemoveProject { slug, project } => {
                remove_season_project(context, actor, &slug, &project).await?;
                format!("The project '{project}' no longer belongs to the season '{slug}'.")
            }
            Self::PublishRules { slug, project } => {
                let chosen = project.into_iter();
                let chosen = chosen.map(|slug| ChosenProject { slug, based_on: None });
                let chosen: Vec<ChosenProject> = chosen.collect();
                let chosen = Some(chosen.as_slice()).filter(|all| !all.is_empty());
                described(&publish_season_rules(context, None, &slug, chosen).await?)
            }
            Self::AddOrganizer { slug, login } => {
                let login = actions::add_organizer(context, actor, &slug, &login).await?;
                format!("{login} organizes the season '{slug}'.")
            }
            Self::RemoveOrganizer { slug, login } => {
                let login = actions::remove_organizer(context, actor, &slug, &login).await?;
                format!("{login} no longer organizes the season '{slug}'.")
            }
            other => other.sanction(context).await?,
        })
    }

    /// Warns or disqualifies a person, or lifts that.
    async fn sanction(self, context: &Context) -> Result<String, ActionError> {
        let (slug, login, reason, kind) = match self {
            Self::Warn { slug, login, reason } => (slug, login, reason, SanctionKind::Warning),
            Self::Disqualify { slug, login, reason } => {
                (slug, login, reason, SanctionKind::Disqualification)
            }
            Self::Lift { slug, login, reason } => {
                return lift(context, &slug, &login, &reason).await;
            }
            _ => return Ok(String::new()),
        };
        let new = NewSanction { login, kind, reason };
        actions::sanction(context, Actor::Operator, &slug, &new).await?;
        let login = new.login;
        Ok(match kind {
            SanctionKind::Warning => format!("{login} is warned in the season '{slug}'."),
            SanctionKind::Disqualification => {
                format!("{login} is disqualified from the season '{slug}'.")
            }
        })
    }
}

/// Lifts the last sanction of a person that applies.
async fn lift(
    context: &Context,
    slug: &str,
    login: &str,
    reason: &str,
) -> Result<String, ActionError> {
    let season = reads::season_id(&context.db, slug).await?;
    let season = season.ok_or_else(|| access::unknown_season(slug))?;
    let person = identity::reads::find_named(&context.db, login).await?;
    let found = reads::sanctions_of(&context.db, season, person.id.into()).await?;
    let last = found.iter().rfind(|sanction| sanction.lifted_at.is_none());
    let none = || {
        let detail = format!("{login} is neither warned nor disqualified in '{slug}'.");
        kernel::Problem::new(kernel::ProblemKind::Conflict, "SANCTION_LIFTED", detail)
    };
    let id = last.ok_or_else(none)?.id;
    lift_sanction(context, Actor::Operator, slug, id.into(), reason).await?;
    Ok(format!("The sanction of {login} in the season '{slug}' is lifted."))
}

fn described(outcomes: &[RulesOutcome]) -> String {
    let line = |outcome: &RulesOutcome| match (outcome.version, &outcome.reason) {
        (Some(version), _) => format!("{}: published version {version}", outcome.project),
        (None, reason) => {
            let reason = reason.as_deref().unwrap_or("nothing published");
            format!("{}: {reason}", outcome.project)
        }
    };
    if outcomes.is_empty() {
        "The season has no projects.".to_owned()
    } else {
        outcomes.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn print_seasons(seasons: &[SeasonView], json: bool) {
    if json {
        let object = |season: &SeasonView| {
            json!({
                "slug": season.slug, "name": season.name,
                "first_day": season.days().first.to_string(),
                "last_day": season.days().last.to_string(),
                "published_at": season.published_at, "signed_off_at": season.signed_off_at,
            })
        };
        let seasons: Vec<_> = seasons.iter().map(object).collect();
        return say(json!({ "seasons": seasons }));
    }
    for season in seasons {
        let state = match (season.signed_off_at, season.canceled_at, season.published_at) {
            (Some(_), ..) => ", results final",
            (_, Some(_), _) => ", canceled",
            (.., None) => ", draft",
            _ => "",
        };
        let days = season.days();
        let (slug, name) = (&season.slug, &season.name);
        say(format_args!("{slug:30} {name} ({} to {}{state})", days.first, days.last));
    }
}

fn print_results(season: &SeasonView, results: &[ResultView], json: bool) {
    if json {
        let object = |row: &ResultView| {
            json!({
                "rank": row.rank, "login": row.login, "points": row.points, "merged": row.merged,
                "has_reached_goal": row.has_reached_goal, "email": row.email,
            })
        };
        let results: Vec<_> = results.iter().map(object).collect();
        return say(json!({ "final_at": season.signed_off_at, "results": results }));
    }
    for row in results {
        let goal = if row.has_reached_goal { ", goal reached" } else { "" };
        let email = row.email.as_deref().unwrap_or_default();
        let (rank, login) = (row.rank, &row.login);
        say(format_args!(
            "{rank:>6} {login:30} {} points, {} merged{goal} {email}",
            row.points, row.merged
        ));
    }
}
