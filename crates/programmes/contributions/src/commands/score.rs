use std::process::ExitCode;

use github::model::PullRequestId;
use kernel::counted;
use platform::{
    Context,
    audit::Actor,
    command::{Program, Run, say},
    db::Db,
};
use serde_json::{Value, json};
use ui::format::{tame, with_real_minus};

use super::arguments::{Kind, PullName, pull_named};
use crate::{
    access,
    actions::{OverrideInput, lift_score_override, override_score, settle_now},
    reads::{self, ExplainedPull, OverrideView},
    rules::{DELETED_AUTHOR, Explanation},
};

/// Show and override the points of pull requests
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "score")]
pub(super) enum Score {
    /// Show the points of a pull request, and why it has them
    #[command(
        after_help = "Examples:\n  guildhall score show octo-org/lantern#1\n  guildhall score show octo-org/lantern#1 --json"
    )]
    Show {
        /// The pull request
        #[arg(value_name = "OWNER/NAME#NUMBER", value_parser = pull_named)]
        pull: PullName,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Override the points of a pull request, instead of an earlier override, and show the result
    #[command(
        after_help = "Examples:\n  guildhall score override octo-org/lantern#1 --points 40 --reason \"The file list was incomplete\"\n  guildhall score override octo-org/lantern#1 --freeze --reason \"The repository is deleted soon\"\n  guildhall score override octo-org/lantern#1 --none --reason \"Copied from another project\""
    )]
    Override {
        /// The pull request
        #[arg(value_name = "OWNER/NAME#NUMBER", value_parser = pull_named)]
        pull: PullName,
        #[command(flatten)]
        kind: Kind,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
    /// Lift the override of the points of a pull request, which follow the rules again, and show the result
    #[command(
        after_help = "Example:\n  guildhall score lift octo-org/lantern#1 --reason \"The file list is complete now\""
    )]
    Lift {
        /// The pull request
        #[arg(value_name = "OWNER/NAME#NUMBER", value_parser = pull_named)]
        pull: PullName,
        /// The reason, which everyone can read
        #[arg(long)]
        reason: String,
    },
}

impl Run for Score {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        match self {
            Self::Show { pull, json } => {
                let db = program.look().await?.db.clone();
                let found = explained(&db, &pull).await?;
                db.close().await;
                if json { say(object(&found)) } else { print(&found) }
            }
            Self::Override { pull, kind, reason } => {
                let app = program.open().await?;
                let (context, id) = (&app.context, find(&app.context.db, &pull).await?);
                let input = OverrideInput { kind: kind.chosen(), points: kind.points, reason };
                override_score(context, Actor::Operator, id, &input).await?;
                say(format_args!("Overrode the points of {pull}."));
                show_settled(context, &pull, id).await?;
            }
            Self::Lift { pull, reason } => {
                let app = program.open().await?;
                let (context, id) = (&app.context, find(&app.context.db, &pull).await?);
                lift_score_override(context, Actor::Operator, id, &reason).await?;
                say(format_args!("The points of {pull} follow the rules again."));
                show_settled(context, &pull, id).await?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn find(db: &Db, name: &PullName) -> anyhow::Result<PullRequestId> {
    let found = github::reads::pull_request(db, &name.full_name, name.number).await?;
    let found = found.ok_or_else(|| access::not_followed(&name.full_name, name.number))?;
    Ok(found.id.into())
}

async fn explained(db: &Db, name: &PullName) -> anyhow::Result<ExplainedPull> {
    let found = reads::explained(db, &name.full_name, name.number).await?;
    Ok(found.ok_or_else(|| access::not_followed(&name.full_name, name.number))?)
}

/// Settles a pull request whose points were decided on, and prints them.
async fn show_settled(context: &Context, name: &PullName, id: PullRequestId) -> anyhow::Result<()> {
    settle_now(context, id).await?;
    let found = explained(&context.db, name).await?;
    context.db.close().await;
    print(&found);
    Ok(())
}

fn print(found: &ExplainedPull) {
    for line in lines(found) {
        say(line);
    }
}

/// Returns the points of a pull request and their explanation.
fn lines(found: &ExplainedPull) -> Vec<String> {
    let (pull, contribution) = (&found.pull, &found.contribution);
    let state = contribution.state.words();
    let points = counted(contribution.score, "point", "points");
    let pending = match contribution.opening_pending + contribution.merge_pending {
        0 => String::new(),
        pending => format!(", {pending} pending"),
    };
    let head = format!("{}#{}: {points}{pending} ({state})", pull.full_name, pull.number);
    let author = found.author.as_deref().unwrap_or("a deleted account");
    let title = format!("  {} by {author}", tame(&pull.title));
    let sentences =
        sentences(found).into_iter().map(|sentence| format!("  {}", with_real_minus(&sentence)));
    let decision = found.decision.iter().map(decided);
    [head, title].into_iter().chain(sentences).chain(decision).collect()
}

fn decided(decision: &OverrideView) -> String {
    format!(
        "  Decided by {} on {}: {}",
        decision.by.as_deref().unwrap_or("an operator"),
        decision.at.format("%Y-%m-%d %H:%M UTC"),
        tame(&decision.reason)
    )
}

/// Returns the sentences of the explanation, each once.
fn sentences(found: &ExplainedPull) -> Vec<String> {
    let deleted = found.author.is_none().then(|| DELETED_AUTHOR.to_owned());
    let parts = found.parts();
    let all = parts.into_iter().flat_map(Explanation::sentences);
    let mut sentences: Vec<String> = Vec::new();
    for sentence in deleted.into_iter().chain(all) {
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    sentences
}

fn object(found: &ExplainedPull) -> Value {
    let (pull, contribution) = (&found.pull, &found.contribution);
    let decision = found.decision.as_ref().map(|decision| {
        json!({
            "kind": decision.kind, "points": decision.points, "reason": decision.reason,
            "decided_by": decision.by, "decided_at": decision.at, "dispute": decision.dispute,
        })
    });
    json!({
        "repository": pull.full_name, "number": pull.number, "title": pull.title,
        "author": found.author,
        "project": found.project.as_ref().map(|project| project.slug.as_str()),
        "state": contribution.state.as_str(), "points": contribution.score,
        "pending_points": contribution.opening_pending + contribution.merge_pending,
        "score_override": decision, "explanations": sentences(found),
    })
}
