//! Work of people who claimed issues.

use platform::{
    db::Engine,
    module::Audience,
    work::{TaskIcon, TaskKind, TaskRow, TaskText},
};

use crate::{FLAG, model::REMINDED_BEFORE};

/// The kinds of work of this module.
pub(crate) const TASKS: &[TaskKind] = &[TaskKind {
    code: "claim",
    label: "Claims",
    one: "Claim",
    list: "/work?kind=claim",
    waits: "Your claim of an issue ends soon",
    icon: TaskIcon::Alarm,
    picture: None,
    is_about: false,
    is_taken: None,
    is_stuck: false,
    audience: Audience::SignedIn,
    flag: Some(FLAG),
    target: None,
    rows: claims,
    text: claim,
}];

/// Selects the active claims of a person in public repositories, from when they are reminded of the end. Those that a pull
/// request extended are left out: it waits for others.
fn claims(engine: Engine) -> String {
    let seconds = REMINDED_BEFORE.num_seconds();
    let is_soon = match engine {
        Engine::Sqlite => format!("unixepoch(c.expires_at) - unixepoch($2) <= {seconds}"),
        Engine::Postgres => format!("c.expires_at - $2 <= INTERVAL '{seconds} seconds'"),
    };
    format!(
        "SELECT 'claim' AS kind, o.title AS name, repo.full_name AS place, {} AS slug, o.number AS number, '' AS detail, \
         c.claimed_at AS since, c.expires_at AS due FROM opportunity_claims c \
         JOIN opportunities o ON o.id = c.opportunity_id {} \
         WHERE c.user_id = $1 AND c.status = 'active' AND NOT c.extended AND c.expires_at > $2 AND {is_soon}",
        engine.id_text("o.id"),
        github::reads::joined_repository("o.repository_id")
    )
}

fn claim(row: &TaskRow) -> TaskText {
    TaskText {
        title: format!("Open a pull request for “{}”", row.name),
        line: format!("{} #{}", row.place, row.number),
        action: "See the issue",
        address: format!("/discover/{}", row.id()),
        due: None,
    }
}
