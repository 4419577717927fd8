//! Messages that are written into the outbox, and the checks of the received mails.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::json;
use sqlx::{AnyPool, AssertSqlSafe, Row};

use super::Note;

const SUBJECT: &str =
    "60 Punkte für „Laternen“ – ein Betreff, der länger ist als eine Zeile fassen kann";
const TEXT: &str = "Grüße.\n\n.\nFrom the beginning of a line, and a line of one dot above.\n";
const HTML: &str =
    "<!doctype html>\n<p>Grüße &amp; <a href=\"https://guild.example/\">more</a></p>\n";

/// Returns an unsubscribe link of realistic length.
fn unsubscribe() -> String {
    format!("https://guild.example/unsubscribe/{}", "0123456789abcdef".repeat(12))
}

/// Writes `count` messages that are due now, each to a different recipient.
pub(super) async fn fill(pool: &AnyPool, is_postgres: bool, count: usize) -> Result<()> {
    let content = json!({
        "subject": SUBJECT, "text": TEXT, "html": HTML, "unsubscribe": unsubscribe(),
    });
    let content = content.to_string().replace('\'', "''");
    let (id, now, rows) = match is_postgres {
        true => ("gen_random_uuid()", "now()", format!("generate_series(1, {count}) AS n(i)")),
        false => (
            "randomblob(16)",
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now')",
            format!(
                "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
                 SELECT i FROM n) AS n"
            ),
        ),
    };
    let sql = format!(
        "INSERT INTO outbox_messages (id, created_at, person_id, kind, object_id, occurrence, channel, \
         recipient, content, due_at, attempts) \
         SELECT {id}, {now}, {id}, 'judge', {id}, CAST(n.i AS text), 'email', \
         'person-' || n.i || '@oak.example', '{content}', {now}, 0 FROM {rows}"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(pool).await?;
    Ok(())
}

/// Returns the messages' IDs and recipients.
pub(super) async fn sent(pool: &AnyPool, is_postgres: bool) -> Result<BTreeMap<String, String>> {
    let id = match is_postgres {
        true => "CAST(id AS text)",
        false => "lower(hex(id))",
    };
    let sql =
        format!("SELECT {id} AS id, recipient FROM outbox_messages WHERE completed_at IS NOT NULL");
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await?;
    let read = |row: &sqlx::any::AnyRow| {
        let (id, recipient): (String, String) = (row.try_get("id")?, row.try_get("recipient")?);
        Ok((hyphenated(&id), recipient))
    };
    rows.iter().map(read).collect()
}

/// Formats an ID with hyphens, as mails contain it.
fn hyphenated(id: &str) -> String {
    if id.len() != 32 {
        return id.to_owned();
    }
    let parts = [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]];
    parts.join("-")
}

/// Returns the complaint about a received mail, if any.
pub(super) fn complaint(note: &Note, recipient: &str) -> Option<String> {
    let said = |text: &Option<String>| text.as_deref().map(|text| text.replace("\r\n", "\n"));
    let one_click = Some("List-Unsubscribe=One-Click");
    let checks = [
        ("the recipient", note.to == recipient && note.envelope == [recipient]),
        ("the sender", note.from == "Guildhall <hall@guild.example>"),
        ("the subject", note.subject == SUBJECT),
        ("the type", note.r#type == "multipart/alternative"),
        ("the text", said(&note.text).as_deref() == Some(TEXT)),
        ("the HTML", said(&note.html).as_deref() == Some(HTML)),
        ("the address that ends it", note.unsubscribe == Some(format!("<{}>", unsubscribe()))),
        ("the one click", note.one_click.as_deref() == one_click),
        ("the mark of a program", note.auto.as_deref() == Some("auto-generated")),
        ("the date", note.has_date),
        ("the form", note.defects.is_empty()),
    ];
    let wrong = checks.iter().find(|(_, is_well)| !is_well);
    wrong.map(|(what, _)| format!("{what} is not as it was written"))
}
