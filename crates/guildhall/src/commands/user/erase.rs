use anyhow::ensure;
use kernel::counted;
use platform::{
    audit::Actor,
    command::{is_retyped, say},
};
use serde_json::Value;

use crate::{App, privacy};

/// Arguments of `user erase`.
#[derive(Clone, Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// The person's login, or ID
    login: String,
    /// Skip the confirmation, for scripts
    #[arg(long)]
    yes: bool,
    /// Show what would be erased, and erase nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// Erases a person after a confirmation, or shows what would be erased.
pub(super) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    let context = &app.context;
    let person = identity::reads::find_account(&context.db, &args.login).await?;
    let (id, login) = (person.id.into(), &person.login);
    if args.dry_run {
        let data = privacy::rehearse(app.modules(), context, Actor::Operator, id).await?;
        say(format_args!("Would erase {login}:"));
        parts(&data).iter().for_each(say);
        for account in linked(&data) {
            let login = account["identity"]["account"][0]["login"].as_str();
            say(format_args!("Would erase the linked account {}:", login.unwrap_or_default()));
            parts(account).iter().for_each(say);
        }
        say("Would keep the ledger entries, under a pseudonym. Nothing was erased.");
        return Ok(());
    }
    if !args.yes {
        confirm(login)?;
    }
    let tokens = identity::actions::erased_tokens(context, id).await?;
    privacy::erase(app.modules(), context, Actor::Operator, id).await?;
    let github = identity::gateway::OauthApp::of(&app.config);
    identity::actions::end_at_github(context, &github, tokens).await;
    let mut logins = identity::reads::logins(&context.db, [id]).await?;
    say(format_args!(
        "Erased {login}. Their ledger entries now show {}.",
        logins.remove(&id).unwrap_or_default()
    ));
    Ok(())
}

/// Asks to type the login again.
fn confirm(login: &str) -> anyhow::Result<()> {
    ensure!(
        is_retyped(format_args!("This erases {login} permanently."), login)?,
        "the login was not typed again, so nothing was erased: type {login}, or use `--yes` in scripts"
    );
    Ok(())
}

/// Lists the accounts that are erased together with the person's.
fn linked(data: &Value) -> impl Iterator<Item = &Value> {
    data[privacy::LINKED].as_array().into_iter().flatten()
}

/// Lists the parts of a person's data, with the number of entries of each.
fn parts(data: &Value) -> Vec<String> {
    let modules = data.as_object().into_iter().flatten();
    let parts = modules.flat_map(|(module, data)| {
        let parts = data.as_object().into_iter().flatten();
        parts.filter_map(move |(part, value)| {
            let entries = match value {
                Value::Null => 0,
                Value::Array(entries) => entries.len(),
                _ => 1,
            };
            let counted = counted(entries, "entry", "entries");
            (entries > 0).then(|| format!("  {module}: {} ({counted})", part.replace('_', " ")))
        })
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_parts_with_data_are_listed() {
        let data = json!({
            "identity": { "account": { "login": "finch-ash" }, "sign_in_methods": [1, 2], "bans": [] },
            "github": { "avatar": null },
        });
        assert_eq!(
            parts(&data),
            ["  identity: account (1 entry)", "  identity: sign in methods (2 entries)"]
        );
    }
}
