use std::{collections::BTreeSet, process::ExitCode};

use platform::{
    Context,
    audit::Actor,
    command::{Program, Run, limit, say},
};

use crate::{
    actions,
    reads::{DeliveryFilter, DeliveryState, DeliveryView, find_deliveries},
};

/// List deliveries and retry failed ones
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "deliveries")]
pub(super) enum Deliveries {
    /// List the newest deliveries with their results
    #[command(
        after_help = "Examples:\n  guildhall deliveries list\n  guildhall deliveries list --failed --json"
    )]
    List {
        /// Only failed deliveries, which could not be processed
        #[arg(long, alias = "dead")]
        failed: bool,
        /// Maximum number of deliveries to list
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = limit)]
        limit: u32,
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Queue failed deliveries for another attempt by a running server or worker
    #[command(
        after_help = "Examples:\n  guildhall deliveries retry 72d3162e-cc78-11e3-81ab-4c9367dc0958\n  guildhall deliveries retry --all-failed"
    )]
    Retry {
        /// Delivery IDs, as shown by `guildhall deliveries list`
        #[arg(
            value_name = "ID",
            required_unless_present = "all_failed",
            conflicts_with = "all_failed"
        )]
        ids: Vec<String>,
        /// Retry all failed deliveries
        #[arg(long, alias = "all-dead")]
        all_failed: bool,
    },
}

impl Run for Deliveries {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let context = program.look().await?;
        match self {
            Self::List { failed, limit, json } => list(&context, failed, limit, json).await?,
            Self::Retry { ids, all_failed } => retry(&context, ids, all_failed).await?,
        }
        context.db.close().await;
        Ok(ExitCode::SUCCESS)
    }
}

async fn list(context: &Context, failed: bool, limit: u32, json: bool) -> anyhow::Result<()> {
    let filter = DeliveryFilter {
        state: failed.then_some(DeliveryState::Dead),
        ..DeliveryFilter::default()
    };
    let deliveries = find_deliveries(&context.db, &filter, limit.into()).await?;
    if json {
        say(serde_json::json!({ "deliveries": deliveries }));
        return Ok(());
    }
    if deliveries.is_empty() {
        say(if failed { "No failed deliveries." } else { "No deliveries yet." });
    }
    for delivery in &deliveries {
        say(line(delivery));
    }
    Ok(())
}

fn line(delivery: &DeliveryView) -> String {
    let event = match &delivery.action {
        Some(action) => format!("{}.{action}", delivery.event),
        None => delivery.event.clone(),
    };
    let received = delivery.received_at.format("%Y-%m-%d %H:%M:%S");
    let (id, result) = (&delivery.delivery_id, result(delivery));
    format!("{received}  {id:36}  {event:32}  {result}")
}

fn result(delivery: &DeliveryView) -> String {
    let error = delivery.last_error.as_deref().unwrap_or_default();
    match (delivery.dead_at, &delivery.outcome) {
        (Some(_), _) => format!("failed: {error}"),
        (None, Some(outcome)) => outcome.clone(),
        (None, None) if error.is_empty() => "pending".to_owned(),
        (None, None) => format!("pending, last error: {error}"),
    }
}

async fn retry(context: &Context, ids: Vec<String>, all_failed: bool) -> anyhow::Result<()> {
    let revived = if all_failed {
        actions::retry_all_dead(context, Actor::Operator).await?
    } else {
        let ids: BTreeSet<String> = ids.into_iter().collect();
        actions::retry(context, Actor::Operator, &ids).await?
    };
    say(match revived {
        0 => "No failed deliveries.".to_owned(),
        1 => "1 delivery queued again.".to_owned(),
        many => format!("{many} deliveries queued again."),
    });
    Ok(())
}
