use std::process::ExitCode;

use anyhow::ensure;
use kernel::counted;
use platform::{
    config::Config,
    crypto::{KeyRing, KeyUsage, Keys},
};
use serde_json::json;

use super::{place, remark, say};
use crate::{
    MODULES,
    backup::{
        keys::{self, RotateInput, RotatedKeys},
        lost_key,
    },
};

/// Subcommands of `keys`.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the keys by ID, with the number of stored secrets that each encrypts
    #[command(after_help = "Example:\n  guildhall keys list --json")]
    List {
        /// Print the result as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Add a key, re-encrypt all stored secrets with it and remove the old keys. Servers can keep running
    #[command(
        after_help = "Examples:\n  guildhall keys rotate\n  guildhall keys rotate --keep-old\n\nWhen the command is done, save a copy of the new key with your other keys. If it is interrupted, run it again: no secret is lost."
    )]
    Rotate {
        /// Keep the old keys, to be able to use older backups
        #[arg(long, conflicts_with = "emails_too")]
        keep_old: bool,
        /// Also replace the key of unsubscribe links. Links in emails that were already sent stop working
        #[arg(long)]
        emails_too: bool,
    },
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { json } => list(config, json).await,
        Command::Rotate { keep_old, emails_too } => {
            let input = RotateInput { keep_old, emails_too };
            rotate(config, input).await
        }
    }
}

/// Returns the key ring; never creates one.
fn ring(config: &Config) -> anyhow::Result<KeyRing> {
    ensure!(
        config.has_keys(),
        "no secret key exists yet: {} is created when it is first needed",
        config.key_file().display()
    );
    Ok(config.key_ring()?)
}

async fn list(config: Config, json: bool) -> anyhow::Result<ExitCode> {
    let context = place::look(&config).await?;
    lost_key::refuse(MODULES, &config, &context.db).await?;
    let ring = ring(&config)?;
    let survey = keys::survey(&context, &ring).await;
    context.db.close().await;
    let (survey, keys) = (survey?, ring.keys());
    if json {
        say(object(&keys, &survey));
    } else {
        lines(&keys, &survey).iter().for_each(say);
    }
    Ok(match survey.undecryptable {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn object(keys: &Keys, survey: &KeyUsage) -> serde_json::Value {
    let row = |(index, id): (usize, &platform::crypto::KeyId)| json!({ "id": id.to_string(), "is_in_use": index == 0, "secrets": survey.of(*id) });
    let listed: Vec<_> = keys.ids().iter().enumerate().map(row).collect();
    json!({
        "keys": listed,
        "emails": keys.emails().id().to_string(),
        "undecryptable": survey.undecryptable,
    })
}

fn lines(keys: &Keys, survey: &KeyUsage) -> Vec<String> {
    let line = |(index, id): (usize, &platform::crypto::KeyId)| {
        let state = if index == 0 { "in use" } else { "old" };
        let secrets = counted(survey.of(*id), "secret", "secrets");
        format!("{id}  {state:6}  {secrets}")
    };
    let mut lines: Vec<_> = keys.ids().iter().enumerate().map(line).collect();
    lines.push(format!("{}  used for links in emails", keys.emails().id()));
    if survey.undecryptable > 0 {
        lines.push(format!(
            "{} cannot be decrypted with any of these keys: add the missing key on a new line of \
             secret.key or GUILDHALL_SECRET_KEY. If it is lost for good, replace {}",
            counted(survey.undecryptable, "secret", "secrets"),
            survey.remedies()
        ));
    }
    lines
}

async fn rotate(config: Config, input: RotateInput) -> anyhow::Result<ExitCode> {
    let app = place::open(config).await?;
    let bar = indicatif::ProgressBar::new_spinner().with_message("secrets");
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    let mut done = 0;
    let progress = |count| {
        done += count;
        bar.set_message(format!("{done} secrets encrypted"));
    };
    let rotated = keys::rotate(&app.context, &app.ring, input, progress).await;
    bar.finish_and_clear();
    app.context.db.close().await;
    report(&app.ring, &rotated?);
    Ok(ExitCode::SUCCESS)
}

fn report(ring: &KeyRing, rotated: &RotatedKeys) {
    let (newest, resealed) = (rotated.newest, rotated.resealed);
    if !rotated.is_fresh && !ring.is_given() {
        say("Continued an interrupted rotation.");
    }
    say(format_args!(
        "Key {newest} is in use. Encrypted {} with it.",
        counted(resealed, "secret", "secrets")
    ));
    for id in &rotated.retired {
        say(format_args!("Key {id} was removed."));
    }
    if rotated.survey.undecryptable > 0 {
        remark(format_args!(
            "Skipped {}, which cannot be decrypted with any key. See `guildhall keys list`.",
            counted(rotated.survey.undecryptable, "secret", "secrets")
        ));
    }
    remark(if ring.is_given() {
        "The keys on the other lines are no longer needed. Remove those lines from GUILDHALL_SECRET_KEY \
         and restart every server and worker. To keep links in sent emails working, keep the last line \
         as `emails KEY`."
    } else {
        "Store a copy of secret.key with your other keys. Without it, the secrets in a backup cannot be decrypted."
    });
}
