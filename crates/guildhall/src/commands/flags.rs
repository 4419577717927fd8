use std::str::FromStr;

use platform::{audit::Actor, config::Config};
use serde_json::json;

use super::{place, say};
use crate::{
    App,
    flags::{self, FlagInput, FlagStatus},
};

/// Subcommands of `flags`.
#[derive(Clone, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List all flags with their settings
    #[command(after_help = "Example:\n  guildhall flags list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Change a flag. Running servers and workers apply the change within five seconds
    #[command(
        after_help = "Examples:\n  guildhall flags set live_updates off --reason \"too many streams\"\n  guildhall flags set api_docs 25"
    )]
    Set {
        /// The flag's name, as shown by `guildhall flags list`
        name: String,
        /// on, off, or the percentage of people for whom the flag is on
        #[arg(value_name = "on|off|PERCENT")]
        to: NewFlagSetting,
        /// The reason, shown in the flag's history
        #[arg(long, default_value = "changed on the command line")]
        reason: String,
    },
}

/// A flag's new setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewFlagSetting {
    Off,
    Percent(i64),
}

impl FromStr for NewFlagSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.trim_end_matches('%').parse()) {
            ("on", _) => Ok(Self::Percent(100)),
            ("off", _) => Ok(Self::Off),
            (_, Ok(percent @ 0..=100)) => Ok(Self::Percent(percent)),
            _ => Err("use on, off, or a percentage from 0 to 100".to_owned()),
        }
    }
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    let app = place::open(config).await?;
    match command {
        Command::List { json } => list(&app, json).await?,
        Command::Set { name, to, reason } => set(&app, &name, to, reason).await?,
    }
    app.context.db.close().await;
    Ok(())
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let all = flags::all(&app.context).await?;
    if json {
        let flags: Vec<_> = all.iter().map(object).collect();
        say(json!({ "flags": flags }));
        return Ok(());
    }
    for status in &all {
        let (flag, summary) = (status.known.flag, status.summary());
        let (name, kind) = (flag.name, flag.kind.as_str());
        let description = flag.description;
        say(format_args!("{name:16}  {kind:8}  {summary}\n{:28}{description}", ""));
    }
    Ok(())
}

fn object(status: &FlagStatus) -> serde_json::Value {
    let (flag, setting) = (status.known.flag, status.setting());
    json!({
        "name": flag.name,
        "kind": flag.kind.as_str(),
        "variable": flag.variable,
        "is_permitted": status.known.is_permitted,
        "enabled": setting.enabled,
        "rollout_percent": setting.rollout_percent,
        "people": status.people,
        "roles": setting.roles,
    })
}

async fn set(app: &App, name: &str, to: NewFlagSetting, reason: String) -> anyhow::Result<()> {
    let (enabled, rollout_percent) = match to {
        NewFlagSetting::Off => (false, None),
        NewFlagSetting::Percent(percent) => (true, Some(percent)),
    };
    let input =
        FlagInput { enabled: Some(enabled), rollout_percent, reason, ..FlagInput::default() };
    flags::set(&app.context, Actor::Operator, name, input).await?;
    let all = flags::all(&app.context).await?;
    let changed = all.iter().find(|status| status.known.flag.name == name);
    if let Some(status) = changed {
        say(format_args!("{name} is {}.", status.summary()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_is_for_everyone() {
        assert_eq!("on".parse(), Ok(NewFlagSetting::Percent(100)));
        assert_eq!("off".parse(), Ok(NewFlagSetting::Off));
        assert_eq!("25".parse(), Ok(NewFlagSetting::Percent(25)));
        assert_eq!("25%".parse(), Ok(NewFlagSetting::Percent(25)));
        for wrong in ["", "maybe", "101", "-1", "1.5"] {
            assert!(wrong.parse::<NewFlagSetting>().is_err(), "{wrong}");
        }
    }
}
