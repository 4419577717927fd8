//! What `doctor` and the page of the server's health look at.

use platform::{
    config::Config,
    crypto::KeyRing,
    db::{Db, Durability},
    module::Modules,
    outside::{Condition, Found},
};
use serde::Serialize;
use utoipa::ToSchema;

use ui::format::Number;

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// Whether it is as it should be.
    pub is_well: bool,
    /// What is so; when not well, what to do.
    pub word: String,
}

impl Finding {
    /// What a look at `check` gave.
    #[must_use]
    pub fn new(check: &'static str, result: Result<String, String>) -> Self {
        Self {
            check,
            is_well: result.is_ok(),
            word: result.unwrap_or_else(|word| word),
        }
    }
}

/// What the configuration and the data directory tell by themselves.
#[must_use]
pub fn of_configuration(config: &Config) -> Vec<Finding> {
    vec![
        data_dir(config),
        key(config),
        webhook_secret(config),
        sign_in(config),
        mail(config),
    ]
}

/// What the database tells, with the keys that its secrets are sealed by, if there are any yet.
pub async fn of_database(modules: Modules, db: &Db, ring: Option<&KeyRing>) -> Vec<Finding> {
    let mut findings = vec![Finding::new(
        "database",
        Ok(format!("{} answers", db.engine())),
    )];
    let schema = schema(modules, db).await;
    let has_tables = schema.is_well;
    findings.push(schema);
    findings.extend(durability(db).await);
    if has_tables {
        findings.push(inbox(db).await);
        if let Some(ring) = ring {
            findings.push(secrets(modules, ring, db).await);
        }
    }
    findings
}

/// How the services outside were found; those that are not set up are left out.
#[must_use]
pub fn of_services(found: &[Found]) -> Vec<Finding> {
    let told = |found: &Found| {
        let result = match &found.condition {
            Condition::NotConfigured => return None,
            Condition::SwitchedOff => Ok("is switched off: nothing is asked there".to_owned()),
            Condition::Unknown => Ok("was not asked yet".to_owned()),
            Condition::Healthy(word) => Ok(word.clone()),
            Condition::Failing(word) => Err(word.clone()),
        };
        Some(Finding::new(found.name, result))
    };
    found.iter().filter_map(told).collect()
}

fn mail(config: &Config) -> Finding {
    let result = match (&config.mail_from, &config.public_url) {
        (None, _) => Ok("not set up: nobody is written to (SMTP_URL or RESEND_API_KEY)".to_owned()),
        (Some(from), Some(_)) => Ok(format!("is from {from}")),
        (Some(_), None) => Err(
            "GUILDHALL_PUBLIC_URL is not set: set it, so that links in letters lead here"
                .to_owned(),
        ),
    };
    Finding::new("mail", result)
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
    Finding::new("sign-in", result)
}

fn data_dir(config: &Config) -> Finding {
    let path = &config.data_dir;
    if !path.exists() {
        let word = format!("{} is made when it is first needed", path.display());
        return Finding::new("data directory", Ok(word));
    }
    let probe = path.join(".doctor");
    let result = std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe));
    Finding::new(
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
        return Finding::new(
            "secret key",
            Ok("is made when it is first needed".to_owned()),
        );
    }
    Finding::new(
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
async fn secrets(modules: Modules, ring: &KeyRing, db: &Db) -> Finding {
    let result = match platform::crypto::survey(db, ring, &modules.sealed()).await {
        Ok(survey) if survey.of_none > 0 => Err(format!(
            "{} were encrypted under a key that is not here: bring it back, as another line, or set \
             them anew with guildhall repo secret",
            survey.of_none
        )),
        Ok(_) => Ok("all can be decrypted".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    Finding::new("stored secrets", result)
}

fn webhook_secret(config: &Config) -> Finding {
    Finding::new(
        "webhook secret",
        match &config.github_webhook_secret {
            Some(_) => Ok("is set".to_owned()),
            None => {
                Ok("is not set: only hooks registered with their own secret are taken".to_owned())
            }
        },
    )
}

async fn schema(modules: Modules, db: &Db) -> Finding {
    Finding::new(
        "schema",
        match db.schema_status(&modules.migrations()).await {
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

/// Looks at the settings by which what was acknowledged is on the disk.
async fn durability(db: &Db) -> Vec<Finding> {
    match db.durability().await {
        Ok(Durability::Sqlite { synchronous: 2.. }) => {
            let word = "every commit is synced to the disk".to_owned();
            vec![Finding::new("durability", Ok(word))]
        }
        Ok(Durability::Sqlite { synchronous }) => {
            let word = format!(
                "synchronous is {synchronous}: acknowledged deliveries may be lost in a power failure"
            );
            vec![Finding::new("durability", Err(word))]
        }
        Ok(Durability::Postgres(settings)) => settings.into_iter().map(setting).collect(),
        Err(error) => vec![Finding::new("durability", Err(error.to_string()))],
    }
}

fn setting((name, value): (&'static str, String)) -> Finding {
    let result = match value.as_str() {
        "off" => Err(format!(
            "is off: acknowledged deliveries may be lost in a crash; set {name} = on in postgresql.conf"
        )),
        _ => Ok(format!("is {value}")),
    };
    Finding::new(name, result)
}

async fn inbox(db: &Db) -> Finding {
    Finding::new(
        "inbox",
        match github::reads::inbox(db).await {
            Ok(state) if state.dead > 0 => Err(format!(
                "{} could not be applied: guildhall deliveries list --dead says why; \
                 guildhall deliveries retry --all-dead tries again",
                Number(state.dead).of("delivery", "deliveries")
            )),
            Ok(state) => Ok(format!("{} deliveries wait, none is dead", state.undone)),
            Err(error) => Err(error.to_string()),
        },
    )
}
