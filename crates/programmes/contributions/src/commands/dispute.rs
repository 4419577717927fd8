use std::process::ExitCode;

use kernel::Timestamp;
use platform::command::{Program, Run, limit, say};
use serde_json::{Value, json};
use ui::format::tame;

use super::arguments::{kind, number, part};
use crate::{
    model::{DisputeKind, DisputePart, DisputeState, MessageKind},
    reads::{self, DisputeFilter, DisputeView, MessageView, OutcomeView},
};

/// List disputes, and show one with its thread
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "dispute")]
pub(super) enum Dispute {
    /// List disputes that are to be decided, oldest first. Moderators and admins decide them at /admin/disputes
    #[command(
        after_help = "Examples:\n  guildhall dispute list\n  guildhall dispute list --state decided --kind score --json"
    )]
    List {
        /// `open` disputes, those that are `appealed`, or those that are `decided` or closed, newest first
        #[arg(long, value_name = "STATE", default_value = "open", value_parser = part)]
        state: DisputePart,
        /// Only disputes about a `score`, a `flag`, a `sanction` or a `ban`
        #[arg(long, value_name = "KIND", value_parser = kind)]
        kind: Option<DisputeKind>,
        /// Maximum number of disputes to list
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = limit)]
        limit: u32,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Show a dispute with its thread
    #[command(
        after_help = "Examples:\n  guildhall dispute show D-12\n  guildhall dispute show D-12 --json"
    )]
    Show {
        /// The dispute's number
        #[arg(value_name = "NUMBER", value_parser = number)]
        number: i64,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
}

impl Run for Dispute {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let db = program.look().await?.db.clone();
        match self {
            Self::List { state, kind, limit, json } => {
                let filter = DisputeFilter { part: state, kind };
                let found = reads::dispute_queue(&db, filter, None, limit.into()).await?;
                db.close().await;
                print_all(&found, json);
            }
            Self::Show { number, json } => {
                let Some(dispute) = reads::dispute(&db, number).await? else {
                    anyhow::bail!("unknown dispute D-{number}: see `guildhall dispute list`");
                };
                let thread = reads::thread(&db, dispute.id).await?;
                db.close().await;
                print(&dispute, &thread, json);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_all(disputes: &[DisputeView], json: bool) {
    if json {
        let disputes: Vec<_> = disputes.iter().map(object).collect();
        return say(json!({ "disputes": disputes }));
    }
    if disputes.is_empty() {
        say("No disputes.");
    }
    for dispute in disputes {
        say(line(dispute));
    }
}

fn print(dispute: &DisputeView, thread: &[MessageView], json: bool) {
    if json {
        let mut dispute = object(dispute);
        dispute["messages"] = thread.iter().map(entry).collect();
        return say(dispute);
    }
    say(line(dispute));
    for message in thread {
        say(format_args!("\n{}  {}  {}", instant(message.at), message.author, words(message.kind)));
        let text = message.text.as_deref().unwrap_or("(erased)");
        for line in text.lines() {
            say(format_args!("  {}", tame(line)));
        }
    }
}

/// Returns a dispute with its state, its deadline or its decision.
fn line(dispute: &DisputeView) -> String {
    let (number, subject) = (format!("D-{}", dispute.number), tame(&dispute.subject.label));
    let (by, opened) = (&dispute.opened_by, instant(dispute.opened_at));
    let state = match &dispute.appeal {
        Some(appeal) => format!("appeal {}", outcome(&appeal.outcome)),
        None => outcome(&dispute.outcome),
    };
    format!("{opened}  {number:8}  {subject:40}  {by:30}  {state}")
}

fn outcome(outcome: &OutcomeView) -> String {
    match outcome.state {
        DisputeState::Open => format!("open, due {}", instant(outcome.due_at)),
        DisputeState::Closed => "closed, the ban was over".to_owned(),
        state => {
            let by = outcome.decided_by.as_deref().unwrap_or("an operator");
            format!("{} by {by}", state.as_str())
        }
    }
}

fn words(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Opened => "opened it",
        MessageKind::Message => "wrote",
        MessageKind::Decided => "decided it",
        MessageKind::Appealed => "appealed",
        MessageKind::AppealDecided => "decided the appeal",
    }
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M").to_string()
}

fn object(dispute: &DisputeView) -> Value {
    let appeal = dispute.appeal.as_ref().map(|appeal| {
        let outcome = &appeal.outcome;
        json!({
            "opened_at": appeal.opened_at, "due_at": outcome.due_at, "state": outcome.state,
            "decided_by": outcome.decided_by, "decided_at": outcome.decided_at,
        })
    });
    let outcome = &dispute.outcome;
    json!({
        "number": dispute.number, "kind": dispute.kind, "subject": dispute.subject.label,
        "project": dispute.project, "opened_by": dispute.opened_by,
        "opened_at": dispute.opened_at, "due_at": outcome.due_at, "state": outcome.state,
        "decided_by": outcome.decided_by, "decided_at": outcome.decided_at, "appeal": appeal,
    })
}

fn entry(message: &MessageView) -> Value {
    json!({
        "kind": message.kind, "author": message.author, "text": message.text, "at": message.at,
    })
}
