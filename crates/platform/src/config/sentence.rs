use figment::error::{Actual, Error, Kind};

use super::{FILE, named, nearest};

/// Keys whose values are never shown.
const SECRETS: [&str; 5] = [
    "database_url",
    "github_client_secret",
    "github_webhook_secret",
    "github_webhook_secret_previous",
    "secret_key",
];

/// What is wrong with the configuration, in a sentence that names the key and says what to write.
pub(super) fn of(error: &Error) -> String {
    let key = error.path.join(".");
    let named = named(&key);
    match &error.kind {
        // The environment has its own list: only the file can have a key that is none.
        Kind::UnknownField(field, known) => {
            let hint = nearest::hint(field, known.iter().copied());
            format!("{FILE} has the unknown key '{field}'{hint} docs/configuration.md has the list")
        }
        Kind::UnknownVariant(found, known) => {
            format!("{named} is '{found}': write {}", known.join(" or "))
        }
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted)
            if SECRETS.contains(&key.as_str()) =>
        {
            format!("{named} must be {}", form(wanted))
        }
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            format!("{named} is {}: write {}", shown(found), form(wanted))
        }
        // What cannot be read at all is quoted by its reader; a secret may stand in the quotation.
        Kind::Message(text) if key.is_empty() => {
            let place = text.lines().next().unwrap_or_default();
            format!("{FILE} cannot be read: {place}")
        }
        Kind::Message(text) => format!("{named}: {text}"),
        other => format!("{named}: {other}"),
    }
}

fn shown(found: &Actual) -> String {
    match found {
        Actual::Str(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

fn form(wanted: &str) -> &str {
    match wanted {
        "u64" | "i64" | "usize" => "a whole number",
        "path string" => "the path of a folder, in quotation marks",
        "a string" => "text, in quotation marks",
        other => other,
    }
}
