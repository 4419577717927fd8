use std::process::ExitCode;

use kernel::{Month, counted};
use platform::{
    audit::Actor,
    command::{Program, Run, say},
};
use serde_json::{Value, json};

use crate::{
    Programmes,
    actions::finalize_month,
    reads::{self, MonthBoard},
};

/// List the leaderboards of months, and make them final
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(name = "leaderboard")]
pub(super) enum Leaderboard {
    /// List the months with points, and whether their leaderboards are final
    #[command(after_help = "Example:\n  guildhall leaderboard months --json")]
    Months {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Make the leaderboards of a month final, once its points can no longer change
    #[command(after_help = "Example:\n  guildhall leaderboard finalize 2026-10")]
    Finalize {
        /// The month, as YYYY-MM
        month: Month,
    },
}

impl Run for Leaderboard {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Self::Months { json } => list(program, json).await?,
            Self::Finalize { month } => finalize(program, month).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn finalize(program: &dyn Program, month: Month) -> anyhow::Result<()> {
    let services = program.open().await?;
    let (context, programmes) = (&services.context, Programmes::of(&services));
    let done = finalize_month(context, programmes, Actor::Operator, month).await;
    context.db.close().await;
    say(if done? { format!("{month} is final.") } else { format!("{month} was final already.") });
    Ok(())
}

async fn list(program: &dyn Program, json: bool) -> anyhow::Result<()> {
    let context = program.look().await?;
    let found = reads::months(&context.db, None).await;
    context.db.close().await;
    let found = found?;
    if json {
        let months: Vec<Value> = found.iter().map(object).collect();
        say(json!({ "months": months }));
        return Ok(());
    }
    if found.is_empty() {
        say("No month has points yet.");
    }
    for row in found {
        let people = counted(row.people, "person", "people");
        let state = match row.final_at {
            Some(at) => format!("final since {} UTC", at.format("%Y-%m-%d %H:%M")),
            None => "provisional".to_owned(),
        };
        say(format_args!("{}  {people:>16}  {state}", row.month));
    }
    Ok(())
}

fn object(row: &MonthBoard) -> Value {
    json!({
        "month": row.month.to_string(), "people": row.people, "final_at": row.final_at,
    })
}
