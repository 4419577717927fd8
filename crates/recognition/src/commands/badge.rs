use std::process::ExitCode;

use kernel::counted;
use platform::{
    audit::Actor,
    command::{Program, Run, say},
    module::Services,
};
use serde_json::{Value, json};

use crate::{
    Programmes,
    actions::{
        BadgeChange, NewBadge, award_badge, change_badge, create_badge, evaluate_everyone,
        revoke_badge,
    },
    model::{BadgeRow, Rarity},
    reads::{self, Badges, EvaluationRow},
    rules::badges::{BadgeTexts, Criteria, CriteriaError},
};

/// Create, change, award and list badges
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "badge")]
pub(super) enum Badge {
    /// List badges, with the number of people who have them
    #[command(after_help = "Example:\n  guildhall badge list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Create a badge, and have it evaluated for everyone in the background
    #[command(
        after_help = "Example:\n  guildhall badge create twenty-merges --name \"Twenty merged\" --description \"20 merged pull requests.\" --rarity rare --criteria '{\"kind\": \"pr_count\", \"at_least\": 20}'\n\nKinds of criteria: first_pr, pr_count, quality_rating, streak, project_champion, metric, manual."
    )]
    Create {
        /// The slug used in URLs, which never changes
        slug: String,
        /// The badge's name
        #[arg(long)]
        name: String,
        /// A sentence about the badge
        #[arg(long)]
        description: String,
        /// common, rare, epic or legendary
        #[arg(long, value_parser = rarity)]
        rarity: Rarity,
        /// The criteria, as JSON
        #[arg(long, value_name = "JSON")]
        criteria: String,
    },
    /// Change a badge. What is not given stays as it is. People who have the badge keep it
    #[command(
        after_help = "Example:\n  guildhall badge edit ten-merges --name \"Ten merges\" --rarity rare"
    )]
    Edit {
        /// The badge's slug
        slug: String,
        #[command(flatten)]
        change: Change,
    },
    /// Retire a badge. People who have it keep it, and no one can earn it anymore
    #[command(
        after_help = "Example:\n  guildhall badge retire streak-24\n\n`guildhall badge restore` ends it."
    )]
    Retire {
        /// The badge's slug
        slug: String,
    },
    /// End the retirement of a badge
    #[command(after_help = "Example:\n  guildhall badge restore streak-24")]
    Restore {
        /// The badge's slug
        slug: String,
    },
    /// Award a badge to a person, whatever its criteria
    #[command(
        after_help = "Example:\n  guildhall badge award helping-hand wren-oak --reason \"For the workshop\""
    )]
    Award {
        /// The badge's slug
        slug: String,
        /// The person's login, or ID
        login: String,
        /// The reason, shown to the person and in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Revoke a badge of a person. Its criteria no longer award it to them
    #[command(
        after_help = "Example:\n  guildhall badge revoke helping-hand wren-oak --reason \"Awarded by mistake\""
    )]
    Revoke {
        /// The badge's slug
        slug: String,
        /// The person's login, or ID
        login: String,
        /// The reason, shown to the person and in the audit log
        #[arg(long)]
        reason: String,
    },
    /// Have the badges of everyone evaluated in the background. `badge list` shows the progress
    #[command(after_help = "Example:\n  guildhall badge evaluate")]
    Evaluate,
}

/// The fields that a change sets.
#[derive(Clone, Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(super) struct Change {
    /// The badge's name
    #[arg(long)]
    name: Option<String>,
    /// A sentence about the badge
    #[arg(long)]
    description: Option<String>,
    /// common, rare, epic or legendary
    #[arg(long, value_parser = rarity)]
    rarity: Option<Rarity>,
    /// The criteria, as JSON
    #[arg(long, value_name = "JSON")]
    criteria: Option<String>,
}

fn rarity(text: &str) -> Result<Rarity, String> {
    Rarity::named(&text.to_uppercase())
        .ok_or_else(|| "use common, rare, epic or legendary".to_owned())
}

impl Run for Badge {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        if let Self::List { json } = self {
            list(program, json).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let services = program.open().await?;
        let done = self.change(&services).await;
        services.context.db.close().await;
        say(done?);
        Ok(ExitCode::SUCCESS)
    }
}

impl Badge {
    /// Makes the change; returns what to print.
    async fn change(self, services: &Services) -> anyhow::Result<String> {
        let (context, actor) = (&services.context, Actor::Operator);
        let programmes = Programmes::of(services);
        Ok(match self {
            Self::List { .. } => String::new(),
            Self::Create { slug, name, description, rarity, criteria } => {
                let new = NewBadge {
                    criteria: parsed(&criteria, programmes)?,
                    rarity,
                    texts: BadgeTexts { slug, name, description },
                };
                let badge = create_badge(context, actor, new).await?;
                format!(
                    "Created the badge '{}'. Everyone is evaluated in the background.",
                    badge.slug
                )
            }
            Self::Edit { slug, change } => {
                let change = change.read(programmes)?;
                change_badge(context, actor, &slug, change).await?;
                format!("Changed the badge '{slug}'.")
            }
            Self::Retire { slug } => {
                change_badge(context, actor, &slug, moved(true)).await?;
                format!("The badge '{slug}' is retired.")
            }
            Self::Restore { slug } => {
                change_badge(context, actor, &slug, moved(false)).await?;
                format!("The badge '{slug}' is no longer retired.")
            }
            Self::Award { slug, login, reason } => {
                award_badge(context, actor, &slug, &login, &reason).await?;
                format!("{login} has the badge '{slug}'.")
            }
            Self::Revoke { slug, login, reason } => {
                revoke_badge(context, actor, &slug, &login, &reason).await?;
                format!("{login} no longer has the badge '{slug}'.")
            }
            Self::Evaluate => {
                evaluate_everyone(context).await?;
                "Requested. The background jobs evaluate everyone; `guildhall badge list` shows the progress."
                    .to_owned()
            }
        })
    }
}

impl Change {
    fn read(self, programmes: Programmes) -> anyhow::Result<BadgeChange> {
        let criteria = self.criteria.as_deref();
        Ok(BadgeChange {
            criteria: criteria.map(|text| parsed(text, programmes)).transpose()?,
            name: self.name,
            description: self.description,
            rarity: self.rarity,
            retired: None,
        })
    }
}

fn moved(retired: bool) -> BadgeChange {
    BadgeChange { retired: Some(retired), ..BadgeChange::default() }
}

fn parsed(text: &str, programmes: Programmes) -> anyhow::Result<Criteria> {
    let invalid = |errors: Vec<CriteriaError>| {
        let messages: Vec<&str> = errors.iter().map(|error| &*error.message).collect();
        anyhow::anyhow!("the criteria are not valid:\n  {}", messages.join("\n  "))
    };
    Criteria::parse(text, &programmes.metrics()).map_err(invalid)
}

async fn list(program: &dyn Program, json: bool) -> anyhow::Result<()> {
    let context = program.look().await?;
    let found = reads::all_badges(&context.db).await;
    let evaluation = reads::last_evaluation(&context.db).await;
    context.db.close().await;
    let (found, evaluation) = (found?, evaluation?);
    if json {
        let badges: Vec<Value> = found.rows.iter().map(|row| object(row, &found)).collect();
        say(json!({ "badges": badges, "evaluation": evaluation.as_ref().map(progress) }));
        return Ok(());
    }
    if found.rows.is_empty() {
        say("No badges yet. The background jobs of a server create the first ones.");
    }
    for row in &found.rows {
        let people = counted(found.holders(row.id), "person", "people");
        let retired = if row.retired_at.is_some() { ", retired" } else { "" };
        say(format_args!(
            "{:24}  {:9}  {people:>14}  {}{retired}",
            row.slug,
            row.rarity.heading().to_lowercase(),
            row.name
        ));
    }
    if let Some(running) = evaluation.filter(|it| it.completed_at.is_none()) {
        say(format_args!(
            "Everyone is being evaluated: {} people are done{}.",
            running.evaluated,
            match running.people {
                0 => String::new(),
                before => format!(" of about {before}"),
            }
        ));
    }
    Ok(())
}

fn object(row: &BadgeRow, found: &Badges) -> Value {
    let criteria: Value = serde_json::from_str(&row.criteria).unwrap_or_default();
    json!({
        "slug": row.slug, "name": row.name, "rarity": row.rarity, "criteria": criteria,
        "holder_count": found.holders(row.id), "retired_at": row.retired_at,
    })
}

pub(super) fn progress(row: &EvaluationRow) -> Value {
    json!({
        "started_at": row.created_at, "completed_at": row.completed_at, "people": row.people,
        "evaluated": row.evaluated, "awarded": row.awarded, "revoked": row.revoked,
    })
}
