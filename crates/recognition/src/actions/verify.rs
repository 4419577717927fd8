use std::collections::BTreeSet;

use kernel::counted;
use platform::{
    ActionError, Context,
    alerts::{Incident, Operators, Severity, reconcile},
    db::{DbError, Snapshot, Sql},
};
use uuid::Uuid;

use super::totals::{Page, WrongTotal};
use crate::{
    Programmes,
    model::Mismatch,
    reads::{self, MISMATCHES},
    store::totals::{Earned, earned},
};

/// The kind of alert for a ledger that differs from the values derived from it.
pub const LEDGER: &str = "ledger_mismatch";

/// Compares totals, boards and histogram with the ledger, and the ledger with each programme's rules.
/// Changes nothing.
pub async fn verify(context: &Context, programmes: Programmes) -> Result<Vec<Mismatch>, DbError> {
    let parts = async {
        let people = people(context).await?;
        let mut found = Vec::new();
        for programme in programmes.iter() {
            found.extend(programme.mismatches(context).await?);
        }
        Ok((people, found))
    };
    let ((people, found), boards) = tokio::try_join!(parts, reads::mismatches(&context.db))?;
    Ok([people, boards, found].concat())
}

/// Counts the windows that [`verify`] leaves out, because they await settlement.
pub async fn awaiting(context: &Context, programmes: Programmes) -> Result<usize, DbError> {
    let mut windows = 0;
    for programme in programmes.iter() {
        windows += programme.awaiting(context).await?;
    }
    Ok(windows)
}

/// Mismatches of people.
#[derive(Default)]
struct FoundMismatches {
    totals: Vec<WrongTotal>,
    unknown: Vec<Mismatch>,
    boards: Vec<Mismatch>,
}

impl FoundMismatches {
    fn add(&mut self, other: Self) {
        self.totals.extend(other.totals);
        self.unknown.extend(other.unknown);
        self.boards.extend(other.boards);
        self.totals.truncate(MISMATCHES);
        self.unknown.truncate(MISMATCHES);
        self.boards.truncate(MISMATCHES);
    }
}

/// Compares totals and boards with the ledger, a page of people after another, each by a snapshot of its own, so that
/// people can earn points in the meantime, and the work fits into memory.
async fn people(context: &Context) -> Result<Vec<Mismatch>, DbError> {
    let db = &context.db;
    let (mut found, mut checks) = (FoundMismatches::default(), db.check());
    let mut after = Some(Uuid::nil());
    loop {
        while checks.may_start()
            && let Some(last) = after
        {
            let snapshot = db.snapshot().await?;
            let page = Page::read(&snapshot, last).await?;
            after = page.next();
            checks.start(check_people(snapshot, page));
        }
        match checks.finished().await {
            None => break,
            Some(checked) => found.add(checked?),
        }
    }
    let people = found.totals.iter().map(|wrong| wrong.user_id);
    let logins = identity::reads::logins(db, people).await?;
    let mismatch = |wrong: WrongTotal| Mismatch {
        what: "all-time points".to_owned(),
        which: logins.get(&wrong.user_id).cloned().unwrap_or_default(),
        stored: wrong.stored.to_string(),
        counted: wrong.counted.to_string(),
    };
    let totals = found.totals.into_iter().map(mismatch).collect();
    Ok([totals, found.unknown, found.boards].concat())
}

async fn check_people(db: Snapshot, page: Page) -> Result<FoundMismatches, DbError> {
    let earned = earned(&db, page.range).await?;
    Ok(FoundMismatches {
        totals: page.wrong(&earned),
        unknown: unknown(&db, &page, &earned).await?,
        boards: reads::board_rows(&db, page.range).await?,
    })
}

/// Finds entries of people or accounts that do not exist. The database does not check this: a foreign key costs a lookup
/// for each entry.
async fn unknown(db: &impl Sql, page: &Page, earned: &[Earned]) -> Result<Vec<Mismatch>, DbError> {
    let people: BTreeSet<_> = page.people.iter().map(|person| person.user_id.0).collect();
    let accounts = earned.iter().map(|account| account.identity_id.into());
    let accounts = identity::reads::identities_among(db, accounts).await?;
    let unknown = earned.iter().filter(|account| {
        !people.contains(&account.user_id) || !accounts.contains(&account.identity_id.into())
    });
    let mismatch = |account: &Earned| Mismatch {
        what: "entries of an unknown person".to_owned(),
        which: format!("person {}, account {}", account.user_id, account.identity_id),
        stored: "entries".to_owned(),
        counted: "no account".to_owned(),
    };
    Ok(unknown.map(mismatch).collect())
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
