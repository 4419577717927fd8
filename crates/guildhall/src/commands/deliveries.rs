use std::collections::BTreeSet;

use github::{
    actions,
    reads::{DeliveryFilter, DeliveryState, DeliveryView, find_deliveries},
};
use platform::{Context, audit::Actor, command::limit, config::Config};

use super::{place, say};

/// Subcommands of `deliveries`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
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

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let context = place::look(&config).await?;
    match command {
        Command::List { failed, limit, json } => list(&context, failed, limit, json).await?,
        Command::Retry { ids, all_failed } => retry(&context, ids, all_failed).await?,
    }
    context.db.close().await;
    Ok(())
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
