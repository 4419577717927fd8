use std::process::ExitCode;

use platform::{
    config::Config,
    db::{Db, Engine, Sql},
};
use sea_orm::FromQueryResult;

use super::{place, say};
use crate::Migrator;

/// Flags of `doctor`.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Args {
    /// One JSON object instead of sentences
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(serde::Serialize)]
struct Finding {
    check: &'static str,
    is_well: bool,
    /// What is so; when not well, what to do.
    word: String,
}

fn finding(check: &'static str, result: Result<String, String>) -> Finding {
    Finding {
        check,
        is_well: result.is_ok(),
        word: result.unwrap_or_else(|word| word),
    }
}

pub(super) async fn run(config: Config, args: Args) -> anyhow::Result<ExitCode> {
    if !place::may_be_there(&config).unwrap_or(true) {
        report(
            &[finding("data directory", Err(place::missing(&config)))],
            args.json,
        );
        return Ok(ExitCode::FAILURE);
    }
    let mut findings = vec![
        data_dir(&config),
        key(&config),
        webhook_secret(&config),
        sign_in(&config),
    ];
    match open(&config).await {
        Ok(db) => {
            findings.push(finding("database", Ok(format!("{} answers", db.engine()))));
            let schema = schema(&db).await;
            let has_tables = schema.is_well;
            findings.push(schema);
            findings.extend(durability(&db).await);
            if has_tables {
                findings.push(inbox(&db).await);
                findings.extend(secrets(&config, &db).await);
            }
            db.close().await;
        }
        Err(word) => findings.push(finding("database", Err(word))),
    }
    let is_well = findings.iter().all(|finding| finding.is_well);
    report(&findings, args.json);
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The configuration itself refuses half an app.
fn sign_in(config: &Config) -> Finding {
    let result = match (&config.github_client_id, &config.public_url) {
        (None, _) => Ok("not set up: nobody can sign in (GITHUB_CLIENT_ID)".to_owned()),
        (Some(_), Some(url)) => Ok(format!("GitHub sends people back to {url}")),
        (Some(_), None) => Err(
            "GUILDHALL_PUBLIC_URL is not set: set it, so that GitHub sends people back by TLS"
                .to_owned(),
        ),
    };
    finding("sign-in", result)
}

fn report(findings: &[Finding], json: bool) {
    if json {
        say(serde_json::json!({ "findings": findings }));
        return;
    }
    for finding in findings {
        let mark = if finding.is_well { "ok  " } else { "MEND" };
        say(format_args!(
            "{mark}  {:15} {}",
            finding.check, finding.word
        ));
    }
}

fn data_dir(config: &Config) -> Finding {
    let path = &config.data_dir;
    if !path.exists() {
        let word = format!("{} is made when it is first needed", path.display());
        return finding("data directory", Ok(word));
    }
    let probe = path.join(".doctor");
    let result = std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe));
    finding(
        "data directory",
        match result {
            Ok(()) => Ok(format!("{} can be written", path.display())),
            Err(error) => Err(format!(
                "{} cannot be written ({error}): choose another with --data-dir",
                path.display()
            )),
        },
    )
}

fn key(config: &Config) -> Finding {
    if !config.has_keys() {
        return finding(
            "secret key",
            Ok("is made when it is first needed".to_owned()),
        );
    }
    finding(
        "secret key",
        match config.key_ring() {
            Ok(ring) => Ok(match ring.keys().all().len() {
                1 => "can be used".to_owned(),
                count => format!("can be used, with {} older ones", count - 1),
            }),
            Err(error) => Err(error.to_string()),
        },
    )
}

/// Whether what was encrypted can be read.
async fn secrets(config: &Config, db: &Db) -> Option<Finding> {
    // A missing key is told already, and is not made by looking.
    let ring = config
        .has_keys()
        .then(|| config.key_ring().ok())
        .flatten()?;
    let result = match platform::crypto::survey(db, &ring, crate::SEALED).await {
        Ok(survey) if survey.of_none > 0 => Err(format!(
            "{} were encrypted under a key that is not here: bring it back, as another line, or set \
             them anew with guildhall repo secret",
            survey.of_none
        )),
        Ok(_) => Ok("all can be decrypted".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    Some(finding("stored secrets", result))
}

fn webhook_secret(config: &Config) -> Finding {
    finding(
        "webhook secret",
        match &config.github_webhook_secret {
            Some(_) => Ok("is set".to_owned()),
            None => {
                Ok("is not set: only hooks registered with their own secret are taken".to_owned())
            }
        },
    )
}

async fn open(config: &Config) -> Result<Db, String> {
    let url = config.database().map_err(|error| error.to_string())?;
    Db::connect(&url).await.map_err(|error| error.to_string())
}

async fn schema(db: &Db) -> Finding {
    finding(
        "schema",
        match db.schema_status::<Migrator>().await {
            Ok(status) if !status.unknown.is_empty() => {
                Err("is newer than this program: start a newer release".to_owned())
            }
            Ok(status) if !status.pending.is_empty() => Err(format!(
                "{} changes are pending: run guildhall migrate up",
                status.pending.len()
            )),
            Ok(_) => Ok("is up to date".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    )
}

/// A setting, as text.
#[derive(FromQueryResult)]
struct Setting {
    value: String,
}

async fn setting(tx: &impl Sql, sql: &str) -> Result<String, String> {
    let row: Option<Setting> = tx
        .one(tx.statement(sql, []))
        .await
        .map_err(|error| error.to_string())?;
    Ok(row.map(|row| row.value).unwrap_or_default())
}

/// Whether what is acknowledged is on the disk.
async fn durability(db: &Db) -> Vec<Finding> {
    match db.engine() {
        Engine::Sqlite => vec![sqlite_synchronous(db).await],
        Engine::Postgres => {
            let mut findings = Vec::new();
            for name in ["fsync", "synchronous_commit", "full_page_writes"] {
                findings.push(postgres_setting(db, name).await);
            }
            findings
        }
    }
}

async fn sqlite_synchronous(db: &Db) -> Finding {
    let tx = match db.begin().await {
        Ok(tx) => tx,
        Err(error) => return finding("durability", Err(error.to_string())),
    };
    let sql = "SELECT CAST(synchronous AS text) AS value FROM pragma_synchronous";
    finding(
        "durability",
        match setting(&tx, sql).await {
            Ok(level) if level == "2" || level == "3" => {
                Ok("every commit is synced to the disk".to_owned())
            }
            Ok(level) => Err(format!(
                "synchronous is {level}: acknowledged deliveries may be lost in a power failure"
            )),
            Err(error) => Err(error),
        },
    )
}

async fn postgres_setting(db: &Db, name: &'static str) -> Finding {
    let sql = format!("SELECT current_setting('{name}') AS value");
    finding(
        name,
        match setting(db, &sql).await {
            Ok(value) if value == "off" => Err(format!(
                "is off: acknowledged deliveries may be lost in a crash; set {name} = on in postgresql.conf"
            )),
            Ok(value) => Ok(format!("is {value}")),
            Err(error) => Err(error),
        },
    )
}

async fn inbox(db: &Db) -> Finding {
    finding(
        "inbox",
        match github::reads::inbox(db).await {
            Ok(state) if state.dead > 0 => Err(format!(
                "{} deliveries could not be applied: guildhall deliveries list --dead says why; \
                 guildhall deliveries retry --all-dead tries them again",
                state.dead
            )),
            Ok(state) => Ok(format!("{} deliveries wait, none is dead", state.undone)),
            Err(error) => Err(error.to_string()),
        },
    )
}
