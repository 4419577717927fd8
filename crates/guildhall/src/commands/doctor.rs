use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use platform::{
    checks::Checks, config::Config, crypto::KeyRing, db::Db, processes::Asker, running, settings,
};
use secrecy::SecretString;

use super::{place, say};
use crate::{
    App, MODULES, VERSION,
    backup::lost_key,
    health::{self, Finding, FindingState},
};

/// Arguments of `doctor`.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// A file that contains an admin's API token, to compare the settings of the running server with these
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Write an archive (.tar.gz) for whoever helps: settings without secrets, health, and what failed, without names
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    bundle: Option<PathBuf>,
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let token = args.token_file.as_deref().map(read_token).transpose()?;
    let findings = if place::may_be_there(&config).unwrap_or(true) {
        look(&config, token.as_ref()).await?
    } else {
        let word = place::missing(&config);
        vec![Finding::new("data directory", Err(word))]
    };
    let is_ok = findings.iter().all(|finding| finding.is_ok);
    report(&findings, args.json);
    if let Some(path) = &args.bundle {
        let services = place::open(config.clone()).await.ok().map(App::into_services);
        let found = serde_json::json!({ "findings": findings });
        operations::bundle::write(path, VERSION, &config, &found, services.as_ref()).await?;
    }
    Ok(if is_ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_token(path: &Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the token file {}", path.display()))?;
    Ok(text.trim().into())
}

async fn look(config: &Config, token: Option<&SecretString>) -> anyhow::Result<Vec<Finding>> {
    let opened = open(config).await;
    // A missing key is reported by the configuration's findings; doctor does not create one.
    let ring = config.has_keys().then(|| config.key_ring().ok()).flatten();
    let config = &with_stored(config, opened.as_ref().ok(), ring.as_ref()).await;
    let mut findings = health::of_configuration(config);
    if let Err(error) = App::flags(MODULES, config) {
        findings.push(Finding::new("flags", Err(error.to_string())));
        return Ok(findings);
    }
    findings.push(Finding::new("server", running::check(config, token).await));
    let db = match opened {
        Ok(db) => db,
        Err(word) => {
            findings.push(Finding::new("database", Err(word)));
            return Ok(findings);
        }
    };
    findings.extend(health::of_database(MODULES, &db, ring.as_ref()).await);
    let has_admin = identity::reads::has_admin(&db).await.ok();
    let lacking = operations::production::lacks(config, has_admin).into_iter();
    findings.extend(lacking.map(|(check, why)| Finding::new(check, Err(why))));
    // Fails only when the schema is not up to date, which is a finding of its own.
    if let Ok(Some(lost)) = lost_key::find(MODULES, config, &db).await {
        findings.retain(|finding| finding.check != "secret key");
        findings.push(Finding::new("secret key", Err(lost)));
    }
    if ring.is_some() {
        let context = App::context(db.clone(), App::flags(MODULES, config)?);
        let app = App::new(MODULES, config.clone(), context)?;
        let context = &app.context;
        // When the flags cannot be read, every flag is off and no service is called.
        context.flags.look_ahead(&db).await.ok();
        findings.extend(health::of_services(&app.outside.look(context).await));
        let checks = Checks::of(&app);
        findings.extend(health::of_running(&checks, context, Asker::Command).await.0);
    }
    db.close().await;
    Ok(findings)
}

/// Returns the configuration with the settings that are stored in the database, if it can be read.
async fn with_stored(config: &Config, db: Option<&Db>, ring: Option<&KeyRing>) -> Config {
    let Some(db) = db else {
        return config.clone();
    };
    // Fails when the schema is not up to date, which is a finding of its own.
    settings::overlay(config, db, ring).await.unwrap_or_else(|_| config.clone())
}

async fn open(config: &Config) -> Result<Db, String> {
    let url = config.database().map_err(|error| error.to_string())?;
    Db::connect(&url).await.map_err(|error| error.to_string())
}

fn report(findings: &[Finding], json: bool) {
    if json {
        say(serde_json::json!({ "findings": findings }));
        return;
    }
    for finding in findings {
        let mark = match finding.state {
            FindingState::Problem => "FIX ",
            FindingState::Unchecked => "?   ",
            FindingState::Ok => "ok  ",
            FindingState::NotSetUp => "--  ",
        };
        say(format_args!("{mark}  {:18} {}", finding.check, finding.detail));
    }
}
