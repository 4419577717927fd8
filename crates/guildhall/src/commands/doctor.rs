use std::process::ExitCode;

use platform::{config::Config, db::Db, outbox::Post};

use super::{place, say};
use crate::{
    App, MODULES,
    health::{self, Finding},
};

/// Arguments of `doctor`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Args {
    /// Print the result as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    let findings = match place::may_be_there(&config).unwrap_or(true) {
        true => look(&config).await?,
        false => {
            let word = place::missing(&config);
            vec![Finding::new("data directory", Err(word))]
        }
    };
    let is_ok = findings.iter().all(|finding| finding.is_ok);
    report(&findings, args.json);
    Ok(if is_ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn look(config: &Config) -> anyhow::Result<Vec<Finding>> {
    let mut findings = health::of_configuration(config);
    let db = match open(config).await {
        Ok(db) => db,
        Err(word) => {
            findings.push(Finding::new("database", Err(word)));
            return Ok(findings);
        }
    };
    // A missing key is reported by the configuration's findings; doctor does not create one.
    let ring = config.has_keys().then(|| config.key_ring().ok()).flatten();
    findings.extend(health::of_database(MODULES, &db, ring.as_ref()).await);
    if let Some(ring) = ring {
        let context = App::context(db.clone(), App::flags(MODULES, config)?);
        // When the flags cannot be read, every flag is off and no service is called.
        context.flags.look(&db).await.ok();
        let post = Post::new(config, ring, &context);
        let found = MODULES.services(config, &post).look(&context).await;
        findings.extend(health::of_services(&found));
    }
    db.close().await;
    Ok(findings)
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
        let mark = match (finding.is_ok, finding.is_set_up) {
            (false, _) => "FIX ",
            (true, false) => "--  ",
            (true, true) => "ok  ",
        };
        say(format_args!(
            "{mark}  {:18} {}",
            finding.check, finding.detail
        ));
    }
}
