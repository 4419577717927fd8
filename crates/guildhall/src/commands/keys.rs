use std::process::ExitCode;

use anyhow::ensure;
use platform::{
    config::Config,
    crypto::{KeyRing, Keys, Survey},
};
use serde_json::json;

use super::{place, remark, say};
use crate::{
    App,
    backup::keys::{self, RotateInput, Rotated},
};

/// Verbs of `keys`.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the keys by their ids, with how many stored secrets each encrypts
    #[command(after_help = "Example:\n  guildhall keys list --json")]
    List {
        /// One JSON object instead of lines
        #[arg(long)]
        json: bool,
    },
    /// Add a key, encrypt every stored secret anew, and let the old keys go, while servers go on
    #[command(
        after_help = "Examples:\n  guildhall keys rotate\n  guildhall keys rotate --keep-old\n\nInterrupted, it loses nothing: run it again. Copy the new key to where you keep it."
    )]
    Rotate {
        /// Leave the old keys in the ring, for backups that were made under them
        #[arg(long, conflicts_with = "letters_too")]
        keep_old: bool,
        /// Replace the key of the addresses in letters too: those in letters already sent end nothing more
        #[arg(long)]
        letters_too: bool,
    },
}

pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { json } => list(config, json).await,
        Command::Rotate {
            keep_old,
            letters_too,
        } => {
            let wish = RotateInput {
                keep_old,
                letters_too,
            };
            rotate(config, wish).await
        }
    }
}

/// The ring where there is one: looking makes none.
fn ring(config: &Config) -> anyhow::Result<KeyRing> {
    ensure!(
        config.has_keys(),
        "there is no secret key yet: {} is made when it is first needed",
        config.key_file().display()
    );
    Ok(config.key_ring()?)
}

async fn list(config: Config, json: bool) -> anyhow::Result<ExitCode> {
    let (context, ring) = (place::look(&config).await?, ring(&config)?);
    let survey = keys::survey(&context, &ring).await;
    context.db.close().await;
    let (survey, keys) = (survey?, ring.keys());
    if json {
        say(told(&keys, &survey));
    } else {
        lines(&keys, &survey).iter().for_each(say);
    }
    Ok(match survey.of_none {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn told(keys: &Keys, survey: &Survey) -> serde_json::Value {
    let told = |(index, id): (usize, &platform::crypto::KeyId)| json!({ "id": id.to_string(), "is_in_use": index == 0, "secrets": survey.of(*id) });
    let listed: Vec<_> = keys.ids().iter().enumerate().map(told).collect();
    json!({
        "keys": listed,
        "letters": keys.emails().id().to_string(),
        "undecryptable": survey.of_none,
    })
}

fn lines(keys: &Keys, survey: &Survey) -> Vec<String> {
    let line = |(index, id): (usize, &platform::crypto::KeyId)| {
        let standing = if index == 0 { "in use" } else { "old" };
        format!("{id}  {standing:6}  {} secrets", survey.of(*id))
    };
    let mut lines: Vec<_> = keys.ids().iter().enumerate().map(line).collect();
    lines.push(format!(
        "{}  seals the addresses in letters",
        keys.emails().id()
    ));
    if survey.of_none > 0 {
        lines.push(format!(
            "{} secrets can be decrypted under none of them: bring the key back, as another line, or set \
             them anew with guildhall repo secret",
            survey.of_none
        ));
    }
    lines
}

async fn rotate(config: Config, wish: RotateInput) -> anyhow::Result<ExitCode> {
    let app = App::open(config).await?;
    let bar = indicatif::ProgressBar::new_spinner().with_message("secrets");
    bar.enable_steady_tick(std::time::Duration::from_millis(100));
    let mut done = 0;
    let progress = |count| {
        done += count;
        bar.set_message(format!("{done} secrets encrypted anew"));
    };
    let rotated = keys::rotate(&app.context, &app.ring, wish, progress).await;
    bar.finish_and_clear();
    app.context.db.close().await;
    report(&app.ring, &rotated?);
    Ok(ExitCode::SUCCESS)
}

fn report(ring: &KeyRing, rotated: &Rotated) {
    let (newest, resealed) = (rotated.newest, rotated.resealed);
    if !rotated.is_fresh && !ring.is_given() {
        say("Went on with a rotation that had been interrupted.");
    }
    say(format_args!(
        "Key {newest} is in use: {resealed} secrets were encrypted anew."
    ));
    for id in &rotated.retired {
        say(format_args!("Key {id} is retired."));
    }
    if rotated.survey.of_none > 0 {
        remark(format_args!(
            "{} secrets could be decrypted under no key and stay as they are: guildhall keys list",
            rotated.survey.of_none
        ));
    }
    remark(if ring.is_given() {
        "Nothing stored needs the keys on other lines any more: take those lines out of \
         GUILDHALL_SECRET_KEY and start every server and worker again. So that links in e-mails go \
         on to work, leave the last of them as `emails KEY`."
    } else {
        "Copy secret.key to where you keep it: a backup of the database is no use without it."
    });
}
