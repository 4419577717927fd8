use std::process::ExitCode;

use kernel::{Timestamp, counted};
use platform::command::{Program, say};
use serde_json::json;

use crate::reads::{self, Progress, SearchState};

/// Arguments of the command.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  guildhall discovery status --json")]
pub(super) struct Status {
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Status {
    /// Runs the command.
    pub(super) async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let context = program.look().await?;
        let progress = reads::progress(&context.db).await?;
        context.db.close().await;
        if self.json {
            say(object(&progress));
        } else {
            report(&progress);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn report(progress: &Progress) {
    let issues = &progress.issues;
    let read_at = |at: Timestamp| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let last = issues.last_read_at.map_or_else(|| "never".to_owned(), read_at);
    for (name, value) in [
        ("followed repositories", issues.repositories),
        ("read at least once", issues.read),
        ("being read, or waiting", issues.waiting),
        ("failed", issues.failed),
        ("names to find", progress.waiting_names),
        ("open issues", issues.open_issues),
        ("opportunities", progress.active),
        ("requests to GitHub", issues.calls),
    ] {
        say(format_args!("{name:24} {value}"));
    }
    for (kind, count) in progress.feedback {
        say(format_args!("{:24} {count}", format!("{} by people", kind.as_str())));
    }
    say(format_args!("{:24} {last}", "last read"));
    for search in &progress.searches {
        let found =
            counted(u64::try_from(search.found).unwrap_or_default(), "repository", "repositories");
        let failed = search.last_error.as_deref().map(|why| format!(" ({why})"));
        say(format_args!(
            "search, {}: {}: {found}{}",
            search.kind.as_str(),
            search.query,
            failed.unwrap_or_default()
        ));
    }
    for unfound in &progress.unfound {
        say(format_args!("not found: {} ({})", unfound.name, unfound.last_error));
    }
}

fn object(progress: &Progress) -> serde_json::Value {
    let issues = &progress.issues;
    let unfound = progress.unfound.iter();
    let unfound: Vec<_> = unfound
        .map(|unfound| json!({ "name": unfound.name, "error": unfound.last_error }))
        .collect();
    let feedback = progress.feedback.iter();
    let feedback: serde_json::Map<_, _> =
        feedback.map(|(kind, count)| (kind.as_str().to_owned(), json!(count))).collect();
    json!({
        "feedback": feedback,
        "repositories": issues.repositories, "read": issues.read, "waiting": issues.waiting, "failed": issues.failed,
        "waiting_names": progress.waiting_names, "open_issues": issues.open_issues, "opportunities": progress.active,
        "searches": searches(progress), "requests": issues.calls, "last_read_at": issues.last_read_at, "unfound": unfound,
    })
}

fn searches(progress: &Progress) -> Vec<serde_json::Value> {
    let searches = progress.searches.iter();
    let object = |own: &SearchState| {
        json!({
            "kind": own.kind.as_str(), "query": own.query, "repositories": own.found, "error": own.last_error,
            "last_answered_at": own.completed_at,
        })
    };
    searches.map(object).collect()
}
