use std::process::ExitCode;

use platform::command::{Program, Run, remark, say};
use serde_json::{Value, json};

use crate::{
    gateway::{CheckResult, Platforms},
    reads,
};

/// Check the connection to the game platform, also while the integration is off
#[derive(Clone, Debug, clap::Parser)]
#[command(
    name = "game-platform",
    after_help = "Example:\n  guildhall doctor game-platform --json\n\nOnly calls that read are made. The answers are compared with what this server reads of them."
)]
pub(super) struct GamePlatform {
    /// The platform's ID of the competitor whose answers are compared [default: the last one who was synced]
    #[arg(long, value_name = "ID")]
    competitor: Option<String>,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

impl Run for GamePlatform {
    async fn run(self, program: &dyn Program) -> anyhow::Result<ExitCode> {
        let platforms = Platforms::of(program.config());
        let context = program.look().await?;
        context.flags.look_ahead(&context.db).await?;
        let Some(checks) = platforms.checks(&context) else {
            remark(platforms.held_back(&context, &[]).unwrap_or_default());
            return Ok(ExitCode::FAILURE);
        };
        let known = match self.competitor {
            Some(id) => Some(id),
            None => reads::someone_on_platform(&context.db).await?,
        };
        let held = platforms.held_back(&context, &[]);
        let checked = checks.all(known.as_deref()).await;
        context.db.close().await;
        if self.json {
            say(object(held.as_deref(), &checked));
        } else {
            report(held.as_deref(), &checked);
        }
        let is_ok = checked.iter().all(|one| one.result.is_ok());
        Ok(if is_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn report(held: Option<&str>, checked: &[CheckResult]) {
    let state = held.unwrap_or("on for everyone");
    let mark = if held.is_none() { "ok  " } else { "--  " };
    say(format_args!("{mark}  {:16} {state}", "integration"));
    for one in checked {
        let (mark, words) = match &one.result {
            Ok(words) => ("ok  ", words.clone()),
            Err(error) => ("FIX ", error.message()),
        };
        say(format_args!("{mark}  {:16} {words}", one.call));
    }
}

fn object(held: Option<&str>, checked: &[CheckResult]) -> Value {
    let one = |one: &CheckResult| match &one.result {
        Ok(words) => json!({ "call": one.call, "is_ok": true, "kind": null, "detail": words }),
        Err(error) => json!({
            "call": one.call, "is_ok": false, "kind": error.kind(), "detail": error.message(),
        }),
    };
    let checks: Vec<Value> = checked.iter().map(one).collect();
    json!({ "held_back": held, "checks": checks })
}
