use std::collections::{BTreeMap, BTreeSet};

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Tx},
};

use crate::{
    model::{GithubAccount, Known},
    reads,
    store::{
        accounts::{self, Stored},
        identities::{Found, GITHUB},
    },
};

/// Finds or creates the person of each GitHub account (unclaimed when new), and tracks changed logins: the
/// newest payload wins, whatever the order of arrival. Returns the people by GitHub ID.
pub async fn know_accounts(
    tx: &Tx,
    context: &Context,
    seen: impl IntoIterator<Item = GithubAccount>,
) -> Result<BTreeMap<i64, Known>, DbError> {
    let newest = newest(seen);
    if newest.is_empty() {
        return Ok(BTreeMap::new());
    }
    let now = context.now();
    // Keeps a concurrent sign-in and delivery from both creating the account.
    tx.serialize("identity.accounts").await?;
    let mut stored = by_id(accounts::find(tx, newest.values()).await?);
    let unknown = || newest.keys().copied().filter(|id| !stored.contains_key(id));
    let erased = erased(tx, context, unknown()).await?;
    let newcomers: Vec<&GithubAccount> = newest
        .values()
        .filter(|account| {
            let id = &account.github_id;
            !stored.contains_key(id) && !erased.contains_key(id)
        })
        .collect();
    if !newcomers.is_empty() {
        accounts::insert(tx, context.ids.as_ref(), &newcomers, now).await?;
        stored.extend(by_id(accounts::find(tx, newcomers.iter().copied()).await?));
    }
    follow(tx, context, &newest, &stored, &newcomers, now).await?;
    let known = |(id, stored): (&i64, &Stored)| {
        let known = Known {
            user_id: stored.user_id.into(),
            identity_id: stored.identity_id.into(),
        };
        (*id, known)
    };
    let mut all = erased;
    all.extend(stored.iter().map(known));
    Ok(all)
}

/// Finds the known people among GitHub IDs; erased people are returned by their pseudonyms.
pub async fn known(
    tx: &Tx,
    context: &Context,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Known>, DbError> {
    let asked: BTreeSet<i64> = github_ids.into_iter().collect();
    let mut known = reads::known(tx, asked.iter().copied()).await?;
    let unknown: Vec<i64> = asked
        .into_iter()
        .filter(|id| !known.contains_key(id))
        .collect();
    known.extend(erased(tx, context, unknown).await?);
    Ok(known)
}

/// Finds the erased people among GitHub IDs; their activity stays under the pseudonym.
async fn erased(
    tx: &Tx,
    context: &Context,
    github_ids: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Known>, DbError> {
    let subjects = github_ids.into_iter().map(|id| id.to_string()).collect();
    let found = super::erase::buried(tx, context, GITHUB, subjects).await?;
    let known = |(subject, found): (String, Found)| {
        let known = Known {
            user_id: found.user_id.into(),
            identity_id: found.id.into(),
        };
        subject.parse().ok().map(|id| (id, known))
    };
    Ok(found.into_iter().filter_map(known).collect())
}

async fn follow(
    tx: &Tx,
    context: &Context,
    newest: &BTreeMap<i64, GithubAccount>,
    stored: &BTreeMap<i64, Stored>,
    newcomers: &[&GithubAccount],
    now: Timestamp,
) -> Result<(), DbError> {
    let known = || {
        newest.values().filter_map(|account| {
            stored
                .get(&account.github_id)
                .map(|stored| (stored.user_id.into(), account, stored))
        })
    };
    let newer: Vec<_> = known()
        .filter(|(_, account, stored)| is_newer(account, stored))
        .map(|(id, account, _)| (id, account))
        .collect();
    if !newer.is_empty() {
        accounts::refresh(tx, &newer, now).await?;
    }
    let is_newcomer = |id| newcomers.iter().any(|newcomer| newcomer.github_id == id);
    let names: Vec<_> = known()
        .filter(|(_, account, stored)| {
            // A change of case is not a new login.
            !account.login.eq_ignore_ascii_case(&stored.login) || is_newcomer(account.github_id)
        })
        .map(|(id, account, _)| (id, account.login.as_str()))
        .collect();
    if !names.is_empty() {
        accounts::record_logins(tx, context.ids.as_ref(), &names, now).await?;
    }
    Ok(())
}

fn by_id(stored: Vec<Stored>) -> BTreeMap<i64, Stored> {
    let by_id = |stored: Stored| stored.subject.parse().ok().map(|id| (id, stored));
    stored.into_iter().filter_map(by_id).collect()
}

/// Keeps the newest payload of each account; ties are broken by content.
fn newest(seen: impl IntoIterator<Item = GithubAccount>) -> BTreeMap<i64, GithubAccount> {
    let mut newest: BTreeMap<i64, GithubAccount> = BTreeMap::new();
    for account in seen {
        match newest.get(&account.github_id) {
            Some(known) if age(known) >= age(&account) => {}
            _ => {
                newest.insert(account.github_id, account);
            }
        }
    }
    newest
}

fn age(account: &GithubAccount) -> (Timestamp, &str, &str, Option<&str>) {
    let GithubAccount {
        seen_at,
        login,
        kind,
        avatar_url,
        ..
    } = account;
    (*seen_at, login, kind.as_str(), avatar_url.as_deref())
}

fn is_newer(account: &GithubAccount, stored: &Stored) -> bool {
    let stored = (
        stored.login_seen_at,
        stored.login.as_str(),
        stored.kind.as_str(),
        stored.avatar_url.as_deref(),
    );
    age(account) > stored
}
