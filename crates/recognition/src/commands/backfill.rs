use anyhow::Context as _;
use kernel::counted;
use platform::{
    command::{Work, remark, say},
    jobs::{self, Progress},
    module::Services,
};
use serde_json::json;

use super::badge::progress;
use crate::{
    Programmes,
    actions::{evaluate_everyone, evaluate_next, seed_badges},
    model::BADGE_CHANGED,
    reads::{self, EvaluationRow},
};

/// Evaluate the badges of everyone
#[derive(Clone, Copy, Debug, clap::Parser)]
#[command(
    name = "badges",
    after_help = "Examples:\n  guildhall backfill badges\n  guildhall backfill badges --json\n\nBatches of people, with the progress on standard error; servers can run meanwhile and help. If the command is stopped, the next one, or a server, goes on where it stopped. A badge that a person has is not awarded again. Exit codes: 0 everyone is evaluated, 1 failure, 2 wrong usage."
)]
pub(super) struct BackfillBadges {
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Work for BackfillBadges {
    async fn work(self, services: &Services) -> anyhow::Result<()> {
        let done = backfill(services).await?;
        if self.json {
            say(json!({ "evaluation": progress(&done) }));
        } else {
            say(format_args!(
                "{} evaluated: {} awarded, {} revoked.",
                counted(done.evaluated, "person", "people"),
                counted(done.awarded, "badge", "badges"),
                counted(done.revoked, "badge", "badges")
            ));
        }
        Ok(())
    }
}

/// Evaluates everyone, or what an evaluation that was stopped left. Returns the evaluation.
async fn backfill(services: &Services) -> anyhow::Result<EvaluationRow> {
    let (context, programmes) = (&services.context, Programmes::of(services));
    let db = &context.db;
    seed_badges(context, programmes).await?;
    if !jobs::is_raised(db, BADGE_CHANGED).await? {
        evaluate_everyone(context).await?;
    }
    while evaluate_next(context, programmes).await? != Progress::Idle {
        if let Some(row) = reads::last_evaluation(db).await? {
            remark(format_args!("{} evaluated", counted(row.evaluated, "person", "people")));
        }
    }
    let last = reads::last_evaluation(db).await?;
    last.context("the evaluation no longer exists: repeat the command")
}
