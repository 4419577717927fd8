use kernel::counted;
use platform::{
    ActionError, Context,
    alerts::{Incident, Operators, Severity, reconcile},
    db::DbError,
};

use super::{
    LOCK,
    totals::{WrongTotal, wrong_totals},
};
use crate::{
    Programmes,
    model::Mismatch,
    reads::{self, MISMATCHES},
};

/// The kind of alert for a ledger that differs from the values derived from it.
pub const LEDGER: &str = "ledger_mismatch";

/// Compares totals, boards and histogram with the ledger, and the ledger with each programme's rules.
/// Changes nothing.
pub async fn verify(context: &Context, programmes: Programmes) -> Result<Vec<Mismatch>, DbError> {
    let mut found = totals(context).await?;
    found.extend(unknown_people(context).await?);
    found.extend(reads::mismatches(&context.db).await?);
    for programme in programmes.iter() {
        found.extend(programme.mismatches(context).await?);
    }
    Ok(found)
}

/// Counts the windows that [`verify`] leaves out, because they await settlement.
pub async fn awaiting(context: &Context, programmes: Programmes) -> Result<usize, DbError> {
    let mut windows = 0;
    for programme in programmes.iter() {
        windows += programme.awaiting(context).await?;
    }
    Ok(windows)
}

/// Compares totals with the ledger, in one transaction per page of people, so that people can earn points
/// in the meantime.
async fn totals(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let tx = context.begin().await?;
        tx.serialize(LOCK).await?;
        let (wrong, last) = wrong_totals(&tx, after).await?;
        drop(tx);
        found.extend(wrong);
        if last.is_none() || found.len() >= MISMATCHES {
            break;
        }
        after = last;
    }
    found.truncate(MISMATCHES);
    let people = found.iter().map(|wrong| wrong.user_id);
    let logins = identity::reads::logins(&context.db, people).await?;
    let mismatch = |wrong: WrongTotal| Mismatch {
        what: "all-time points".to_owned(),
        which: logins.get(&wrong.user_id).cloned().unwrap_or_default(),
        stored: wrong.stored.to_string(),
        counted: wrong.counted.to_string(),
    };
    Ok(found.into_iter().map(mismatch).collect())
}

/// The number of people whose existence is checked at once.
const PEOPLE: i64 = 1_000;

/// Finds entries of people or accounts that do not exist. The database does not check this: a foreign key costs a lookup
/// for each entry.
async fn unknown_people(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let (db, mut found, mut after) = (&context.db, Vec::new(), None);
    while found.len() < MISMATCHES {
        let earners = reads::earners(db, after, PEOPLE).await?;
        let Some((last, _)) = earners.last() else {
            break;
        };
        after = Some(*last);
        let people = identity::reads::logins(db, earners.iter().map(|(person, _)| *person)).await?;
        let accounts = earners.iter().map(|(_, account)| *account);
        let accounts = identity::reads::identities_among(db, accounts).await?;
        let unknown = earners.iter().filter(|(person, account)| {
            !people.contains_key(person) || !accounts.contains(account)
        });
        found.extend(unknown.map(|(person, account)| Mismatch {
            what: "entries of an unknown person".to_owned(),
            which: format!("person {person}, account {account}"),
            stored: "entries".to_owned(),
            counted: "no account".to_owned(),
        }));
    }
    found.truncate(MISMATCHES);
    Ok(found)
}

/// Alerts operators of mismatches, or ends the alert when there are none. The alert names no one, because
/// copies of it are stored elsewhere.
pub async fn alert(
    context: &Context,
    operators: &Operators,
    found: &[Mismatch],
) -> Result<(), ActionError> {
    let incident = found.first().map(|first| Incident {
        subject: "ledger".to_owned(),
        severity: Severity::Critical,
        title: "The ledger check found a mismatch".to_owned(),
        text: format!(
            "{}: {}, {} instead of {}. Nothing was changed. Run `guildhall ledger verify` on the \
             server for details.",
            counted(found.len(), "mismatch", "mismatches, the first"),
            first.what,
            first.stored,
            first.counted
        ),
        link: "/admin/ledger",
    });
    let incidents: Vec<_> = incident.into_iter().collect();
    reconcile(context, operators, LEDGER, &incidents).await?;
    Ok(())
}
