//! The checks of `doctor` and the health page.

use kernel::counted;
use platform::{
    Context,
    checks::Checks,
    config::Config,
    crypto::KeyRing,
    db::{DatabaseUrl, Db, Durability, Mount, in_words},
    finding::{Finding, FindingState},
    module::Modules,
    outbox::EMAIL,
    outside::{Condition, ServiceCheck},
    processes::{self, Asker, Process},
};
use ui::format::Number;

/// Checks the configuration and the data directory.
#[must_use]
pub fn of_configuration(config: &Config) -> Vec<Finding> {
    let mut findings =
        vec![data_dir(config), key(config), webhook_secret(config), sign_in(config), mail(config)];
    let unread = config.unread_settings.clone();
    findings.extend(unread.map(|why| Finding::new("settings", Err(why))));
    findings
}

/// Checks the database, and its secrets when a key ring is given.
pub async fn of_database(modules: Modules, db: &Db, ring: Option<&KeyRing>) -> Vec<Finding> {
    let mut findings = vec![Finding::new("database", Ok(format!("{} responds", db.engine())))];
    let schema = schema(modules, db).await;
    let has_tables = schema.is_ok;
    findings.push(schema);
    let foreign = db.foreign_tables(&modules.table_names()).await;
    findings.push(Finding::new("other tables", foreign));
    findings.extend(durability(db).await);
    if has_tables {
        findings.push(inbox(db).await);
        if let Some(ring) = ring {
            findings.push(secrets(modules, ring, db).await);
        }
    }
    findings
}

/// Checks what fails without a sign. Says nothing if the database fails or its schema is not up to date, which are findings of their own.
/// Returns the servers and workers, too.
pub async fn of_running(
    checks: &Checks,
    context: &Context,
    asker: Asker,
) -> (Vec<Finding>, Vec<Process>) {
    let processes = processes::all(&context.db).await.unwrap_or_default();
    let mut findings = checks.findings(context, &processes, asker).await.unwrap_or_default();
    let silence = github::reads::unusual_silence(context, &processes).await.ok().flatten();
    findings.extend(silence.map(|why| Finding::new("deliveries", Err(why))));
    (findings, processes)
}

/// Returns the last known state of the configured external services.
#[must_use]
pub fn of_services(found: &[ServiceCheck]) -> Vec<Finding> {
    let finding = |found: &ServiceCheck| {
        let (state, detail) = match &found.condition {
            Condition::NotConfigured => return None,
            Condition::SwitchedOff => (FindingState::Ok, "Turned off by a flag at /admin/flags"),
            Condition::Unknown => (FindingState::Unchecked, "The result comes within a minute"),
            Condition::Healthy(word) => (FindingState::Ok, word.as_str()),
            Condition::Failing(word) => (FindingState::Problem, word.as_str()),
        };
        let name = match found.name {
            EMAIL => "email service",
            name => name,
        };
        Some(Finding::of(name, state, detail.to_owned()))
    };
    found.iter().filter_map(finding).collect()
}

fn mail(config: &Config) -> Finding {
    let result = match (&config.mail_from, &config.public_url) {
        (None, _) => {
            let place = config.place("smtp_url");
            let detail = format!("No emails are sent. To send them, set up a mail server {place}.");
            return Finding::not_set_up("email settings", detail);
        }
        (Some(from), Some(_)) => Ok(format!("Emails are sent from {from}")),
        (Some(_), None) => Err(no_address(config, "links in emails lead to it")),
    };
    Finding::new("email settings", result)
}

/// Checks the sign-in with GitHub. The configuration already rejects a client ID without its secret.
fn sign_in(config: &Config) -> Finding {
    let result = match (&config.github_client_id, &config.public_url) {
        (None, _) => {
            let place = config.place("github_client_id");
            let detail =
                format!("People cannot sign in with GitHub. To allow it, set up an app {place}.");
            return Finding::not_set_up("sign-in", detail);
        }
        (Some(_), Some(url)) => Ok(format!("People sign in with GitHub at {url}")),
        (Some(_), None) => Err(no_address(config, "GitHub can lead people back")),
    };
    Finding::new("sign-in", result)
}

fn no_address(config: &Config, purpose: &str) -> String {
    let place = config.place("public_url");
    format!("The address of this server is not set: set it {place}, so that {purpose}")
}

fn data_dir(config: &Config) -> Finding {
    let path = &config.data_dir;
    if !path.exists() {
        let word = format!("{} is created when it is first needed", path.display());
        return Finding::new("data directory", Ok(word));
    }
    let probe = path.join(".doctor");
    let result = std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe));
    Finding::new(
        "data directory",
        match result {
            Ok(()) if is_readable_by_others(config) => Err(format!(
                "Other users of this machine can read the database or the key: run `chmod -R go= {}`",
                path.display()
            )),
            Ok(()) => Ok(format!("{} is writable", path.display())),
            Err(error) => Err(format!(
                "{} is not writable ({error}): choose another with `--data-dir`",
                path.display()
            )),
        },
    )
}

/// Returns true if other users can read the database file or the key. Releases before private files created such files.
#[cfg(unix)]
fn is_readable_by_others(config: &Config) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    let others = |path: &std::path::Path| {
        std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
    };
    let database = match config.database() {
        Ok(DatabaseUrl::Sqlite(path)) => path,
        _ => config.key_file(),
    };
    others(&config.data_dir) && (others(&database) || others(&config.key_file()))
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &Config) -> bool {
    false
}

fn key(config: &Config) -> Finding {
    if !config.has_keys() {
        return Finding::new("secret key", Ok("Created when it is first needed".to_owned()));
    }
    Finding::new(
        "secret key",
        match config.key_ring() {
            Ok(ring) => Ok(match ring.keys().all().len() {
                1 => "Valid".to_owned(),
                count => format!("Valid, with {}", counted(count - 1, "older key", "older keys")),
            }),
            Err(error) => Err(error.to_string()),
        },
    )
}

/// Checks that every stored secret can be decrypted.
pub(crate) async fn secrets(modules: Modules, ring: &KeyRing, db: &Db) -> Finding {
    let result = match platform::crypto::survey(db, ring, &modules.sealed()).await {
        Ok(survey) if survey.undecryptable > 0 => Err(format!(
            "{} cannot be decrypted because the key is missing: add it on a new line of secret.key or \
             GUILDHALL_SECRET_KEY. If it is lost for good, replace {}",
            counted(survey.undecryptable, "secret", "secrets"),
            survey.remedies()
        )),
        Ok(_) => Ok("All stored secrets can be decrypted".to_owned()),
        Err(error) => Err(in_words(&error)),
    };
    Finding::new("stored secrets", result)
}

fn webhook_secret(config: &Config) -> Finding {
    match &config.github_webhook_secret {
        Some(_) => Finding::new("webhook secret", Ok("A webhook secret is set".to_owned())),
        None => Finding::not_set_up(
            "webhook secret",
            "Deliveries of the GitHub App and of webhooks with a secret of their own are accepted. To accept others, set GITHUB_WEBHOOK_SECRET.",
        ),
    }
}

async fn schema(modules: Modules, db: &Db) -> Finding {
    let result = match db.schema_status(&modules.migrations()).await {
        Ok(status) => match (status.known(), status.pending.len()) {
            (Err(error), _) => Err(error.to_string()),
            (Ok(()), 0) => Ok(match status.newer() {
                Some(newer) => format!("Up to date for this release: the schema is {newer}"),
                None => "Up to date".to_owned(),
            }),
            (Ok(()), _) if status.applied.is_empty() => Err(
                "The database is empty: run `guildhall migrate up --create`, or `guildhall serve`"
                    .to_owned(),
            ),
            (Ok(()), pending) => Err(format!(
                "{} pending: run `guildhall migrate up`",
                counted(pending, "migration is", "migrations are")
            )),
        },
        Err(error) => Err(in_words(&error)),
    };
    Finding::new("schema", result)
}

/// Checks the settings that make acknowledged deliveries survive a crash.
async fn durability(db: &Db) -> Vec<Finding> {
    match db.durability().await {
        Ok(Durability::Sqlite { journal_mode, mount }) => {
            vec![Finding::new("durability", file(&journal_mode, mount))]
        }
        Ok(Durability::Postgres(settings)) => settings.into_iter().map(setting).collect(),
        Err(error) => vec![Finding::new("durability", Err(in_words(&error)))],
    }
}

/// Judges where a SQLite file is. What the disk does with a sync, and what other programs do, cannot be read.
fn file(journal_mode: &str, mount: Option<Mount>) -> Result<String, String> {
    let lost = "acknowledged deliveries are lost in a power failure";
    let place = match mount {
        Some(mount) if mount.is_memory() => {
            return Err(format!(
                "The database file is on {}, mounted as {}, which is in memory, so {lost}: move the data directory to a disk",
                mount.kind,
                mount.at.display()
            ));
        }
        Some(mount) => {
            if let Some(option) = mount.unsynced() {
                return Err(format!(
                    "{} is mounted with {option}, so {lost}: mount it without that option",
                    mount.at.display()
                ));
            }
            format!("on {}", mount.kind)
        }
        None => "on an unknown file system".to_owned(),
    };
    Ok(format!(
        "Guildhall syncs every commit; the file is {place}, with the journal mode {journal_mode}. The settings of other \
         programs that write to it, and whether the disk honors a sync, cannot be checked"
    ))
}

fn setting((name, value): (&'static str, String)) -> Finding {
    let result = match value.as_str() {
        "off" => Err(format!(
            "It is off, so acknowledged deliveries may be lost in a crash: set {name} = on in postgresql.conf"
        )),
        _ => Ok(format!("It is {value}")),
    };
    Finding::new(name, result)
}

async fn inbox(db: &Db) -> Finding {
    Finding::new(
        "inbox",
        match github::reads::inbox(db).await {
            Ok(state) if state.dead > 0 => Err(format!(
                "{} could not be processed: run `guildhall deliveries list --failed` for the reasons, then \
                 `guildhall deliveries retry --all-failed`",
                Number(state.dead).of("delivery", "deliveries")
            )),
            Ok(state) => Ok(format!(
                "{} pending, none failed",
                Number(state.undone).of("delivery", "deliveries")
            )),
            Err(error) => Err(in_words(&error)),
        },
    )
}
